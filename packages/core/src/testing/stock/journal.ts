import type { Location, StockMovement } from "../../inventory/index.ts"
import { sumBy } from "./StockLedger.ts"

/** A place as one string. Written anew here: the laws do not ask the engine what is the same. */
export const placeName = (location: Location): string => {
  if (location._tag === "Transit") return `Transit ${location.transfer}`
  if (location._tag !== "Bin") return location._tag
  const { warehouse, bin, condition } = location
  return [warehouse, bin, location.package ?? "", condition].join(" ")
}

/** The id of the cell that a movement takes from or brings to, where that side is a bin. */
const cellName = (
  location: Location,
  { sku, lot }: Pick<StockMovement, "sku" | "lot">,
): string | undefined =>
  location._tag === "Bin"
    ? [
        location.warehouse,
        location.bin,
        sku,
        lot ?? "",
        location.package ?? "",
        location.condition,
      ].join("/")
    : undefined

/** One unit's worth of bookkeeping: what a movement adds to a name, negative for what it takes. */
export interface Posting {
  readonly name: string
  readonly units: number
}

/** What movements do to each cell. */
export const cellPostings = (movements: Iterable<StockMovement>): ReadonlyArray<Posting> =>
  postings(movements, (location, movement) => cellName(location, movement))

/** What movements do to the units on hand of each pool. */
export const onHandPostings = (movements: Iterable<StockMovement>): ReadonlyArray<Posting> =>
  postings(movements, (location, { sku }) =>
    location._tag === "Bin" ? `${location.warehouse}/${sku}` : undefined,
  )

/** What movements do to the sellable units of each pool. */
export const sellablePostings = (movements: Iterable<StockMovement>): ReadonlyArray<Posting> =>
  postings(movements, (location, { sku }) =>
    location._tag === "Bin" && location.condition === "sellable"
      ? `${location.warehouse}/${sku}`
      : undefined,
  )

/** What movements do to the places that only close the double entry, by SKU and lot. */
export const virtualPostings = (movements: Iterable<StockMovement>): ReadonlyArray<Posting> =>
  postings(movements, (location, { sku, lot }) =>
    location._tag === "Bin" || location._tag === "Transit" ? undefined : `${sku}/${lot ?? ""}`,
  )

const postings = (
  movements: Iterable<StockMovement>,
  nameOf: (location: Location, movement: StockMovement) => string | undefined,
): ReadonlyArray<Posting> => {
  const found: Array<Posting> = []
  for (const movement of movements) {
    const left = nameOf(movement.from, movement)
    const reached = nameOf(movement.to, movement)
    if (left !== undefined) found.push({ name: left, units: -movement.quantity })
    if (reached !== undefined) found.push({ name: reached, units: movement.quantity })
  }
  return found
}

/** The sum of postings by name. */
export const sumPostings = (all: Iterable<Posting>): ReadonlyMap<string, number> =>
  sumBy(
    all,
    ({ name }) => name,
    ({ units }) => units,
  )

/** A list in another order, and the same one for the same salt. */
export const shuffled = <A>(list: ReadonlyArray<A>, salt: number): ReadonlyArray<A> => {
  const result = [...list]
  let state = (salt % 2_147_483_646) + 1
  for (let last = result.length - 1; last > 0; last--) {
    state = (state * 48_271) % 2_147_483_647
    const other = state % (last + 1)
    const swapped = result[last] as A
    result[last] = result[other] as A
    result[other] = swapped
  }
  return result
}
