import { BUCKETS, type Bucket, type Order } from "../../order/index.ts"
import { pickFrom } from "../stock/Sight.ts"
import { BINS, START, WAREHOUSES } from "../stock/StockWorld.ts"
import type { Act, Acts, SomeUnits, Target } from "./OrderAct.ts"
import { AT_CELLS, type OrderLedger, TO_LEAVE, unitsOf } from "./OrderLedger.ts"
import type { InputOf, OrderCommandName } from "./OrderOperations.ts"
import { SHOP } from "./OrderShop.ts"
import { whyNot } from "./orderEvents.ts"

/** What somebody who acts can see: the merchant's books, and which beat of the plan it is. */
interface Sight {
  readonly books: OrderLedger
  readonly place: number
}

/** A command without its key. */
type Aim = {
  readonly [Name in OrderCommandName]: {
    readonly operation: Name
    readonly input: Omit<InputOf<Name>, "key">
  }
}[OrderCommandName]

const aim = <Name extends OrderCommandName>(
  operation: Name,
  input: Omit<InputOf<Name>, "key">,
): Aim => ({ operation, input }) as unknown as Aim

const FRAUD = { code: "fraud", source: "screening" } as const

/** The order that an act is aimed at: mostly one to which the operation can happen. */
const targetOf = (
  of: Target,
  operation: OrderCommandName,
  { books: { orders } }: Sight,
): Order | undefined => {
  if ("external" in of) {
    const named = orders.find(({ externalId }) => externalId === of.external)
    return of.child === true ? orders.find(({ id }) => id === named?.children[0]) : named
  }
  const able = orders.filter((order) => whyNot(operation, order) === undefined)
  return pickFrom(of.any || able.length === 0 ? orders : able, of.pick)
}

const linesOf = (
  { line, quantity, blind }: SomeUnits,
  { lines }: Order,
  from: ReadonlyArray<Bucket>,
): readonly [{ readonly line: string; readonly quantity: number }] => {
  const chosen = pickFrom(
    lines.filter((each) => unitsOf(each, from) > 0),
    line,
  )
  return blind || chosen === undefined
    ? [{ line: String(line + 1), quantity }]
    : [{ line: chosen.id, quantity: Math.min(quantity, unitsOf(chosen, from)) }]
}

type NeedsOrder = Exclude<keyof Acts, "receive" | "fill" | "import" | "cancelAtChannel" | "again">

/** What is done to an order: the operation, and what it is told beside the order. */
const DEEDS: {
  readonly [Name in NeedsOrder]: readonly [
    OrderCommandName,
    (act: Acts[Name], order: Order) => object,
  ]
} = {
  commit: ["commitOrder", ({ rule }) => (rule === null ? {} : { rule })],
  release: ["releaseOrder", () => ({})],
  allocate: ["allocateOrder", () => ({})],
  pick: ["recordPick", (act, order) => ({ lines: linesOf(act, order, ["allocated"]) })],
  pack: ["recordPack", (act, order) => ({ lines: linesOf(act, order, ["picked"]) })],
  dispatch: [
    "dispatchOrder",
    (act, order) => (act.all ? {} : { lines: linesOf(act, order, AT_CELLS) }),
  ],
  cancel: ["cancelOrder", () => ({})],
  cancelSome: ["cancelOrder", (act, order) => ({ lines: linesOf(act, order, TO_LEAVE) })],
  amend: ["amendOrder", (act, order) => ({ set: linesOf(act, order, BUCKETS) })],
  hold: ["holdOrder", () => FRAUD],
  lift: ["liftHold", () => FRAUD],
  split: ["splitOrder", (act, order) => ({ lines: linesOf(act, order, ["backordered", "open"]) })],
  merge: [
    "mergeOrders",
    (_, { id, splitFrom, children: [child = id] }) =>
      splitFrom === undefined ? { children: [child] } : { order: splitFrom, children: [id] },
  ],
}

const warehouseAt = (place: number) => WAREHOUSES[place] ?? WAREHOUSES[0]

/** The command that an act comes to, as things stand: or none, where there is no order that it could be about. */
export const aimOf = (
  act: Exclude<Act, { readonly do: "again" }>,
  sight: Sight,
): Aim | undefined => {
  switch (act.do) {
    case "receive": {
      const { sku, quantity } = act
      const place = { warehouse: warehouseAt(act.warehouse), bin: BINS[0].bin }
      return aim("receiveStock", { lines: [{ sku, quantity, place }] })
    }
    case "fill":
      return aim("fillBackorders", { warehouse: warehouseAt(act.warehouse), sku: act.sku })
    case "import":
      return aim("importOrder", snapshotOf(act, sight.place))
    case "cancelAtChannel":
      return aim("cancelImportedOrder", { connection: SHOP, externalId: act.external })
    default: {
      const [operation, inputOf] = DEEDS[act.do]
      const order = targetOf(act.of, operation, sight)
      if (order === undefined) return undefined
      const input = { order: order.id, ...inputOf(act as never, order) }
      return aim(operation, input as never)
    }
  }
}

/** The order as its channel has it at this place of the plan: later in the plan is a newer version. */
const snapshotOf = (
  { external, lines }: Acts["import"],
  version: number,
): Omit<InputOf<"importOrder">, "key"> => ({
  connection: SHOP,
  externalId: external,
  externalVersion: version,
  orderedAt: START - 1000,
  country: "GB",
  currency: "GBP",
  payment: "paid",
  lines: lines.map(({ sku, quantity }, place) => ({
    externalLineId: String(place + 1),
    channelSku: sku,
    quantity,
    total: { currency: "GBP", minor: String(quantity * 101) },
  })) as unknown as InputOf<"importOrder">["lines"],
})
