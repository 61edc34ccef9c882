import type { StockBalance } from "../../inventory/index.ts"
import type { Acts, ProductSku, TakesFromCell } from "./StockAct.ts"
import type { StockLedger } from "./StockLedger.ts"
import type { InputOf, StockOperationName } from "./StockOperations.ts"
import type { Sent } from "./StockTrace.ts"
import { BINS, WAREHOUSES } from "./StockWorld.ts"

/** What somebody who acts can see: the merchant's books, another merchant's ids, what was sent before. */
export interface Sight {
  readonly at: number
  readonly own: StockLedger
  readonly other: StockLedger
  readonly sent: ReadonlyArray<Sent>
}

/** A command without its key. */
export type Aim = {
  readonly [Name in StockOperationName]: {
    readonly operation: Name
    readonly input: Omit<InputOf<Name>, "key">
  }
}[StockOperationName]

/** For each kind of act: the command that it comes to, or none where there is nothing to do it to. */
export type AimsOf<Names extends keyof Acts> = {
  readonly [Name in Names]: (act: Acts[Name], sight: Sight) => Aim | undefined
}

/** Makes a command of an operation. */
export const aim = <Name extends StockOperationName>(
  operation: Name,
  input: Omit<InputOf<Name>, "key">,
): Aim => ({ operation, input }) as unknown as Aim

/** One of a list by a number that may be larger than it. */
export const pickFrom = <A>(list: ReadonlyArray<A>, pick: number): A | undefined =>
  list[pick % Math.max(1, list.length)]

/** The records that a pick is among. */
export const lookedAt = (sight: Sight, { foreign }: { readonly foreign: boolean }): StockLedger =>
  foreign ? sight.other : sight.own

/** The warehouse of the world with this place in the list. */
export const warehouseAt = (place: number) => WAREHOUSES[place % 2] ?? WAREHOUSES[0]

/** The bin of the world with this place in the list. */
export const binAt = (place: number) => BINS[place % 3] ?? BINS[0]

/** A cell that holds units: of one product only, where that is said. */
export const pickCell = (
  { balances }: StockLedger,
  { of, pick }: Pick<TakesFromCell, "of" | "pick">,
): StockBalance | undefined =>
  pickFrom(
    balances.filter(({ onHand, sku }) => onHand > 0 && (of === null || sku === of)),
    pick,
  )

/** The fullest sellable cell of a product in a warehouse. */
export const fullestCell = (
  { balances }: StockLedger,
  sku: ProductSku,
  warehouse: string,
): StockBalance | undefined =>
  balances
    .filter(
      (each) => each.sku === sku && each.warehouse === warehouse && each.condition === "sellable",
    )
    .toSorted((a, b) => b.unallocated - a.unallocated)[0]

/** Units of a cell as a command names them: tracked ones by number, one at a time. */
export const unitsOf = (
  { serials }: StockLedger,
  { id, sku, lot }: StockBalance,
  { pick, quantity }: Pick<TakesFromCell, "pick" | "quantity">,
) => {
  const unit =
    sku === "PHONE"
      ? pickFrom(
          serials.filter(({ cell }) => cell === id),
          pick,
        )
      : undefined
  return {
    sku,
    ...(lot !== undefined && { lot }),
    ...(unit === undefined ? { quantity } : { quantity: 1, serials: [unit.serial] }),
  }
}
