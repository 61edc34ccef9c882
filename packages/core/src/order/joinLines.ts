import * as Result from "effect/Result"
import type { Quantity, Units } from "../kernel/index.ts"
import { joinHolds } from "./Hold.ts"
import { joinBuckets, PINNED, unitsIn } from "./lineBuckets.ts"
import type { Order } from "./Order.ts"
import type { LineId, OrderLine } from "./OrderLine.ts"
import { IllegalTransition } from "./orderErrors.ts"

/**
 * The parent with a child of it taken back: its units, its total, its promises and its holds (O5).
 *
 * Fails with `IllegalTransition` for a child whose state is another, whose units are pinned to cells or shipped, or a
 * line of which is meant for another warehouse or another SKU.
 */
export const joinOrders = (
  parent: Order,
  child: Order,
): Result.Result<Order, IllegalTransition> => {
  const refuse = (reason: string) =>
    Result.fail(
      new IllegalTransition({ order: child.id, event: "merge", state: child.state, reason }),
    )
  if (child.splitFrom !== parent.id) return refuse("it was not split from that order")
  if (child.state !== parent.state) return refuse(`the order it was split from is ${parent.state}`)
  if (child.lines.some(({ buckets }) => unitsIn(buckets, [...PINNED, "shipped"]) > 0))
    return refuse("units of it are allocated or shipped")

  const lines = new Map<LineId, OrderLine>(parent.lines.map((line) => [line.id, line]))
  for (const line of child.lines) {
    const home = lines.get(line.id)
    if (home !== undefined && home.sku !== line.sku)
      return refuse(`its line ${line.id} has another SKU`)
    if (home !== undefined && !canServe(home, line))
      return refuse(`its line ${line.id} has another warehouse`)
    lines.set(line.id, home === undefined ? line : joinLine(home, line))
  }
  return Result.succeed({
    ...parent,
    // The parent's own lines, of which there is one, and those that came to the child.
    lines: [...lines.values()] as unknown as Order["lines"],
    holds: joinHolds(parent.holds, child.holds),
    children: parent.children.filter((id) => id !== child.id),
  })
}

const canServe = (home: OrderLine, line: OrderLine): boolean =>
  home.warehouse === line.warehouse || !isTied(home) || !isTied(line)

/** Whether units of the line have stock or a queue in its warehouse. */
const isTied = ({ committed, buckets }: OrderLine): boolean =>
  committed + buckets.backordered + buckets.shipped > 0

const joinLine = (home: OrderLine, line: OrderLine): OrderLine => {
  const { splitOff, warehouse: _, ...rest } = home
  const back = line.buckets.ordered - line.addedHere
  const left = (splitOff?.units ?? 0) - back
  const warehouse = isTied(line) ? line.warehouse : home.warehouse
  return {
    ...rest,
    buckets: joinBuckets(home.buckets, line.buckets),
    committed: (home.committed + line.committed) as Units,
    addedHere: (home.addedHere + line.addedHere) as Units,
    cancelledHere: (home.cancelledHere + line.cancelledHere) as Units,
    total: { ...home.total, minor: home.total.minor + line.total.minor },
    ...(splitOff !== undefined &&
      left > 0 && {
        splitOff: {
          units: left as Quantity,
          total: { ...splitOff.total, minor: splitOff.total.minor - line.total.minor },
        },
      }),
    ...(warehouse !== undefined && { warehouse }),
  }
}
