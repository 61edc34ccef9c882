import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { ChannelSku, lookUpListing } from "../catalogue/index.ts"
import { query } from "../command/index.ts"
import { Sku, type Units } from "../kernel/index.ts"
import { ConnectionId } from "../party/index.ts"
import {
  type CurrentPartition,
  MAX_PAGE,
  readEveryPage,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import { WarehouseId } from "./Cell.ts"
import { ChannelRules, type ChannelTerms, channelRuleIdOf, DEFAULT_TERMS } from "./ChannelRule.ts"
import { channelQuantity, listedQuantity } from "./channelQuantity.ts"
import { explodeKits, type Recipe } from "./explodeKits.ts"
import { loadConnected } from "./loadConnected.ts"
import { quantitiesOf, type StockPool, StockPools } from "./StockPool.ts"

/** What a channel is to be told of a SKU, and what that was computed from. */
export interface ChannelQuantity {
  readonly sku: Sku
  /** In channel units: those of the listing, where one was asked for, else base units or kits. */
  readonly quantity: Units
  /** Units of the SKU that may be promised, over all warehouses that count; virtual kits as whole kits. */
  readonly available: Units
  readonly multiple: number
  /**
   * Grows with every change of the pools, rules and listing that the quantity was computed from, so that a push
   * with a lower version than the last one is stale (O7).
   */
  readonly version: number
}

/**
 * What a channel may be told of a SKU now (domain 1.3): buffer, share and cap of its rule over what is available in
 * the warehouses that count. A shortfall in one warehouse takes nothing from another. A virtual kit counts as what
 * its components make, warehouse by warehouse.
 *
 * Fails with `NotFound` for a SKU or a listing that does not exist, and for a connection that is not connected.
 *
 * @param input.sku the SKU; or
 * @param input.channelSku the channel's SKU, whose listing says how many units each channel unit is
 * @param input.warehouses those that count; all, when left out
 */
export const readChannelQuantity = query({
  action: "readChannelQuantity",
  input: Schema.Struct({
    connection: ConnectionId,
    sku: Schema.optionalKey(Sku),
    channelSku: Schema.optionalKey(ChannelSku),
    warehouses: Schema.optionalKey(Schema.NonEmptyArray(WarehouseId)),
  }).check(
    Schema.makeFilter(
      ({ sku, channelSku }: { readonly sku?: unknown; readonly channelSku?: unknown }) =>
        (sku === undefined) === (channelSku === undefined)
          ? { path: ["sku"], issue: "a SKU or a channel SKU, and not both" }
          : undefined,
    ),
  ),
  read: Effect.fnUntraced(function* ({ connection, sku: plain, channelSku, warehouses }) {
    yield* loadConnected(connection)
    const listed = yield* listedAs(connection, plain, channelSku)
    const recipes = yield* explodeKits([listed.sku])
    const recipe = recipes.get(listed.sku) as Recipe
    const pools = yield* readPools(recipe, warehouses)
    const available = availableOf(recipe, pools)
    const rule = yield* readTerms(connection, listed.sku)
    return {
      sku: listed.sku,
      quantity: listedQuantity(channelQuantity(available, rule.terms), listed.multiple),
      available,
      multiple: listed.multiple,
      version: pools.reduce((sum, pool) => sum + pool.version, listed.version + rule.version),
    }
  }),
})

interface Listed {
  readonly sku: Sku
  readonly multiple: number
  readonly version: number
}

const listedAs = Effect.fnUntraced(function* (
  connection: ConnectionId,
  sku: Sku | undefined,
  channelSku: ChannelSku | undefined,
): Effect.fn.Return<Listed, NotFound | StoreUnavailable, Store | CurrentPartition> {
  if (sku !== undefined) return { sku, multiple: 1, version: 0 }
  const code = channelSku as ChannelSku
  const listing = yield* lookUpListing(connection, code)
  if (Option.isNone(listing)) return yield* new NotFound({ kind: "listing", id: code })
  const { version, value } = listing.value
  return { sku: value.sku, multiple: value.multiple, version }
})

const readPools = Effect.fnUntraced(function* (
  { parts }: Recipe,
  warehouses: ReadonlyArray<WarehouseId> | undefined,
): Effect.fn.Return<ReadonlyArray<Stored<StockPool>>, StoreUnavailable, Store | CurrentPartition> {
  const store = yield* Store
  const pools = yield* Effect.forEach(parts, ({ sku }) =>
    readEveryPage((after) =>
      store.find(StockPools, "sku", { equals: { sku }, after, limit: MAX_PAGE }),
    ),
  )
  return pools
    .flat()
    .filter(({ value }) => warehouses === undefined || warehouses.includes(value.warehouse))
})

/**
 * What a recipe can be made of, over warehouses: in each the least `floor(available / ratio)` over its parts. Parts
 * are not put together across warehouses.
 */
export const availableOf = (
  { parts }: Recipe,
  pools: ReadonlyArray<{ readonly value: StockPool }>,
): Units => {
  let total = 0
  for (const here of Map.groupBy(pools, ({ value }) => value.warehouse).values()) {
    const units = new Map(here.map(({ value }) => [value.sku, quantitiesOf(value).available]))
    const made = parts.map(({ sku, quantity }) => Math.floor((units.get(sku) ?? 0) / quantity))
    total += Math.min(...made)
  }
  return total as Units
}

/** The terms of the SKU's own rule, else of the rule for all; the version tells of a change of either. */
const readTerms = Effect.fnUntraced(function* (
  connection: ConnectionId,
  sku: Sku,
): Effect.fn.Return<
  { readonly terms: ChannelTerms; readonly version: number },
  StoreUnavailable,
  Store | CurrentPartition
> {
  const store = yield* Store
  const ids = [channelRuleIdOf(connection, sku), channelRuleIdOf(connection, "*")]
  const [first, ...others] = (yield* store.getMany(ChannelRules, ids)).values()
  return {
    terms: first?.value ?? DEFAULT_TERMS,
    version: [first, ...others].reduce((sum, rule) => sum + (rule?.version ?? 0), 0),
  }
})
