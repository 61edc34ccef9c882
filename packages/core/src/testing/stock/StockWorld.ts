import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { CurrentActor, Standings } from "../../access/index.ts"
import { CatalogueSkus, Kits, Products, type SkuKind } from "../../catalogue/index.ts"
import { BinCode, WarehouseId } from "../../inventory/index.ts"
import { DAY_MILLIS, Ids } from "../../kernel/index.ts"
import {
  type AnyCollection,
  CurrentPartition,
  type Entry,
  insert,
  openPartition,
  type PartitionId,
  PartitionId as PartitionIdSchema,
  type RecordOf,
  Store,
} from "../../store/index.ts"
import type { LotName, PromisedSku } from "./StockAct.ts"

/** When every history starts: later than any backstop that counts real time. */
export const START = Date.UTC(2040, 0, 1)

export const WAREHOUSES = [
  WarehouseId.make("01890a5d-ac96-774b-8cce-b302099a8001"),
  WarehouseId.make("01890a5d-ac96-774b-8cce-b302099a8002"),
] as const

/** Bins with their walking ranks: the nearest is not the first by name. */
export const BINS = [
  { bin: BinCode.make("A-1"), pickSequence: 3 },
  { bin: BinCode.make("A-2"), pickSequence: 1 },
  { bin: BinCode.make("B-1"), pickSequence: 2 },
] as const

/** When each lot of MILK expires: within a history, a little more than a day later, and long after. */
export const EXPIRES: { readonly [lot in LotName]: number } = {
  L1: START + 10_000,
  L2: START + DAY_MILLIS + 20_000,
  L3: START + 90 * DAY_MILLIS,
}

/** Instants at which some lot stops to be fit: for everybody, or for whoever wants a day of its life left. */
export const FITNESS_ENDS: ReadonlyArray<number> = [EXPIRES.L2 - DAY_MILLIS, EXPIRES.L1, EXPIRES.L2]

/** What each kit takes. */
export const RECIPES = {
  SET: [
    { sku: "TEA", quantity: 1 },
    { sku: "CUP", quantity: 2 },
  ],
  BOX: [
    { sku: "TEA", quantity: 2 },
    { sku: "CUP", quantity: 1 },
  ],
} as const

/** The stocked products that a unit of a SKU takes, with their numbers. */
export const partsOf = (
  sku: PromisedSku | string,
): ReadonlyArray<{ readonly sku: string; readonly quantity: number }> =>
  sku === "SET" ? RECIPES.SET : [{ sku, quantity: 1 }]

/** Runs work in a partition, as its owner. */
export const inside =
  (partition: PartitionId) =>
  <A, E, R>(
    work: Effect.Effect<A, E, R>,
  ): Effect.Effect<A, E, Exclude<R, CurrentPartition | CurrentActor>> =>
    work.pipe(
      Effect.provideService(CurrentActor, { ref: { kind: "user", id: "owner" }, roles: ["owner"] }),
      Effect.provideService(CurrentPartition, openPartition(partition)),
    ) as Effect.Effect<A, E, Exclude<R, CurrentPartition | CurrentActor>>

/** The partitions of one history: an operator and two of its merchants, which nobody used before. */
export interface StockWorld {
  readonly operator: PartitionId
  readonly merchants: readonly [PartitionId, PartitionId]
}

/** New partitions, open for commands, with the products and kits of the world in both merchants' catalogues. */
export const openWorld: Effect.Effect<StockWorld, unknown, Store | Ids> = Effect.gen(function* () {
  const store = yield* Store
  const fresh = Effect.map(
    Effect.flatMap(Ids, (ids) => ids.next),
    (id) => PartitionIdSchema.make(id),
  )
  const world: StockWorld = { operator: yield* fresh, merchants: [yield* fresh, yield* fresh] }
  yield* inside(world.operator)(store.commit([standing()]))
  for (const merchant of world.merchants)
    yield* inside(merchant)(store.commit([standing(), ...catalogue()]))
  return world
})

/** A record as it is written down, its defaults filled in, to be there from the beginning. */
export const record = <C extends AnyCollection>(collection: C, fields: object): Entry =>
  insert(
    collection,
    Schema.decodeUnknownSync(collection.schema as Schema.Codec<RecordOf<C>>)(fields),
  )

/** What opens a partition for commands. */
export const standing = (): Entry =>
  record(Standings, { id: "standing", state: "active", since: START })

/** A product in a catalogue. */
export const product = (
  sku: string,
  tracking: object = {},
  kind: SkuKind = "product",
): ReadonlyArray<Entry> => [
  record(CatalogueSkus, { sku, kind }),
  record(Products, { sku, title: "A thing", tracking, state: "active", createdAt: START }),
]

/** The kit that is put together when it is picked. */
export const virtualKit = (): ReadonlyArray<Entry> => [
  record(CatalogueSkus, { sku: "SET", kind: "virtual_kit" }),
  record(Kits, { sku: "SET", kind: "virtual", components: RECIPES.SET, createdAt: START }),
]

/** Written in one batch: a command for each would cost more than what a history does then. */
const catalogue = (): ReadonlyArray<Entry> => [
  ...product("TEA"),
  ...product("CUP"),
  ...product("MILK", { lot: true, expiry: true }),
  ...product("PHONE", { serial: true }),
  ...product("BOX", {}, "assembled_kit"),
  record(Kits, { sku: "BOX", kind: "assembled", components: RECIPES.BOX, createdAt: START }),
  ...virtualKit(),
]
