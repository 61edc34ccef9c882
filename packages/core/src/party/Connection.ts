import * as Schema from "effect/Schema"
import { personal, Timestamp, Uuid } from "../kernel/index.ts"
import { Collection, due, index, unique } from "../store/index.ts"

export const ConnectionId = Uuid.pipe(Schema.brand("ConnectionId"))
export type ConnectionId = typeof ConnectionId.Type

/** Which channel: `amazon`, `shopify`, or what another adapter calls itself. */
export const ChannelKind = Schema.String.check(Schema.isPattern(/^[a-z][a-z0-9_-]{0,31}$/u)).pipe(
  Schema.brand("ChannelKind"),
)
export type ChannelKind = typeof ChannelKind.Type

/** The channel's own name for the account, such as a seller id or a shop domain. Opaque, and no secret. */
export const AccountReference = Schema.String.check(Schema.isPattern(/^[!-~]{1,128}$/u))
  .pipe(Schema.brand("AccountReference"))
  .annotate(personal({ category: "credential" }))
export type AccountReference = typeof AccountReference.Type

export const ConnectionState = Schema.Literals(["connected", "disconnected"])
export type ConnectionState = typeof ConnectionState.Type

/**
 * A merchant's account at a channel. `disconnected` is final: who connects the account again gets a new connection,
 * so that nothing kept under the old id comes back to life (R42). Credentials lie elsewhere.
 */
export const Connection = Schema.Struct({
  id: ConnectionId,
  channel: ChannelKind,
  accountReference: AccountReference,
  state: ConnectionState,
  /** There while connected: the unique index holds live connections only. */
  live: Schema.optionalKey(Schema.Literal(true)),
  connectedAt: Timestamp,
  disconnectedAt: Schema.optionalKey(Timestamp),
  /** When retention must look at what came through it: there from its end until that is done (R79). */
  retentionDue: Schema.optionalKey(Timestamp),
})
export type Connection = typeof Connection.Type

export const Connections = Collection.make("connections", {
  schema: Connection,
  key: (connection) => connection.id,
  indexes: {
    account: unique("channel", "accountReference", "live"),
    state: index("state", "connectedAt"),
    time: index("connectedAt"),
    retention: due("retentionDue"),
  },
  // Every import checks that its connection still is connected.
  fence: 16,
})

/** The merchant's account is connected already, by the connection named. Disconnect that one first. */
export class AccountConnected extends Schema.TaggedError<AccountConnected>()("AccountConnected", {
  channel: ChannelKind,
  connection: ConnectionId,
}) {
  override get message() {
    return `the ${this.channel} account is connected already, as ${this.connection}`
  }
}
