import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { type InvalidInput, invalidField, unchanged } from "../command/index.ts"
import { message } from "../integration/index.ts"
import { stockCommand } from "../inventory/index.ts"
import { nextId, type Timestamp } from "../kernel/index.ts"
import {
  type CurrentPartition,
  check,
  insert,
  replace,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import {
  type Amended,
  amendFrom,
  cancelledByChannel,
  mirrorChild,
  orderFrom,
  oversizedLine,
  type SnapshotContext,
} from "./applySnapshot.ts"
import { cancelFamily } from "./cancelFamily.ts"
import { type ExternalOrder, ExternalOrders, externalOrderIdOf } from "./ExternalOrder.ts"
import { loadConnection } from "./loadConnection.ts"
import { loadFamily } from "./loadOrder.ts"
import { isFinished, type Order, OrderId, OrderState, Orders } from "./Order.ts"
import { LineId } from "./OrderLine.ts"
import { currentOrderSettings } from "./OrderSettings.ts"
import { isCancelled, OrderSnapshot } from "./OrderSnapshot.ts"
import { aboutOrder, OrderAmended, OrderCancelled, OrderImported } from "./orderTopics.ts"
import { resolveSkus } from "./resolveSkus.ts"
import { settle } from "./settleOrders.ts"
import { LineUnits } from "./takeUnits.ts"

/** What an import did. */
export const ImportAnswer = Schema.Struct({
  order: OrderId,
  outcome: Schema.Literals(["imported", "amended", "cancelled", "unchanged"]),
  state: OrderState,
  /** Lines whose SKU the catalogue does not know: they hold the order until it does. */
  unresolved: Schema.Array(LineId),
  /** Units of which the snapshot wants another number than can be any more. */
  refused: Schema.Array(LineUnits),
  /** Lines of a cancellation that did not fit into one batch: import again under a new key. */
  linesLeft: Schema.Int,
})
export type ImportAnswer = typeof ImportAnswer.Type

/**
 * Takes in an order as its channel has it. Idempotent for each (connection, external id, version): the same and older
 * versions change nothing, a newer one amends. A cancellation counts whichever version it comes with, also when it came
 * before the order (O1, O4). The order holds no personal data.
 *
 * Fails with `NotFound` for an unknown connection, `ChannelDisconnected`, and `InvalidInput` naming the field.
 */
export const importOrder = stockCommand({
  action: "importOrder",
  input: OrderSnapshot,
  answer: ImportAnswer,
  decide: Effect.fnUntraced(function* (snapshot, { at }) {
    const connection = yield* loadConnection(snapshot.connection)
    const known = yield* loadKnown(snapshot)
    if (known.order !== undefined && !hasNews(snapshot, known.external, known.order.value)) {
      const { value: order } = known.order
      return unchanged({ kind: "order", id: order.id }, answerOf(order, "unchanged"))
    }
    const context = yield* readContext(snapshot, at)
    const draft =
      known.order === undefined
        ? yield* createOrder(snapshot, known.external, context)
        : yield* takeVersion(snapshot, known.external, known.order.value, context)
    return { ...draft, entries: [...draft.entries, check(connection)] }
  }),
})

/** What is known of the order: nothing, a cancellation that came first, or the order itself. */
type Known =
  | { readonly external: Stored<ExternalOrder> | undefined; readonly order: undefined }
  | { readonly external: Stored<ExternalOrder>; readonly order: Stored<Order> }

const loadKnown = Effect.fnUntraced(function* ({
  connection,
  externalId,
}: OrderSnapshot): Effect.fn.Return<Known, StoreUnavailable, Store | CurrentPartition> {
  const id = externalOrderIdOf(connection, externalId)
  const external = Option.getOrUndefined(yield* (yield* Store).get(ExternalOrders, id))
  if (external?.value.order === undefined) return { external, order: undefined }
  const [order] = yield* loadFamily([external.value.order])
  return order === undefined ? { external, order } : { external, order }
})

const isNewer = (snapshot: OrderSnapshot, order: Order): boolean =>
  snapshot.externalVersion > (order.externalVersion ?? -1)

const hasNews = (snapshot: OrderSnapshot, external: Stored<ExternalOrder>, order: Order): boolean =>
  isNewer(snapshot, order) ||
  (isCancelled(snapshot) && (!external.value.cancelled || !isFinished(order)))

const readContext = Effect.fnUntraced(function* (
  snapshot: OrderSnapshot,
  at: Timestamp,
): Effect.fn.Return<SnapshotContext, InvalidInput | StoreUnavailable, Store | CurrentPartition> {
  const channelSkus = snapshot.lines.map(({ channelSku }) => channelSku)
  const resolutions = yield* resolveSkus(snapshot.connection, channelSkus)
  const oversized = oversizedLine(snapshot, resolutions)
  if (oversized === undefined) return { resolutions, settings: yield* currentOrderSettings, at }
  const path = `lines[${oversized}].quantity`
  return yield* invalidField("importOrder", path, "too many units of the listed product")
})

const createOrder = Effect.fnUntraced(function* (
  snapshot: OrderSnapshot,
  external: Stored<ExternalOrder> | undefined,
  context: SnapshotContext,
) {
  const { at } = context
  const cancelled = external?.value.cancelled === true || isCancelled(snapshot)
  const accepted = orderFrom(yield* nextId(OrderId), snapshot, context)
  const order = cancelled ? settle(cancelledByChannel(accepted), at) : accepted
  const seen = {
    id: externalOrderIdOf(snapshot.connection, snapshot.externalId),
    connection: snapshot.connection,
    externalId: snapshot.externalId,
    order: order.id,
    cancelled,
    firstSeenAt: external?.value.firstSeenAt ?? at,
  }
  return {
    about: { kind: "order", id: order.id },
    entries: [
      external === undefined ? insert(ExternalOrders, seen) : replace(external, seen),
      insert(Orders, order),
    ],
    messages: [
      yield* message(OrderImported, aboutOrder(order), at),
      ...(cancelled ? [yield* message(OrderCancelled, aboutOrder(order), at)] : []),
    ],
    answer: answerOf(order, cancelled ? "cancelled" : "imported"),
  }
})

const takeVersion = Effect.fnUntraced(function* (
  snapshot: OrderSnapshot,
  external: Stored<ExternalOrder>,
  known: Order,
  context: SnapshotContext,
) {
  if (known.currency !== snapshot.currency)
    return yield* invalidField("importOrder", "currency", "the currency of the order")
  const cancelled = external.value.cancelled || isCancelled(snapshot)
  const amended = yield* message(OrderAmended, aboutOrder(known), context.at)
  const draft = yield* cancelFamily({
    order: known.id,
    amend: (order) =>
      isNewer(snapshot, order)
        ? amendment(order, snapshot, external.value, context)
        : { order, refused: [] },
    mirror: (child, parent) =>
      isNewer(snapshot, parent) ? mirrorChild(child, snapshot, context) : child,
    cancelled,
    at: context.at,
  })
  const newer = isNewer(snapshot, draft.before)
  const outcome = draft.cancelled ? "cancelled" : newer ? "amended" : "unchanged"
  return {
    about: { kind: "order", id: known.id },
    entries: [
      external.value.cancelled === cancelled
        ? check(external)
        : replace(external, { ...external.value, cancelled }),
      ...draft.entries,
    ],
    messages: [...(newer ? [amended] : []), ...draft.messages],
    answer: answerOf(draft.order, outcome, draft.refused, draft.left),
  }
})

/** A cancelled order has nothing to keep: it becomes what it would be if this version had come first. */
const amendment = (
  order: Order,
  snapshot: OrderSnapshot,
  external: ExternalOrder,
  context: SnapshotContext,
): Amended =>
  external.cancelled && order.state === "cancelled" && order.children.length === 0
    ? { order: recreated(order, snapshot, context), refused: [] }
    : amendFrom(order, snapshot, context)

const recreated = (order: Order, snapshot: OrderSnapshot, context: SnapshotContext): Order => {
  const { importedAt, completedAt, lapsedAt, deletedAt, purgeDue, pii } = order
  const fresh = cancelledByChannel(orderFrom(order.id, snapshot, context))
  return {
    ...fresh,
    importedAt,
    pii,
    state: "cancelled",
    holds: [],
    ...(completedAt !== undefined && { completedAt }),
    ...(lapsedAt !== undefined && { lapsedAt }),
    ...(deletedAt !== undefined && { deletedAt }),
    ...(purgeDue !== undefined && { purgeDue }),
  }
}

const answerOf = (
  order: Order,
  outcome: ImportAnswer["outcome"],
  refused: ReadonlyArray<LineUnits> = [],
  linesLeft = 0,
): ImportAnswer => ({
  order: order.id,
  outcome,
  state: order.state,
  unresolved: order.lines.flatMap(({ id, sku }) => (sku === undefined ? [id] : [])),
  refused,
  linesLeft,
})
