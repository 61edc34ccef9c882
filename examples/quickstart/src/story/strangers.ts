import { enterPartition, findAuditEvents, readOrder } from "@oto-fulfilment/core"
import { Effect, Result } from "effect"
import { everyOrder } from "./everyOrder.ts"
import type { OpenShop } from "./openShops.ts"

interface StrangerReport {
  /** What one merchant's owner got who went into the other's rooms, and who asked at home for the other's order. */
  readonly atTheDoor: string
  readonly atHome: string
  /** What is in the audit log of the one who tried. */
  readonly events: ReadonlyArray<string>
}

/** One merchant's owner tries to read an order of another merchant's, in both ways that there are. */
export const tryToReadAnothers = Effect.fn("tryToReadAnothers")(function* (
  stranger: OpenShop,
  other: OpenShop,
  onEach: () => void = () => {},
) {
  const [view] = yield* everyOrder(other)
  if (view === undefined) return yield* Effect.die(new Error(`${other.name} has no order`))
  const read = readOrder({ order: view.order.id })
  const theirs = yield* Effect.result(enterPartition(stranger.owner, other.merchant)(read))
  onEach()
  const own = yield* Effect.result(enterPartition(stranger.owner, stranger.merchant)(read))
  onEach()
  const { items } = yield* enterPartition(
    stranger.owner,
    stranger.merchant,
  )(findAuditEvents({ action: "enterPartition" }))
  const outcome = (result: Result.Result<unknown, { readonly _tag: string }>) =>
    Result.isFailure(result) ? result.failure._tag : "an order"
  return {
    atTheDoor: outcome(theirs),
    atHome: outcome(own),
    events: items.map(
      ({ actor, action, outcome, reason }) =>
        `${actor.id} ${action}: ${outcome}${reason === undefined ? "" : `, ${reason}`}`,
    ),
  } satisfies StrangerReport
})
