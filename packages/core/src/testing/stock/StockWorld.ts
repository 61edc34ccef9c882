import * as Effect from "effect/Effect"
import { CurrentActor, Standings } from "../../access/index.ts"
import { operations } from "../../host/index.ts"
import { BinCode, WarehouseId } from "../../inventory/index.ts"
import { DAY_MILLIS, Ids, type Timestamp } from "../../kernel/index.ts"
import {
  CurrentPartition,
  insert,
  openPartition,
  type PartitionId,
  PartitionId as PartitionIdSchema,
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
  const fresh = Effect.map(
    Effect.flatMap(Ids, (ids) => ids.next),
    (id) => PartitionIdSchema.make(id),
  )
  const world: StockWorld = { operator: yield* fresh, merchants: [yield* fresh, yield* fresh] }
  yield* inside(world.operator)(open)
  for (const merchant of world.merchants)
    yield* inside(merchant)(Effect.andThen(open, fillCatalogue))
  return world
})

const open = Effect.flatMap(Store, (store) =>
  store.commit([insert(Standings, { id: "standing", state: "active", since: START as Timestamp })]),
)

const PRODUCTS = [
  { sku: "TEA" },
  { sku: "CUP" },
  { sku: "MILK", tracking: { lot: true, expiry: true } },
  { sku: "PHONE", tracking: { serial: true } },
  { sku: "BOX" },
] as const

const fillCatalogue = Effect.gen(function* () {
  yield* Effect.forEach(PRODUCTS, (product) =>
    operations.defineProduct({ key: `define-${product.sku}`, title: "A thing", ...product }),
  )
  yield* operations.defineKit({
    key: "kit-set",
    sku: "SET",
    kind: "virtual",
    components: RECIPES.SET,
  })
  yield* operations.defineKit({
    key: "kit-box",
    sku: "BOX",
    kind: "assembled",
    components: RECIPES.BOX,
  })
})
