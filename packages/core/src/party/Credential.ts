import * as Schema from "effect/Schema"
import { Timestamp } from "../kernel/index.ts"
import { SealedCredential } from "../privacy/index.ts"
import { Collection } from "../store/index.ts"
import { ConnectionId } from "./Connection.ts"

/**
 * What gives access to the account behind a connection: a refresh token, an API key. Sealed, one a connection, and gone
 * in the batch that ends the connection, with the only copy that there is (R42).
 */
export const Credential = Schema.Struct({
  connection: ConnectionId,
  ...SealedCredential.fields,
  keptAt: Timestamp,
})
export type Credential = typeof Credential.Type

export const Credentials = Collection.make("credentials", {
  schema: Credential,
  key: (credential) => credential.connection,
  indexes: {},
})

/** The connection has no credential: none was kept, or the connection was ended. */
export class NoCredential extends Schema.TaggedError<NoCredential>()("NoCredential", {
  connection: ConnectionId,
}) {
  override get message() {
    return `the connection ${this.connection} has no credential; keep one, or connect the account again`
  }
}
