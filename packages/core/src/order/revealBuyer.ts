import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import {
  type Action,
  authorise,
  CurrentActor,
  mayReveal,
  NotFound,
  type RevealPurpose,
  recordRefusal,
} from "../access/index.ts"
import { AuditLog, auditEvent, REVEALS_PER_HOUR } from "../audit/index.ts"
import { admit, Busy, invalidInput } from "../command/index.ts"
import { now, type PiiField } from "../kernel/index.ts"
import { type BuyerData, Vault } from "../privacy/index.ts"
import { check, insert, Store } from "../store/index.ts"
import { BreakGlasses, BreakGlassId, BreakGlassRefused } from "./BreakGlass.ts"
import { draftAllowance } from "./draftAllowance.ts"
import { loadBuyer, PiiAnonymised } from "./loadBuyer.ts"
import { OrderId } from "./Order.ts"
import { isSameActor } from "./requestBreakGlass.ts"
import { revealStagesOf } from "./revealStages.ts"

/** What a courier's label needs of a buyer (R17). E-mail is not in it. */
export type LabelBuyer = { readonly order: OrderId } & Pick<BuyerData, "name" | "address" | "phone">

/** What a packing slip needs of a buyer. */
export type PackingSlipBuyer = { readonly order: OrderId } & Pick<BuyerData, "name" | "address">

/** The buyer is not shown: the actor's roles do not allow it at this stage of the order, or the data is restricted. */
export class RevealRefused extends Schema.TaggedError<RevealRefused>()("RevealRefused", {
  order: Schema.String,
  purpose: Schema.String,
  /** `stage`: not now, or not for these roles. `restricted`: the buyer objected (R50). `deleted`: the order is. */
  reason: Schema.Literals(["stage", "restricted", "deleted"]),
}) {
  override get message() {
    return `the buyer of the order ${this.order} is not shown for ${this.purpose}: ${this.reason}`
  }
}

/** The actor was shown as many buyers as an hour allows (R46). Refused until the next one. */
export class RevealLimit extends Schema.TaggedError<RevealLimit>()("RevealLimit", {
  actor: Schema.String,
  limit: Schema.Int,
}) {
  override get message() {
    return `${this.actor} was shown the buyers of ${this.limit} orders within the hour`
  }
}

/** Races that a reveal may lose before it gives up as `Busy`. */
const MAX_TRIES = 8

/** A merchant that is closed is shown nobody any more, whether or not its data was removed yet (R40). */
const NOT_CLOSED = ["active", "on_stop", "suspended", "closing"] as const

const Input = Schema.Struct({ order: OrderId })
const PassInput = Schema.Struct({ pass: BreakGlassId })
const decodeInput = Schema.decodeUnknownResult(Input, { onExcessProperty: "error", errors: "all" })
const decodePass = Schema.decodeUnknownResult(PassInput, {
  onExcessProperty: "error",
  errors: "all",
})

/** What is shown to whom, and by which right: that of the actor's roles, or of a pass. */
interface Showing<Field extends PiiField> {
  readonly action: Action
  readonly purpose: RevealPurpose
  readonly order: OrderId
  readonly fields: ReadonlyArray<Field>
  readonly byPass: boolean
}

/**
 * Shows some fields of one order's buyer for a purpose. The audit event is committed before anything is opened, in one
 * batch with a check that the data is still there: no event, no reveal (I10). Nothing shows more than one buyer (R46).
 */
