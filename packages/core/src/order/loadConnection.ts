import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { NotFound } from "../access/index.ts"
import type { Timestamp } from "../kernel/index.ts"
import { type Connection, type ConnectionId, Connections } from "../party/index.ts"
import { type CurrentPartition, Store, type Stored, type StoreUnavailable } from "../store/index.ts"
import type { Order } from "./Order.ts"
import { ChannelDisconnected } from "./orderErrors.ts"

/** The connection, if something may come in through it. */
export const loadConnection = Effect.fnUntraced(function* (
  id: ConnectionId,
): Effect.fn.Return<
  Stored<Connection>,
  NotFound | ChannelDisconnected | StoreUnavailable,
  Store | CurrentPartition
> {
  const connection = yield* (yield* Store).get(Connections, id)
  if (Option.isNone(connection)) return yield* new NotFound({ kind: "connection", id })
  const { state } = connection.value.value
  if (state !== "connected") return yield* new ChannelDisconnected({ connection: id, state })
  return connection.value
})

/** When the channel's connection of an order ended, if it did. Without it nothing is known to allow its buyer any more. */
export const connectionEndOf = ({
  connection,
  importedAt,
}: Pick<Order, "connection" | "importedAt">): Effect.Effect<
  Timestamp | undefined,
  StoreUnavailable,
  Store | CurrentPartition
> =>
  Effect.map(
    Effect.flatMap(Store, (store) => store.get(Connections, connection)),
    Option.match({ onNone: () => importedAt, onSome: ({ value }) => value.disconnectedAt }),
  )
