import type { StockMovement } from "@oto-fulfilment/core"
import { nameAbout } from "./subscribers.ts"

interface Units {
  readonly line: string
  readonly quantity: number
}

/** What the answers of the commands hold, as receipts keep them. */
export interface Told {
  readonly order?: string
  readonly outcome?: string
  readonly state?: string
  readonly transfer?: string
  readonly commitments?: ReadonlyArray<{
    readonly commitment: string
    readonly sku: string
    readonly warehouse?: string
    readonly state?: string
  }>
  readonly moved?: ReadonlyArray<{ readonly movement: string; readonly quantity: number }>
  readonly shortfalls?: ReadonlyArray<{ readonly pool: string }>
  readonly shipped?: ReadonlyArray<Units>
  readonly cancelled?: ReadonlyArray<Units>
  readonly committed?: ReadonlyArray<Units>
  readonly filled?: ReadonlyArray<Units & { readonly order: string }>
  readonly backordered?: ReadonlyArray<Units>
}

/** What movements do to the units on hand of each pool. */
export const poolDeltas = ({
  from,
  to,
  sku,
  quantity,
}: StockMovement): ReadonlyArray<readonly [pool: string, units: number]> => [
  ...(from._tag === "Bin" ? [[`${from.warehouse}/${sku}`, -quantity] as const] : []),
  ...(to._tag === "Bin" ? [[`${to.warehouse}/${sku}`, quantity] as const] : []),
]

/**
 * The messages that a command must have left with its effect: the topic, and the order or the pools that it is about.
 *
 * @param changed the pools of which the command made more or fewer units available
 */
export const messagesOf = (
  command: string,
  answer: Told,
  changed: Iterable<string>,
): ReadonlyArray<string> => {
  const pools = [...changed]
  return [
    ...orderMessages(command, answer),
    ...(pools.length === 0 ? [] : [nameAbout("stock.changed", pools)]),
    ...(answer.shortfalls ?? []).map(({ pool }) => nameAbout("stock.shortfall", [pool])),
  ]
}

const orderMessages = (command: string, answer: Told): ReadonlyArray<string> => {
  const about = (topic: string, when = true) =>
    when ? [nameAbout(topic, [answer.order ?? ""])] : []
  switch (command) {
    case "importOrder":
      return about(`order.${answer.outcome}`)
    case "commitOrder":
      return about("order.backordered", (answer.backordered ?? []).length > 0)
    case "releaseOrder":
      return about("order.released")
    case "dispatchOrder":
      return [
        ...about("order.dispatched"),
        ...about("order.completed", answer.state === "completed"),
      ]
    case "cancelOrder":
      return [...about("order.units_cancelled"), ...about(`order.${answer.state}`)]
    default:
      return []
  }
}
