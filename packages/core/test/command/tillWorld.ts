import { Effect, Layer, Option, Schema, Stream } from "effect"
import { AuditLog } from "../../src/audit/index.ts"
import { command, type Draft, unchanged } from "../../src/command/index.ts"
import { message, Outbox, Receipts, topic } from "../../src/integration/index.ts"
import { Ids, Quantity, Sku } from "../../src/kernel/index.ts"
import { storeDriver } from "../../src/memory/storeDriver.ts"
import {
  type AnyCollection,
  add,
  Collection,
  Driver,
  insert,
  replace,
  Store,
  type Stored,
} from "../../src/store/index.ts"

/** A till with coins: the simplest thing that commands can change. */
const Till = Schema.Struct({
  id: Schema.String,
  coins: Schema.Int,
  total: Schema.BigIntFromString,
})
export type Till = typeof Till.Type

export const Tills = Collection.make("tills", { schema: Till, key: (till) => till.id, indexes: {} })

const CoinsMoved = topic("coins.moved", Schema.Struct({ till: Schema.String, coins: Schema.Int }))

/** Thrown up by a decision that does not like what it sees. */
export class TillEmpty extends Schema.TaggedError<TillEmpty>()("TillEmpty", {
  till: Schema.String,
}) {}

export const Answer = Schema.Struct({ till: Schema.String, total: Schema.BigIntFromString })
export type Answer = typeof Answer.Type

/** How often `pay` decided, and what happens between its decision and its commit. */
export const hooks = {
  decided: 0,
  between: Effect.void as Effect.Effect<void, never, Store>,
}

const tillOf = (id: string) =>
  Effect.flatMap(Store, (store) => store.get(Tills, id)).pipe(Effect.map(Option.getOrUndefined))

/** Pays coins into a till by reading and replacing it: two at once are a race. */
export const pay = command({
  action: "adjustStock",
  input: Schema.Struct({
    till: Schema.String,
    coins: Quantity,
    lines: Schema.optionalKey(
      Schema.Array(
        Schema.Struct({ sku: Sku, parts: Schema.Array(Schema.Struct({ units: Quantity })) }),
      ),
    ),
  }),
  answer: Answer,
  decide: Effect.fnUntraced(function* ({ till: id, coins }, { at }) {
    hooks.decided++
    const stored = yield* tillOf(id)
    yield* hooks.between as Effect.Effect<void>
    const before = stored?.value ?? { id, coins: 0, total: 0n }
    const after = { ...before, coins: before.coins + coins, total: before.total + BigInt(coins) }
    return {
      about: { kind: "till", id },
      entries: [stored === undefined ? insert(Tills, after) : replace(stored, after)],
      messages: [yield* message(CoinsMoved, { till: id, coins }, at)],
      answer: { till: id, total: after.total },
    }
  }),
})

/** Takes coins out of a till by a guarded counter, if they are there. */
export const take = command({
  action: "adjustStock",
  input: Schema.Struct({ till: Schema.String, coins: Quantity }),
  answer: Answer,
  decide: ({ till, coins }, { at }) =>
    Effect.map(
      message(CoinsMoved, { till, coins: -coins }, at),
      (told): Draft<Answer, TillEmpty> => ({
        about: { kind: "till", id: till },
        entries: [add(Tills, till, { coins: -coins }, { coins: 0 })],
        messages: [told],
        answer: { till, total: BigInt(-coins) },
        whenInsufficient: Effect.fail(new TillEmpty({ till })),
      }),
    ),
})

/** Empties a till: the second time there is nothing to do, and the answer is another one. */
export const empty = command({
  action: "adjustStock",
  input: Schema.Struct({ till: Schema.String }),
  answer: Answer,
  decide: Effect.fnUntraced(function* ({ till: id }) {
    const stored = yield* tillOf(id)
    const about = { kind: "till", id }
    if (stored === undefined || stored.value.coins === 0)
      return unchanged(about, { till: id, total: -1n })
    return {
      about,
      entries: [replace(stored, { ...stored.value, coins: 0 })],
      answer: { till: id, total: BigInt(stored.value.coins) },
    }
  }),
})

/** Opens a till, once: the second time is refused. */
export const open = command({
  action: "adjustStock",
  input: Schema.Struct({ till: Schema.String }),
  answer: Answer,
  decide: Effect.fnUntraced(function* ({ till: id }) {
    if ((yield* tillOf(id)) !== undefined) return yield* new TillEmpty({ till: id })
    return {
      about: { kind: "till", id },
      entries: [insert(Tills, { id, coins: 0, total: 0n })],
      answer: { till: id, total: 0n },
    }
  }),
})

const all = <C extends AnyCollection>(collection: C) =>
  Effect.flatMap(Store, (store) => Stream.runCollect(store.scan(collection)))

/** Everything that commands leave in the current partition. */
export const leftBehind = Effect.gen(function* () {
  const tills = (yield* all(Tills)).map(({ value }: Stored<Till>) => value)
  const receipts = (yield* all(Receipts)).map(({ value }) => value)
  const events = (yield* all(AuditLog)).map(({ value }) => value)
  const messages = (yield* all(Outbox)).map(({ value }) => value)
  return { tills, receipts, events, messages }
})

/** The embedded driver, with something done to each commit. */
export const driverWith = (
  commit: (good: Driver["Service"]) => Driver["Service"]["commit"],
): Layer.Layer<Store | Ids> =>
  Layer.merge(
    Store.layer([]).pipe(
      Layer.provide(
        Layer.effect(
          Driver,
          Effect.map(Driver, (good) => ({ ...good, commit: commit(good) })),
        ),
      ),
      Layer.provide(storeDriver),
      Layer.orDie,
    ),
    Ids.layer,
  )
