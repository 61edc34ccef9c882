import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Alert } from "../audit/index.ts"
import { Notifier, NotifierUnavailable } from "../integration/index.ts"

/** A notifier that keeps what it was told, for tests. */
export interface RecordingNotifier {
  readonly layer: Layer.Layer<Notifier>
  /** Alerts that arrived, in order. */
  readonly told: ReadonlyArray<Alert>
  /** From now on nothing arrives. */
  readonly break: () => void
  /** It listens again. */
  readonly mend: () => void
}

/** A notifier in memory, which can be taken down. */
export const recordingNotifier = (): RecordingNotifier => {
  const told: Array<Alert> = []
  let down = false
  return {
    told,
    break: () => {
      down = true
    },
    mend: () => {
      down = false
    },
    layer: Layer.succeed(Notifier, {
      notify: (alert) =>
        Effect.suspend(() => {
          if (down) return Effect.fail(new NotifierUnavailable({ reason: "taken down" }))
          told.push(alert)
          return Effect.void
        }),
    }),
  }
}
