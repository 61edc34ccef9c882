import * as Schema from "effect/Schema"
import { personal, Timestamp, Units } from "../kernel/index.ts"
import { Collection, due } from "../store/index.ts"
import { OrderId } from "./Order.ts"

const HOUR_MILLIS = 3_600_000

/** Led by the actor's opaque id. */
const RevealId = Schema.String.annotate(personal({ category: "account" }))

/** What is left of an actor's reveals in an hour: a counter that no interleaving takes below nought. */
const RevealAllowance = Schema.Struct({
  id: RevealId,
  left: Units,
  expiresAt: Timestamp,
})

export const RevealAllowances = Collection.make("reveal_allowances", {
  schema: RevealAllowance,
  key: (allowance) => allowance.id,
  indexes: { expiry: due("expiresAt") },
  expires: "expiresAt",
})

/** That an actor was shown the buyer of an order in an hour: the next time in that hour it does not count again. */
const Reveal = Schema.Struct({
  id: RevealId,
  order: OrderId,
  expiresAt: Timestamp,
})

export const Reveals = Collection.make("reveals", {
  schema: Reveal,
  key: (reveal) => reveal.id,
  indexes: { expiry: due("expiresAt") },
  expires: "expiresAt",
})

/** The hour of an instant: its first millisecond, and that of the one after the next, when its counts may go. */
export const hourOf = (at: Timestamp): { readonly from: Timestamp; readonly until: Timestamp } => {
  const from = at - (at % HOUR_MILLIS)
  return { from: from as Timestamp, until: (from + 2 * HOUR_MILLIS) as Timestamp }
}
