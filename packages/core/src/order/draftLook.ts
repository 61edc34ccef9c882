import * as Effect from "effect/Effect"
import type { CurrentActor } from "../access/index.ts"
import { message, type OutboxMessage } from "../integration/index.ts"
import { type Ids, plusMillis, type Timestamp } from "../kernel/index.ts"
import type { Connection } from "../party/index.ts"
import { type Erasure, type OrderPii, RETENTION, stalledAt } from "../privacy/index.ts"
import { type CurrentPartition, type Entry, replace, type Stored } from "../store/index.ts"
import { causeOf, draftErasure } from "./draftErasure.ts"
import type { Order } from "./Order.ts"
import { factsOf, withDeadline, withLapse } from "./orderRetention.ts"
import { aboutOrder, OrderLapsed, OrderStalled } from "./orderTopics.ts"

/** An order beside what its retention depends on. */
export interface Seen {
  readonly stored: Stored<Order>
  readonly sealed: Stored<OrderPii> | undefined
  readonly connection: Connection | undefined
}

/** What retention drafts for one order. */
export interface Look {
  readonly entries: ReadonlyArray<Entry>
  readonly messages: ReadonlyArray<OutboxMessage>
  readonly erasures: ReadonlyArray<Erasure>
  readonly did: "nothing" | "anonymised" | "lapsed" | "stalled" | "moved"
}

const NOTHING: Look = { entries: [], messages: [], erasures: [], did: "nothing" }

/**
 * Drafts what retention does to an order: its buyer goes from a day before the deadline on, else its deadline is moved
 * as it must, and a lapse or a standstill is told.
 *
 * @param whether `always` looks at an order that is not due, too
 */
export const draftLook = Effect.fnUntraced(function* (
  { stored, sealed, connection }: Seen,
  at: Timestamp,
  whether: "due" | "always",
): Effect.fn.Return<Look, never, Ids | CurrentPartition | CurrentActor> {
  const before = stored.value
  const due = before.retentionDue ?? at
  if (before.pii._tag !== "Held" || (whether === "due" && due > at)) return NOTHING
  // Without its connection nothing is known to allow the data any more.
  const disconnectedAt = connection === undefined ? before.importedAt : connection.disconnectedAt
  const order = withDeadline(withLapse(before, at), at, disconnectedAt)
  if (order.pii._tag !== "Held") return NOTHING
  const { deadline } = order.pii
  if (plusMillis(deadline, -RETENTION.sweepAhead) <= at) {
    const erased = yield* draftErasure(order, sealed, causeOf(order, disconnectedAt), at)
    const entries = [replace(stored, erased.order), ...erased.entries]
    return { ...NOTHING, entries, erasures: erased.erasures, did: "anonymised" }
  }
  const did = standstillOf(before, order, { at, due, disconnectedAt })
  const topic = { lapsed: OrderLapsed, stalled: OrderStalled, moved: undefined }[did]
  return {
    ...NOTHING,
    entries: [replace(stored, order), ...moveDeadline(sealed, deadline)],
    messages: topic === undefined ? [] : [yield* message(topic, aboutOrder(order), at)],
    did,
  }
})

const moveDeadline = (
  sealed: Stored<OrderPii> | undefined,
  deadline: Timestamp,
): ReadonlyArray<Entry> =>
  sealed === undefined || sealed.value.deadline <= deadline
    ? []
    : [replace(sealed, { ...sealed.value, deadline })]

const standstillOf = (
  before: Order,
  after: Order,
  look: {
    readonly at: Timestamp
    readonly due: Timestamp
    readonly disconnectedAt: Timestamp | undefined
  },
): "lapsed" | "stalled" | "moved" => {
  if (after.lapsedAt !== before.lapsedAt) return "lapsed"
  const stalled = stalledAt(factsOf(before, look.disconnectedAt))
  return look.due <= look.at && look.due === stalled ? "stalled" : "moved"
}
