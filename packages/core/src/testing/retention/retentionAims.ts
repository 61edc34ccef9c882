import { activeUnits, type Order } from "../../order/index.ts"
import { type Act, SLOTS, type Slot, STAGES, type Stage } from "./RetentionAct.ts"
import type { Books, Call } from "./RetentionTrace.ts"
import { SHOP } from "./RetentionWorld.ts"

/** A command to send: what a call is before it was sent. */
export type Aim = Omit<Call, "endings" | "input"> & { readonly input: object }

/** The order in a slot that came from the channel, if it is there. */
export const orderIn = (books: Books, slot: Slot): Order | undefined => {
  const { who, externalId } = SLOTS[slot]
  return books[who].orders.find((order) => order.externalId === externalId)
}

/** The commands that lead an order to a stage, one function for each, given the books as they are then. */
export const drive = (slot: Slot, to: Stage): ReadonlyArray<(books: Books) => Aim | undefined> =>
  STAGES.slice(0, STAGES.indexOf(to) + 1).flatMap((stage) =>
    stage === "partly" && to === "dispatched" ? [] : STEPS[stage].map((step) => step(slot)),
  )

type Toward = (slot: Slot) => (books: Books) => Aim | undefined

const onOrder =
  (
    operation: Call["operation"],
    inputOf: (order: Order) => object | undefined = () => ({}),
  ): Toward =>
  (slot) =>
  (books) => {
    const order = orderIn(books, slot)
    const input = order && inputOf(order)
    return input === undefined || order === undefined
      ? undefined
      : {
          operation,
          who: SLOTS[slot].who,
          slot,
          order: order.id,
          input: { order: order.id, ...input },
        }
  }

const unitsIn = (order: Order, bucket: "allocated" | "picked" | "packed") => {
  const lines = order.lines.flatMap(({ id, buckets }) =>
    buckets[bucket] > 0 ? [{ line: id, quantity: buckets[bucket] as number }] : [],
  )
  return lines.length === 0 ? undefined : { lines }
}

const firstUnit = (order: Order) => {
  const line = order.lines.find(
    ({ buckets }) => buckets.allocated + buckets.picked + buckets.packed > 0,
  )
  return line && { lines: [{ line: line.id, quantity: 1 }] }
}

const STEPS: { readonly [S in Stage]: ReadonlyArray<Toward> } = {
  imported: [
    (slot) => (books) => (orderIn(books, slot) === undefined ? importOf(slot, 1) : undefined),
  ],
  committed: [onOrder("commitOrder")],
  released: [
    onOrder("releaseOrder", ({ state }) => (state === "accepted" ? {} : undefined)),
    onOrder("allocateOrder"),
  ],
  fetched: [onOrder("fetchBuyer")],
  picked: [onOrder("recordPick", (order) => unitsIn(order, "allocated"))],
  packed: [onOrder("recordPack", (order) => unitsIn(order, "picked"))],
  partly: [onOrder("dispatchOrder", firstUnit)],
  dispatched: [
    onOrder("dispatchOrder"),
    // What was split off goes with it.
    ...(["commitOrder", "releaseOrder", "allocateOrder", "dispatchOrder"] as const).map(
      (operation): Toward =>
        (slot) =>
        (books) => {
          const child = childOf(books, slot)
          return child === undefined
            ? undefined
            : {
                operation,
                who: SLOTS[slot].who,
                slot,
                order: child,
                input: { order: child },
              }
        },
    ),
  ],
}

const childOf = (books: Books, slot: Slot): string | undefined => orderIn(books, slot)?.children[0]

const importOf = (slot: Slot, version: number, cancelled = false): Aim => {
  const { who, externalId } = SLOTS[slot]
  return {
    operation: "importOrder",
    who,
    slot,
    input: {
      connection: SHOP,
      externalId,
      externalVersion: version,
      orderedAt: 0,
      country: "GB",
      currency: "GBP",
      payment: "paid",
      ...(cancelled && { cancelled }),
      lines: [line("1", "TEA", 2), line("2", "CUP", 1)],
    },
  }
}

const line = (externalLineId: string, channelSku: string, quantity: number) => ({
  externalLineId,
  channelSku,
  quantity,
  total: { currency: "GBP", minor: String(quantity * 100) },
})

/** The command of an act that is one; nothing where there is nothing to aim at. */
export const aimOf = (act: Act, books: Books): Aim | undefined => {
  switch (act.do) {
    case "import": {
      const known = orderIn(books, act.slot)?.externalVersion ?? 0
      return importOf(
        act.slot,
        act.news === "same" ? Math.max(1, known) : known + 1,
        act.news === "cancelled",
      )
    }
    case "fetch":
      return onOrder("fetchBuyer")(act.slot)(books)
    case "cancel":
      return onOrder("cancelOrder")(act.slot)(books)
    case "cancelUnit":
      return onOrder("cancelOrder", (order) => {
        const open = order.lines.find((each) => activeUnits(each) > 0)
        return open && { lines: [{ line: open.id, quantity: 1 }] }
      })(act.slot)(books)
    case "split":
      return onOrder("splitOrder", () => ({ lines: [{ line: "1", quantity: 1 }] }))(act.slot)(books)
    case "merge":
      return onOrder("mergeOrders", ({ children }) =>
        children.length === 0 ? undefined : { children: [...children] },
      )(act.slot)(books)
    case "restrict":
      return onOrder("restrictBuyer")(act.slot)(books)
    case "lift":
      return onOrder("liftBuyerRestriction")(act.slot)(books)
    case "hold":
      return onOrder("holdOrder", () => ({ code: "fraud", source: "screening" }))(act.slot)(books)
    case "liftHold":
      return onOrder("liftHold", () => ({ code: "fraud", source: "screening" }))(act.slot)(books)
    case "erase":
      return onOrder("eraseBuyer")(act.slot)(books)
    case "delete":
      return onOrder("deleteOrder")(act.slot)(books)
    case "restoreOrder":
      return onOrder("restoreOrder")(act.slot)(books)
    case "reveal":
    case "tamper": {
      const purpose = act.do === "reveal" ? act.purpose : "label"
      const operation = purpose === "label" ? "revealForLabel" : "revealForPackingSlip"
      const aim = onOrder(operation)(act.slot)(books)
      return aim && { ...aim, role: act.do === "reveal" ? act.role : "owner" }
    }
    case "disconnect":
      return { operation: "disconnectChannel", who: act.who, input: { connection: SHOP } }
    default:
      return undefined
  }
}
