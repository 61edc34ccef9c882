import { Effect, Option, Stream } from "effect"
import { AuditLog } from "../../src/audit/index.ts"
import {
  CatalogueSkus,
  defineKit,
  defineProduct,
  Kits,
  Products,
} from "../../src/catalogue/index.ts"
import { Outbox, Receipts } from "../../src/integration/index.ts"
import {
  Allocations,
  allocateStock,
  BinCode,
  Commitments,
  Condition,
  cellIdOf,
  commitStock,
  LotCode,
  PackageCode,
  poolIdOf,
  receiveStock,
  type StockBalance,
  StockBalances,
  StockCounts,
  StockLots,
  StockMovements,
  type StockPool,
  StockPools,
  StockSerials,
  StockSettingsRecords,
  StockTransfers,
  verifyLedger,
  WarehouseId,
} from "../../src/inventory/index.ts"
import { Sku } from "../../src/kernel/index.ts"
import { type AnyCollection, type CurrentPartition, Store } from "../../src/store/index.ts"

export const LONDON = WarehouseId.make("01890a5d-ac96-774b-8cce-b302099a8001")
export const LEEDS = WarehouseId.make("01890a5d-ac96-774b-8cce-b302099a8002")
export const DAY = 86_400_000

let keys = 0
/** A key that was not used yet. */
export const freshKey = () => `physical-${++keys}`

type Tracking = { readonly lot?: boolean; readonly expiry?: boolean; readonly serial?: boolean }

/** Puts a product into the catalogue. */
export const define = (sku: string, tracking: Tracking = {}) =>
  defineProduct({ key: freshKey(), sku, title: "A thing", tracking })

/** An assembled kit of `[component, ratio]`s, with its own product. */
export const defineAssembledKit = (
  sku: string,
  first: readonly [sku: string, quantity: number],
  ...rest: ReadonlyArray<readonly [sku: string, quantity: number]>
) =>
  Effect.andThen(
    define(sku),
    defineKit({
      key: freshKey(),
      sku,
      kind: "assembled",
      components: [
        { sku: first[0], quantity: first[1] },
        ...rest.map(([component, quantity]) => ({ sku: component, quantity })),
      ],
    }),
  )

type ReceiptLine = Parameters<typeof receiveStock>[0]["lines"][0]

/** Receives units into bin A-1 of London, or where `more` says. */
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
  const place = { warehouse, bin, ...(pickSequence !== undefined && { pickSequence }) }
  return receiveStock({
    key: freshKey(),
    ...(occurredAt !== undefined && { occurredAt }),
    lines: [{ sku, quantity, place, ...line }],
  })
}

/** Promises units of London to a line of an order. */
export const commit = (sku: string, quantity: number, order = "o-1") =>
  commitStock({
    key: freshKey(),
    document: { kind: "basket", id: order },
    lines: [{ sku, quantity, warehouse: LONDON }],
  })

/** Pins everything that was promised to an order. */
export const allocate = (order = "o-1") =>
  allocateStock({ key: freshKey(), document: { kind: "basket", id: order } })

interface CellName {
  readonly warehouse?: string
  readonly bin?: string
  readonly package?: string
  readonly lot?: string
  readonly condition?: string
}

/** The id of a cell: bin A-1 of London, sellable, where `more` says nothing else. */
export const cellId = (sku: string, more: CellName = {}) =>
  cellIdOf(
    {
      _tag: "Bin",
      warehouse: WarehouseId.make(more.warehouse ?? LONDON),
      bin: BinCode.make(more.bin ?? "A-1"),
      ...(more.package !== undefined && { package: PackageCode.make(more.package) }),
      condition: Condition.make((more.condition ?? "sellable") as Condition),
    },
    { sku: Sku.make(sku), ...(more.lot !== undefined && { lot: LotCode.make(more.lot) }) },
  )

const valueIn = <C extends AnyCollection>(collection: C, id: string) =>
  Effect.map(
    Effect.flatMap(Store, (store) => store.get(collection, id)),
    Option.match({ onNone: () => undefined, onSome: ({ value }) => value }),
  )

/** What a cell holds, or undefined. */
export const balance = (
  sku: string,
  more: CellName = {},
): Effect.Effect<StockBalance | undefined, never, Within> =>
  Effect.orDie(valueIn(StockBalances, cellId(sku, more)))

type Within = Store | CurrentPartition

/** Units in a cell, 0 where there is no record of it. */
export const onHand = (sku: string, more: CellName = {}) =>
  Effect.map(balance(sku, more), (found) => found?.onHand ?? 0)

/** The running totals of a SKU in London, or in another warehouse. */
export const pool = (
  sku: string,
  warehouse: WarehouseId = LONDON,
): Effect.Effect<StockPool | undefined, never, Within> =>
  Effect.orDie(valueIn(StockPools, poolIdOf(warehouse, Sku.make(sku))))

/** All records of a collection, by id. */
export const records = <C extends AnyCollection>(collection: C) =>
  Effect.flatMap(Store, (store) => Stream.runCollect(store.scan(collection)))

/** Everything that the current partition holds, but for what `without` names. */
export const everything = (...without: ReadonlyArray<AnyCollection>) =>
  Effect.forEach(
    ALL.filter((collection) => !without.includes(collection)),
    (collection) =>
      Effect.map(records(collection), (found) => [
        collection.name,
        found.map(({ id, version, value }) => ({ id, version, value })),
      ]),
  )

const ALL: ReadonlyArray<AnyCollection> = [
  Products,
  CatalogueSkus,
  Kits,
  StockPools,
  StockBalances,
  StockLots,
  StockSerials,
  StockMovements,
  StockCounts,
  StockTransfers,
  StockSettingsRecords,
  Commitments,
  Allocations,
  AuditLog,
  Outbox,
  Receipts,
]

/** The topics of the messages that wait to be told, with their bodies. */
export const told = Effect.map(records(Outbox), (found) =>
  found.map(({ value }) => ({ topic: value.topic, body: value.body })),
)

/** What the check of the ledger has to say against the books: nothing, while they are right. */
export const drifts = Effect.map(verifyLedger({}), (report) => report.drifts)
