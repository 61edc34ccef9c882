import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { pageFields, pageOf, query } from "../command/index.ts"
import { Store } from "../store/index.ts"
import { ConnectionState, Connections } from "./Connection.ts"

/** The merchant's connections in the order in which they were made, a page at a time, of one state or of both. */
export const findConnections = query({
  action: "findConnections",
  input: Schema.Struct({ ...pageFields, state: Schema.optionalKey(ConnectionState) }),
  read: Effect.fnUntraced(function* ({ state, ...page }) {
    const store = yield* Store
    return pageOf(
      state === undefined
        ? yield* store.find(Connections, "time", page)
        : yield* store.find(Connections, "state", { ...page, equals: { state } }),
    )
  }),
})
