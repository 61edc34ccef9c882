import { Effect, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import type { CommandServices } from "../../src/command/index.ts"
import {
  adjustStock,
  allocateStock,
  approveCount,
  assembleKit,
  changeCondition,
  commitStock,
  correctMovement,
  countStock,
  disassembleKit,
  dispatchStock,
  expireLots,
  type LedgerReport,
  moveStock,
  recallLot,
  receiveStock,
  receiveTransfer,
  type StockBalance,
  StockBalances,
  type StockMovement,
  StockMovements,
  type StockPool,
  StockPools,
  type StockSerial,
  StockSerials,
  StockTransfers,
  sendTransfer,
  verifyLedger,
} from "../../src/inventory/index.ts"
import type { AnyCollection, RecordOf } from "../../src/store/index.ts"
import { unevenWorld } from "../party/unevenDriver.ts"
import { inside, MERCHANT_A, MERCHANT_B, opened } from "../world.ts"
import { define, defineAssembledKit, LEEDS, LONDON, receive, records } from "./stockWorld.ts"

const HOUR = 3_600_000

const sku = fc.constantFrom("TEA", "MILK", "PHONE")
const bin = fc.constantFrom("A-1", "B-1")
const warehouse = fc.constantFrom(LONDON, LEEDS)
const lot = fc.constantFrom("L1", "L2")
const serial = fc.constantFrom("S1", "S2", "S3")
const condition = fc.constantFrom("sellable", "held", "damaged")
const order = fc.constantFrom("o-1", "o-2")
const quantity = fc.integer({ min: 1, max: 8 })

/** Which units of what, told as far as each product wants it. */
const units = fc.record({ sku, lot, serial, quantity }).map((each) => ({
  sku: each.sku,
  quantity: each.sku === "PHONE" ? 1 : each.quantity,
  ...(each.sku === "MILK" && { lot: each.lot }),
  ...(each.sku === "PHONE" && { serials: [each.serial] }),
}))

const expiryOf = (what: object) =>
  "lot" in what ? { expiresAt: what.lot === "L1" ? 5 * HOUR : 20 * HOUR } : {}

/** One thing that somebody does. */
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("receive"), units, bin, warehouse, condition }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("move"), units, bin, warehouse, condition }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("change"), units, bin, warehouse, condition }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("add"), units, bin, warehouse, condition }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("remove"), units, bin, warehouse, condition }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("correct"), pick: fc.nat(20), quantity }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("count"), units, bin, warehouse }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("send"), units, bin, warehouse }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("arrive"),
      pick: fc.nat(5),
      quantity,
      bin,
      close: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("recall"), lot }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("expire") }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("assemble"), quantity: fc.constantFrom(1, 2), bin }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("disassemble"), quantity: fc.constantFrom(1, 2), bin }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("commit"),
      sku,
      quantity,
      order: order,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("allocate"), order: order }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("dispatch"),
      order: order,
      serial,
    }),
  },
)

/** Groups of things that are done at the same moment, some of them sent twice, with time passing between. */
export const history = fc.record({
  pace: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 8 }),
  groups: fc.array(
    fc.record({
      steps: fc.array(fc.record({ step, twice: fc.boolean() }), { minLength: 1, maxLength: 3 }),
      passes: fc.constantFrom(0, 1, HOUR),
    }),
    { minLength: 1, maxLength: 10 },
  ),
})
export type History = typeof history extends fc.Arbitrary<infer H> ? H : never
type Sent = History["groups"][number]["steps"][number]

/** The fields of all steps; a step has those that it needs. */
interface Told {
  readonly do: Step["do"]
  readonly units: {
    readonly sku: string
    readonly quantity: number
    readonly lot?: string
    readonly serials?: ReadonlyArray<string>
  }
  readonly sku: string
  readonly quantity: number
  readonly lot: string
  readonly bin: string
  readonly warehouse: string
  readonly condition: "sellable" | "held" | "damaged"
  readonly order: string
  readonly pick: number
  readonly close: boolean
}

type Outcome = Effect.Effect<unknown, { readonly _tag: string }, CommandServices>

