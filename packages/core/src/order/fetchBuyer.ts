import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { command, unchanged } from "../command/index.ts"
import { plusMillis, Timestamp } from "../kernel/index.ts"
import { OrderPiis, RETENTION, Vault } from "../privacy/index.ts"
import { check, insert, replace } from "../store/index.ts"
import { PiiAnonymised } from "./loadBuyer.ts"
import { loadConnection } from "./loadConnection.ts"
import { loadOrder } from "./loadOrder.ts"
import { isFinished, type Order, OrderId } from "./Order.ts"
import { IllegalTransition } from "./orderErrors.ts"
import { withDeadline } from "./orderRetention.ts"
import { ChannelUnavailable, SalesChannels } from "./SalesChannels.ts"

/**
 * Fetches the buyer's data of a released order from its channel and seals it: once, when there is work that needs it,
 * and not before (R45). Of a split the data belongs to the order that was split. Data that is held is not fetched again,
 * and data that was anonymised never is (I15). The order keeps only that it is held, and until when.
 *
 * Fails with `IllegalTransition` for an order that is not with its warehouses, `PiiAnonymised`, `ChannelDisconnected`,
 * `ChannelUnavailable`, `BuyerWithheld`, and with what the key ring fails with: then nothing changed (I14).
 */
export const fetchBuyer = command({
  action: "fetchBuyer",
  input: Schema.Struct({ order: OrderId }),
  answer: Schema.Struct({ order: OrderId, deadline: Timestamp }),
  decide: Effect.fnUntraced(function* ({ order: id }, { at }) {
    const asked = yield* loadOrder(id)
    const { splitFrom } = asked.value
    const root = splitFrom === undefined ? asked : yield* loadOrder(splitFrom)
    const order = root.value
    const about = { kind: "order", id: order.id }
    if (order.pii._tag === "Anonymised") return yield* new PiiAnonymised({ order: id })
    if (order.pii._tag === "Held")
      return unchanged(about, { order: order.id, deadline: order.pii.deadline })
    yield* requireReleased(asked.value)
    if (isFinished(order) || order.deletedAt !== undefined)
      return yield* refusal(order, "nothing of it is left to send")
    const connection = yield* loadConnection(order.connection)
    const cap = plusMillis(at, RETENTION.cap)
    const asHeld: Order = { ...order, pii: { _tag: "Held", receivedAt: at, deadline: cap } }
    const held = withDeadline(asHeld, at)
    const deadline = held.pii._tag === "Held" ? held.pii.deadline : cap
    // Data whose time is over is not even asked for.
    if (deadline <= at) return yield* refusal(order, "it has lapsed for want of progress")
    const sealed = yield* (yield* Vault).seal({
      order: order.id,
      data: yield* askChannel(order),
      receivedAt: at,
      deadline,
      connection: order.connection,
    })
    return {
      about,
      entries: [
        replace(root, held),
        insert(OrderPiis, sealed),
        check(connection),
        ...(asked === root ? [] : [check(asked)]),
      ],
      answer: { order: order.id, deadline: sealed.deadline },
    }
  }),
})

const requireReleased = (order: Order) =>
  order.state === "processing" ? Effect.void : refusal(order, "it is not with its warehouses")

const refusal = (order: Order, reason: string) =>
  Effect.fail(
    new IllegalTransition({ order: order.id, event: "fetch_buyer", state: order.state, reason }),
  )

const askChannel = Effect.fnUntraced(function* (order: Order) {
  const { value: connection } = yield* loadConnection(order.connection)
  const channel = (yield* SalesChannels).of(connection.channel)
  if (channel === undefined || order.externalId === undefined)
    return yield* new ChannelUnavailable({
      channel: connection.channel,
      operation: "be asked: the host has not composed it",
      retryable: false,
    })
  return yield* channel.buyer({
    connection: connection.id,
    accountReference: connection.accountReference,
    externalId: order.externalId,
  })
})
