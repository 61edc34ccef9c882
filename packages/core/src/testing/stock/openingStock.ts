import { receiptLine } from "./physicalAims.ts"
import type { Acts, LotName } from "./StockAct.ts"
import type { Sent } from "./StockTrace.ts"
import { START } from "./StockWorld.ts"

type Line = Omit<Acts["receive"], "age">

const line = (
  sku: Line["sku"],
  warehouse: number,
  bin: number,
  quantity: number,
  more: { readonly lot?: LotName; readonly serial?: number } = {},
): Line => ({
  sku,
  lot: more.lot ?? "L1",
  serial: more.serial ?? 1,
  quantity,
  place: { warehouse, bin },
  condition: "sellable",
})

/** What both merchants have to begin with, received at once: one list of lines each. */
export const openingOf = (units: ReadonlyArray<number>): ReadonlyArray<Sent> => {
  const [
    tea = 0,
    moreTea = 0,
    cup = 0,
    moreCup = 0,
    l1 = 0,
    l2 = 0,
    l3 = 0,
    phones = 0,
    theirs = 0,
  ] = units
  const first = [
    line("TEA", 0, 0, tea + 2),
    line("TEA", 0, 1, moreTea),
    line("CUP", 0, 1, cup + 2),
    line("CUP", 1, 2, moreCup),
    line("MILK", 0, 0, l1, { lot: "L1" }),
    line("MILK", 0, 2, l2, { lot: "L2" }),
    line("MILK", 0, 1, l3, { lot: "L3" }),
    ...[1, 2, 3].slice(0, phones % 4).map((serial) => line("PHONE", 0, serial % 3, 1, { serial })),
  ]
  const second = [
    line("TEA", 0, 0, theirs + 1),
    line("CUP", 0, 0, 4),
    line("MILK", 0, 0, theirs, { lot: "L2" }),
    line("PHONE", 0, 1, 1, { serial: 1 }),
  ]
  return [opening(0, first), opening(1, second)]
}

const opening = (who: 0 | 1, lines: ReadonlyArray<Line>): Sent => {
  const [head, ...rest] = lines.filter(({ quantity }) => quantity > 0).map(receiptLine)
  if (head === undefined) throw new TypeError("a merchant starts with something")
  return {
    who,
    operation: "receiveStock",
    input: { key: "opening", occurredAt: START - 10, lines: [head, ...rest] },
    copies: 1,
    foreign: false,
  }
}