const cellOf = ({ units: what, warehouse: at, bin: place }: Told) => ({
  ...what,
  warehouse: at,
  bin: place,
})

const documentOf = ({ order }: Told) => ({ kind: "basket", id: order })

/** What each step asks for, under a key. */
const operations: { readonly [name: string]: (key: string, told: Told) => Outcome } = {
  receive: (key, { units: what, warehouse: at, bin: place, condition: fit }) => {
    const line = { ...what, place: { warehouse: at, bin: place }, condition: fit }
    return receiveStock({ key, lines: [{ ...line, ...expiryOf(what) }] })
  },
  move: (key, told) => {
    const to = { bin: told.bin === "A-1" ? "B-1" : "A-1" }
    const { bin: from, ...rest } = { ...cellOf(told), condition: told.condition }
    return moveStock({ key, ...rest, from: { bin: from }, to })
  },
  change: (key, told) =>
    told.condition === "sellable"
      ? changeCondition({ key, ...cellOf(told), from: "held", to: "sellable" })
      : changeCondition({ key, ...cellOf(told), from: "sellable", to: told.condition }),
  add: (key, told) => {
    const why = { direction: "add", reason: "found", condition: told.condition } as const
    return adjustStock({ key, ...cellOf(told), ...why, ...expiryOf(told.units) })
  },
  remove: (key, told) => {
    const why = { direction: "remove", reason: "lost", condition: told.condition } as const
    return adjustStock({ key, ...cellOf(told), ...why })
  },
  correct: (key, { pick, quantity: wrong }) =>
    Effect.flatMap(records(StockMovements), (journal) => {
      const movement = journal[pick % Math.max(1, journal.length)]?.id
      return movement === undefined
        ? Effect.void
        : correctMovement({ key, movement, quantity: wrong })
    }),
  count: (key, told) => {
    const { quantity: counted, serials: _, ...named } = { serials: [], ...cellOf(told) }
    const seen = { key, ...named, counted, blind: true, ...expiryOf(told.units) }
    return Effect.flatMap(countStock(seen), ({ count }) =>
      approveCount({ key: `${key}-judged`, count }),
    )
  },
  send: (key, { units: what, warehouse: from, bin: place }) => {
    const to = from === LONDON ? LEEDS : LONDON
    return sendTransfer({ key, from, to, lines: [{ ...what, bin: place }] })
  },
  arrive: (key, { pick, quantity: came, bin: place, close }) =>
    Effect.flatMap(records(StockTransfers), (transfers) => {
      const transfer = transfers[pick % Math.max(1, transfers.length)]?.value
      const serials = transfer?.lines[0]?.serials ?? []
      const what = serials.length > 0 ? { quantity: 1, serials } : { quantity: came }
      const lines = [{ line: "1", ...what, place: { bin: place } }]
      return transfer === undefined
        ? Effect.void
        : receiveTransfer({ key, transfer: transfer.id, lines, close })
    }),
  recall: (key, { lot: which }) => recallLot({ key, sku: "MILK", lot: which }),
  expire: (key) => expireLots({ key, limit: 2 }),
  assemble: (key, { quantity: made, bin: place }) => {
    const components = [{ sku: "TEA", quantity: 2 * made, bin: place }] as const
    const kit = { kit: "SET", quantity: made, warehouse: LONDON, to: { bin: place } }
    return assembleKit({ key, ...kit, components })
  },
  disassemble: (key, { quantity: taken, bin: place }) => {
    const components = [{ sku: "TEA", quantity: 2 * taken, place: { bin: place } }] as const
    const kit = { kit: "SET", quantity: taken, warehouse: LONDON, from: { bin: place } }
    return disassembleKit({ key, ...kit, components })
  },
  commit: (key, told) => {
    const lines = [{ sku: told.sku, quantity: told.quantity, warehouse: LONDON }] as const
    return commitStock({ key, document: documentOf(told), lines })
  },
  allocate: (key, told) => allocateStock({ key, document: documentOf(told) }),
  dispatch: (key, told) => dispatchStock({ key, document: documentOf(told) }),
}

