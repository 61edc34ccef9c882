import type { WarehouseId } from "../inventory/index.ts"
import type { CountryCode, Sku } from "../kernel/index.ts"
import type { ConnectionId } from "../party/index.ts"
import type { LineId } from "./OrderLine.ts"
import type { OrderSettings } from "./OrderSettings.ts"

/** Units of a line that a warehouse is looked for. */
export interface UnservedLine {
  readonly id: LineId
  readonly sku: Sku
  readonly quantity: number
}

/** What the rules look at beside the lines. */
export interface Destination {
  readonly connection: ConnectionId
  readonly country: CountryCode
}

/** The units of a SKU, or whole virtual kits, that a warehouse could promise. */
export type Availability = (warehouse: WarehouseId, sku: Sku) => number

/** The chosen warehouse of each line, and the lines that none may serve. */
export interface Brokered {
  readonly warehouses: ReadonlyMap<LineId, WarehouseId>
  readonly unserved: ReadonlyArray<LineId>
}

/**
 * Chooses the warehouse of each line (brokering). Lines under one rule are looked at together: the first of its
 * warehouses that can promise all of them gets them. If none can, and the merchant lets an order be split, each line
 * goes to the first warehouse that can promise it whole; what is left over goes to where most of it is. Ties fall to
 * the preferred warehouse, so that equal questions have equal answers.
 *
 * It decides by a look at the stock; the guard that decides who gets it comes with the commitment.
 */
export const chooseWarehouses = (
  lines: ReadonlyArray<UnservedLine>,
  destination: Destination,
  settings: Pick<OrderSettings, "rules" | "warehouses" | "splitAcrossWarehouses">,
  available: Availability,
): Brokered => {
  const warehouses = new Map<LineId, WarehouseId>()
  const unserved: Array<LineId> = []
  const groups = Map.groupBy(lines, ({ sku }) => candidatesFor(sku, destination, settings))
  for (const [candidates, group] of groups) {
    if (candidates.length === 0) {
      unserved.push(...group.map(({ id }) => id))
      continue
    }
    const only =
      candidates.find((each) => suppliesAll(each, group, available)) ??
      (settings.splitAcrossWarehouses ? undefined : bestFor(group, candidates, available))
    const left = new Map<string, number>()
    for (const line of group) {
      const chosen = only ?? serve(line, candidates, available, left)
      if (chosen !== undefined) warehouses.set(line.id, chosen)
    }
  }
  return { warehouses, unserved }
}

/** The warehouses that may serve a SKU, as its first rule that applies says, the preferred one first. */
export const candidatesFor = (
  sku: Sku,
  { connection, country }: Destination,
  { rules, warehouses }: Pick<OrderSettings, "rules" | "warehouses">,
): ReadonlyArray<WarehouseId> =>
  rules.find(
    (rule) =>
      (rule.countries?.includes(country) ?? true) &&
      (rule.connections?.includes(connection) ?? true) &&
      (rule.skuPrefixes?.some((prefix) => sku.startsWith(prefix)) ?? true),
  )?.warehouses ?? warehouses

const suppliesAll = (
  warehouse: WarehouseId,
  lines: ReadonlyArray<UnservedLine>,
  available: Availability,
): boolean => {
  for (const [sku, ofSku] of Map.groupBy(lines, (line) => line.sku)) {
    if (available(warehouse, sku) < ofSku.reduce((sum, { quantity }) => sum + quantity, 0))
      return false
  }
  return true
}

/** The warehouse that has most of the units wanted. */
const bestFor = (
  lines: ReadonlyArray<UnservedLine>,
  candidates: ReadonlyArray<WarehouseId>,
  available: Availability,
): WarehouseId | undefined => {
  let best: WarehouseId | undefined
  let most = -1
  for (const warehouse of candidates) {
    const units = lines.reduce(
      (sum, { sku, quantity }) => sum + Math.min(quantity, available(warehouse, sku)),
      0,
    )
    if (units > most) [best, most] = [warehouse, units]
  }
  return best
}

/** The warehouse for one line, when earlier lines of the group have their share already. */
const serve = (
  line: UnservedLine,
  candidates: ReadonlyArray<WarehouseId>,
  available: Availability,
  taken: Map<string, number>,
): WarehouseId | undefined => {
  const rest: Availability = (warehouse, sku) =>
    Math.max(0, available(warehouse, sku) - (taken.get(`${warehouse}/${sku}`) ?? 0))
  const chosen =
    candidates.find((warehouse) => rest(warehouse, line.sku) >= line.quantity) ??
    bestFor([line], candidates, rest)
  if (chosen !== undefined) {
    const key = `${chosen}/${line.sku}`
    taken.set(key, (taken.get(key) ?? 0) + line.quantity)
  }
  return chosen
}
