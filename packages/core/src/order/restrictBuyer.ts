import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type CommandContext, command, unchanged } from "../command/index.ts"
import { Timestamp } from "../kernel/index.ts"
import { replace } from "../store/index.ts"
import { loadBuyer } from "./loadBuyer.ts"
import { OrderId } from "./Order.ts"

const Input = Schema.Struct({ order: OrderId })

/** Since when the data is not used, if it is not, and when it goes whatever happens. */
const Restriction = Schema.Struct({
  order: OrderId,
  restrictedAt: Schema.optionalKey(Timestamp),
  deadline: Timestamp,
})

const decide = (restrict: boolean) =>
  Effect.fnUntraced(function* (
    { order: id }: typeof Input.Type,
    { at }: Pick<CommandContext, "at">,
  ) {
    const { root, sealed, deadline } = yield* loadBuyer(id, at)
    const about = { kind: "order", id: root.value.id }
    const { restrictedAt, ...rest } = sealed.value
    const since = restrict ? (restrictedAt ?? at) : undefined
    const answer = {
      order: root.value.id,
      deadline,
      ...(since !== undefined && { restrictedAt: since }),
    }
    if (since === restrictedAt) return unchanged(about, answer)
    const next = since === undefined ? rest : { ...rest, restrictedAt: since }
    return { about, entries: [replace(sealed, next)], answer }
  })

/**
 * Keeps the buyer's data of an order, but uses it no more: every reveal is refused until the restriction is lifted
 * (R50). It does not stop the deadline.
 *
 * Fails with `BuyerNotHeld`, `PiiAnonymised` and `NotFound`.
 */
export const restrictBuyer = command({
  action: "restrictBuyer",
  standings: ["active", "on_stop", "suspended", "closing"],
  input: Input,
  answer: Restriction,
  decide: decide(true),
})

/** Ends a restriction: the data may be used again, until its deadline (R50). Fails as `restrictBuyer` does. */
export const liftBuyerRestriction = command({
  action: "liftBuyerRestriction",
  standings: ["active", "on_stop", "suspended", "closing"],
  input: Input,
  answer: Restriction,
  decide: decide(false),
})