/** What a history left behind. */
export interface Lived {
  /** The journal as it stood after each group; the last one is the whole. */
  readonly journals: ReadonlyArray<ReadonlyArray<StockMovement>>
  readonly journal: ReadonlyArray<StockMovement>
  /** Which steps were done. */
  readonly done: ReadonlyArray<string>
  /** Of steps that were sent twice and done: both answers. */
  readonly repeats: ReadonlyArray<readonly [first: unknown, second: unknown]>
  readonly cells: ReadonlyArray<StockBalance>
  readonly pools: ReadonlyArray<StockPool>
  readonly serials: ReadonlyArray<StockSerial>
  /** What the check of the ledger says. */
  readonly report: LedgerReport
  /** Records of stock that another merchant has. */
  readonly foreign: number
}

const valuesOf = <C extends AnyCollection>(collection: C) =>
  Effect.map(records(collection), (all) => all.map(({ value }) => value as RecordOf<C>))

/** A step, perhaps sent twice at the same moment: the answers that it got. */
const take = Effect.fnUntraced(function* (key: string, { step: told, twice }: Sent) {
  const work = Effect.suspend(
    () => operations[told.do]?.(key, told as unknown as Told) ?? Effect.die(told.do),
  )
  // A step that looks for what it names might find something else the second time.
  const repeatable = twice && told.do !== "correct" && told.do !== "arrive"
  const outcomes = yield* Effect.forEach(
    repeatable ? [work, work] : [work],
    (each) => Effect.result(each),
    { concurrency: "unbounded" },
  )
  return outcomes.flatMap((outcome) => (Result.isSuccess(outcome) ? [outcome.success] : []))
})

const live = Effect.fnUntraced(function* ({ groups }: History) {
  yield* define("TEA")
  yield* define("MILK", { lot: true, expiry: true })
  yield* define("PHONE", { serial: true })
  yield* defineAssembledKit("SET", ["TEA", 2])
  yield* receive("TEA", 12)
  yield* receive("MILK", 6, { lot: "L2", expiresAt: 20 * HOUR })
  const journals: Array<ReadonlyArray<StockMovement>> = []
  const done: Array<string> = []
  const repeats: Array<readonly [unknown, unknown]> = []
  for (const [at, { steps, passes }] of groups.entries()) {
    yield* TestClock.adjust(passes)
    const answers = yield* Effect.forEach(
      steps,
      (each, place) => take(`step-${at}-${place}`, each),
      { concurrency: "unbounded" },
    )
    for (const [place, [first, second]] of answers.entries()) {
      if (first !== undefined) done.push(steps[place]?.step.do ?? "")
      if (second !== undefined) repeats.push([first, second])
    }
    journals.push(yield* valuesOf(StockMovements))
  }
  const theirs = yield* inside(MERCHANT_B)(
    Effect.all([records(StockMovements), records(StockBalances), records(StockPools)]),
  )
  const lived: Lived = {
    journals,
    journal: yield* valuesOf(StockMovements),
    done,
    repeats,
    cells: yield* valuesOf(StockBalances),
    pools: yield* valuesOf(StockPools),
    serials: yield* valuesOf(StockSerials),
    report: yield* verifyLedger({}),
    foreign: theirs.flat().length,
  }
  return lived
})

const lives = new Map<string, Promise<Lived>>()

/** Lives through a history in a new world. Laws that ask for the same history share what is left of it. */
export const liveThrough = (given: History): Promise<Lived> => {
  const name = JSON.stringify(given)
  const known = lives.get(name)
  if (known !== undefined) return known
  const lived = Effect.gen(function* () {
    yield* inside(MERCHANT_A)(opened())
    yield* inside(MERCHANT_B)(opened())
    return yield* inside(MERCHANT_A)(live(given))
  }).pipe(
    Effect.provide(Layer.merge(unevenWorld(given.pace), TestClock.layer()), { local: true }),
    Effect.runPromise,
  )
  lives.set(name, lived)
  return lived
}
