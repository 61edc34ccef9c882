import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { command } from "../command/index.ts"
import { nextId } from "../kernel/index.ts"
import { insert, Store } from "../store/index.ts"
import {
  AccountConnected,
  AccountReference,
  ChannelKind,
  Connection,
  ConnectionId,
  Connections,
} from "./Connection.ts"

/**
 * Connects one of the merchant's accounts at a channel.
 *
 * Fails with `AccountConnected` while the same account is connected.
 */
export const connectChannel = command({
  action: "connectChannel",
  input: Schema.Struct({ channel: ChannelKind, accountReference: AccountReference }),
  answer: Connection,
  decide: Effect.fnUntraced(function* ({ channel, accountReference }, { at }) {
    const live = yield* (yield* Store)
      .find(Connections, "account", { equals: { channel, accountReference, live: true }, limit: 1 })
      .pipe(Effect.catchTag("InvalidCursor", Effect.die))
    const [connected] = live.items
    if (connected !== undefined)
      return yield* new AccountConnected({ channel, connection: connected.value.id })
    const id = yield* nextId(ConnectionId)
    const connection: Connection = {
      id,
      channel,
      accountReference,
      state: "connected",
      live: true,
      connectedAt: at,
    }
    return {
      about: { kind: "connection", id },
      entries: [insert(Connections, connection)],
      answer: connection,
    }
  }),
})
