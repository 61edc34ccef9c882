import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Alert } from "../audit/index.ts"
import { onMessage } from "./Delivery.ts"
import { topic } from "./Outbox.ts"

/** The alert did not reach whom it is for. It is sent again. */
export class NotifierUnavailable extends Schema.TaggedError<NotifierUnavailable>()(
  "NotifierUnavailable",
  { reason: Schema.String },
) {
  override get message() {
    return `the alert could not be sent: ${this.reason}`
  }
}

/**
 * Where alerts go: a pager, a mailbox, an incident tool. An alert holds ids and figures only; `alertText` puts it into
 * a line.
 *
 * Law: `notify` succeeds only when somebody will see the alert. It may be asked twice for the same one (same rule,
 * partition, subject and window).
 */
export class Notifier extends Context.Service<
  Notifier,
  {
    /** Tells somebody, or fails so that it is tried again. */
    readonly notify: (alert: Alert) => Effect.Effect<void, NotifierUnavailable>
  }
>()("@oto-fulfilment/core/Notifier") {}

/** An alert that a rule has raised (R37). */
export const AlertRaised = topic("alert.raised", Alert)

/**
 * The subscriber that hands alerts to the `Notifier`: give it to the host's worker. While the notifier is down alerts
 * stay with their jobs and are tried again; none is lost.
 */
export const notifyAlerts = onMessage(
  AlertRaised,
  (alert) => Effect.flatMap(Notifier, (notifier) => notifier.notify(alert)).pipe(Effect.as([])),
  { subscriber: "notifier" },
)