const show = Effect.fnUntraced(function* <const Field extends PiiField>({
  action,
  purpose,
  order: id,
  fields,
  byPass,
}: Showing<Field>) {
  const store = yield* Store
  const vault = yield* Vault
  const { ref: actor, roles } = yield* CurrentActor
  const object = { kind: "order", id }
  const refused = (reason: RevealRefused["reason"]) =>
    new RevealRefused({ order: id, purpose, reason })

  const attempt = Effect.gen(function* () {
    const at = yield* now
    const { order, root, sealed, deadline } = yield* loadBuyer(id, at)
    if (root.value.deletedAt !== undefined) return yield* refused("deleted")
    if (sealed.value.restrictedAt !== undefined) return yield* refused("restricted")
    if (!byPass && !mayReveal(purpose, roles, revealStagesOf(order.value)))
      return yield* refused("stage")
    const standing = yield* admit(action, NOT_CLOSED)
    const allowance = yield* draftAllowance(actor, id, at)
    const event = yield* auditEvent({ at, actor, action, object, purpose, outcome: "done" })
    yield* store.commit([
      ...allowance.entries,
      check(sealed),
      check(standing),
      insert(AuditLog, event),
    ])
    const view = yield* vault.open(sealed.value, fields)
    // Opening may have waited for the key ring: the deadline holds at the moment of showing.
    if ((yield* now) >= deadline) return yield* new PiiAnonymised({ order: id })
    return { order: id, ...view }
  }).pipe(
    Effect.catchTags({
      Insufficient: () =>
        Effect.fail(new RevealLimit({ actor: actor.id, limit: REVEALS_PER_HOUR })),
      TooLarge: Effect.die,
    }),
  )

  return yield* attempt.pipe(
    Effect.retry({
      times: MAX_TRIES,
      while: ({ _tag }) => _tag === "Conflict" || _tag === "Duplicate",
    }),
    Effect.catchTags({
      Conflict: () => Effect.fail(new Busy({ command: action, tries: MAX_TRIES })),
      Duplicate: () => Effect.fail(new Busy({ command: action, tries: MAX_TRIES })),
    }),
    Effect.tapError(({ _tag }) =>
      _tag === "StoreUnavailable" ? Effect.void : recordRefusal(action, object, _tag, purpose),
    ),
  )
})

const reveal = Effect.fnUntraced(function* <const Field extends PiiField>(
  action: Action,
  purpose: RevealPurpose,
  raw: typeof Input.Encoded,
  fields: ReadonlyArray<Field>,
) {
  yield* authorise(action)
  const input = decodeInput(raw)
  if (Result.isFailure(input)) return yield* invalidInput(action, input.failure)
  const { order } = input.success
  return yield* show({ action, purpose, order, fields, byPass: false })
})

/**
 * Shows name, address and phone number of one order's buyer, for its label, from when the order is packed until the
 * deadline; owners and managers from its release on (R6, R17). The values are `Redacted`: they print as `<redacted>`.
 *
 * Fails with `RevealRefused`, `RevealLimit`, `StandingRefused` for a closed merchant, `PiiAnonymised` from the deadline on, `BuyerNotHeld` before the data was
 * fetched, `NotFound`, and with what the vault fails with. Every refusal is recorded.
 */
export const revealForLabel = Effect.fn("revealForLabel")((input: typeof Input.Encoded) =>
  reveal("revealForLabel", "label", input, ["name", "address", "phone"]),
)

/**
 * Shows name and address of one order's buyer, for its packing slip, while the order is picked and packed; owners and
 * managers from its release on (R6). Fails as `revealForLabel` does.
 */
export const revealForPackingSlip = Effect.fn("revealForPackingSlip")(
  (input: typeof Input.Encoded) =>
    reveal("revealForPackingSlip", "packing_slip", input, ["name", "address"]),
)

/**
 * Shows name, address and phone number of the buyer of the order that a pass is for, to the actor who asked for it,
 * within the hour of its approval and before the deadline. Each time leaves an event and raises an alert.
 *
 * Fails with `BreakGlassRefused`, `NotFound`, and as `revealForLabel` does.
 */
export const revealUnderBreakGlass = Effect.fn("revealUnderBreakGlass")(function* (
  raw: typeof PassInput.Encoded,
) {
  const action = "revealUnderBreakGlass"
  yield* authorise(action)
  const input = decodePass(raw)
  if (Result.isFailure(input)) return yield* invalidInput(action, input.failure)
  const order = yield* requirePass(input.success.pass).pipe(
    Effect.tapError(({ _tag }) =>
      _tag === "StoreUnavailable"
        ? Effect.void
        : recordRefusal(action, { kind: "break_glass", id: input.success.pass }, _tag, "label"),
    ),
  )
  const fields = ["name", "address", "phone"] as const
  return yield* show({ action, purpose: "label", order, fields, byPass: true })
})

const requirePass = Effect.fnUntraced(function* (id: BreakGlassId) {
  const stored = yield* (yield* Store).get(BreakGlasses, id)
  if (Option.isNone(stored)) return yield* new NotFound({ kind: "break_glass", id })
  const { ref: actor } = yield* CurrentActor
  const pass = stored.value.value
  const refused = (reason: BreakGlassRefused["reason"]) =>
    new BreakGlassRefused({ pass: id, reason })
  if (!isSameActor(pass.requestedBy, actor)) return yield* refused("another_actor")
  if (pass.approvedBy === undefined) return yield* refused("not_approved")
  if (pass.expiresAt <= (yield* now)) return yield* refused("expired")
  return pass.order
})
