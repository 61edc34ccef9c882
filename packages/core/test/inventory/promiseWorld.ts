import { Effect, Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import { AuditLog } from "../../src/audit/index.ts"
import { defineKit, defineProduct, Kits, Products } from "../../src/catalogue/index.ts"
import type { CommandServices } from "../../src/command/index.ts"
import { Outbox, Receipts } from "../../src/integration/index.ts"
import {
  Allocations,
  BinCode,
  type BinLocation,
  ChannelRules,
  Commitments,
  commitStock,
  receiveStock,
  StockBalances,
  StockLots,
  StockMovements,
  StockPools,
  StockSerials,
  WarehouseId,
} from "../../src/inventory/index.ts"
import { type AnyCollection, Store } from "../../src/store/index.ts"
import { unevenWorld } from "../party/unevenDriver.ts"
import { inside, MERCHANT_A, MERCHANT_B, opened, surroundings } from "../world.ts"

export const LONDON = WarehouseId.make("01890a5d-ac96-774b-8cce-b302099a8001")
export const LEEDS = WarehouseId.make("01890a5d-ac96-774b-8cce-b302099a8002")
export const DAY = 86_400_000

export const BASKET = { kind: "basket", id: "o-1" }

/** Something that is tried, whatever comes of it. */
export type Attempt = Effect.Effect<unknown, unknown, CommandServices>

let keys = 0
/** A key that was not used yet. */
export const freshKey = () => `key-${++keys}`

/** Puts products into the catalogue: plain ones by their SKU, others with what they say. */
export const define = (
  ...products: ReadonlyArray<string | Omit<Parameters<typeof defineProduct>[0], "key" | "title">>
) =>
  Effect.forEach(products, (product) =>
    defineProduct({
      key: freshKey(),
      title: "A thing",
      ...(typeof product === "string" ? { sku: product } : product),
    }),
  )

/** A virtual kit of `[component, ratio]`s. */
export const defineVirtualKit = (
  sku: string,
  ...components: ReadonlyArray<readonly [sku: string, quantity: number]>
) =>
  defineKit({
    key: freshKey(),
    sku,
    kind: "virtual",
    components: components.map(([component, quantity]) => ({
      sku: component,
      quantity,
    })) as unknown as Parameters<typeof defineKit>[0]["components"],
  })

type ReceiptLine = Parameters<typeof receiveStock>[0]["lines"][0]

/** Receives units into a bin of London, or where `more` says. */
export const receive = (
  sku: string,
  quantity: number,
  more: Partial<Omit<ReceiptLine, "place">> & {
    readonly warehouse?: string
    readonly bin?: string
    readonly pickSequence?: number
    readonly occurredAt?: number
  } = {},
) => {
  const { warehouse = LONDON, bin = "A-1", pickSequence, occurredAt, ...line } = more
  return receiveStock({
    key: freshKey(),
    ...(occurredAt !== undefined && { occurredAt }),
    lines: [
      {
        sku,
        quantity,
        place: { warehouse, bin, ...(pickSequence !== undefined && { pickSequence }) },
        ...line,
      },
    ],
  })
}

type CommitInput = Parameters<typeof commitStock>[0]

/** Commits `[sku, quantity]` lines of one document against London. */
export const commit = (
  lines: ReadonlyArray<readonly [sku: string, quantity: number]>,
  more: Partial<CommitInput> = {},
) =>
  commitStock({
    key: freshKey(),
    document: BASKET,
    lines: lines.map(([sku, quantity]) => ({
      sku,
      quantity,
      warehouse: LONDON,
    })) as unknown as CommitInput["lines"],
    ...more,
  })

/** A bin of London. */
export const binOf = (bin: string): BinLocation => ({
  _tag: "Bin",
  warehouse: LONDON,
  bin: BinCode.make(bin),
  condition: "sellable",
})

/** Everything that the current partition holds, but for what `without` names. */
export const everything = (...without: ReadonlyArray<AnyCollection>) =>
  Effect.forEach(
    ALL.filter((collection) => !without.includes(collection)),
    (collection) => Effect.map(records(collection), (found) => [collection.name, found] as const),
  )

const ALL: ReadonlyArray<AnyCollection> = [
  Products,
  Kits,
  StockPools,
  StockBalances,
  StockLots,
  StockSerials,
  StockMovements,
  Commitments,
  Allocations,
  ChannelRules,
  AuditLog,
  Outbox,
  Receipts,
]

/** All records of a collection, by id. */
export const records = <C extends AnyCollection>(collection: C) =>
  Effect.flatMap(Store, (store) => Stream.runCollect(store.scan(collection)))

interface Figures {
  readonly onHand: number
  readonly sellable: number
  readonly committed: number
  readonly uncommitted: number
}

/** The figures of pools and cells, and what they should be by the promises that stand (R1); equal while nothing drifts. */
export const books = Effect.gen(function* () {
  const pools = yield* records(StockPools)
  const cells = yield* records(StockBalances)
  const promises = yield* records(Commitments)
  const pins = yield* records(Allocations)
  const pending = promises.map(({ value }) => value).filter(({ state }) => state === "pending")
  const live = pins.map(({ value }) => value).filter(({ state }) => state === "live")
  const sum = (units: ReadonlyArray<{ readonly quantity: number }>) =>
    units.reduce((total, { quantity }) => total + quantity, 0)
  const pooled = pools.map(({ value }) => value)
  return {
    kept: [
      ...pooled.map(({ id, committed, uncommitted }) => [id, committed, uncommitted]),
      ...cells.map(({ value }) => [value.id, value.allocated, value.unallocated]),
      ...promises.map(({ value }) => [value.id, value.allocated, value.unallocated]),
    ],
    counted: [
      ...pooled.map(({ id, sellable }) => {
        const committed = sum(pending.filter(({ pool }) => pool === id))
        return [id, committed, sellable - committed]
      }),
      ...cells.map(({ value: { id, onHand } }) => {
        const allocated = sum(live.filter(({ cell }) => cell === id))
        return [id, allocated, onHand - allocated]
      }),
      ...promises.map(({ value: { id, quantity, state } }) => {
        const allocated = sum(live.filter(({ commitment }) => commitment === id))
        return [id, allocated, state === "pending" ? quantity - allocated : 0]
      }),
    ],
    pools: Object.fromEntries(
      pooled.map(
        ({ warehouse, sku, onHand, sellable, committed, uncommitted }): [string, Figures] => [
          warehouse === LONDON ? sku : `${sku} in Leeds`,
          { onHand, sellable, committed, uncommitted },
        ],
      ),
    ),
    cells: Object.fromEntries(
      cells.map(({ value: { bin, sku, onHand, allocated } }) => [
        `${bin} ${sku}`,
        { onHand, allocated },
      ]),
    ),
    pending,
    live,
  }
})

const openBoth = Effect.all([inside(MERCHANT_A)(opened()), inside(MERCHANT_B)(opened())])

/** Runs `work` as the owner of merchant A in a new world, on a clock that stands at 0 until `TestClock` moves it. */
export const runPromises = <A, E>(work: Effect.Effect<A, E, CommandServices>): Promise<A> =>
  Effect.andThen(openBoth, inside(MERCHANT_A)(work)).pipe(
    Effect.provide(Layer.merge(surroundings, TestClock.layer()), { local: true }),
    Effect.runPromise,
  )

/** As `runPromises`, over a driver whose calls wait in turn for as many turns as `pace` says. */
export const runUneven = <A, E>(
  pace: ReadonlyArray<number>,
  work: Effect.Effect<A, E, CommandServices>,
): Promise<A> =>
  Effect.andThen(openBoth, inside(MERCHANT_A)(work)).pipe(
    Effect.provide(Layer.merge(unevenWorld(pace), TestClock.layer()), { local: true }),
    Effect.runPromise,
  )
