import * as Cause from "effect/Cause"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import { plainText } from "./plainText.ts"
import type { Ending } from "./RetentionTrace.ts"

/** Keeps what the engine tells of itself in one history: log lines, spans, and the errors that callers got. */
export interface TellTale {
  readonly layer: Layer.Layer<never>
  readonly hear: (ending: Ending) => void
  /** All of it, as text. */
  readonly all: () => ReadonlyArray<string>
}

/** Listens to one history. Nothing of it is printed. */
export const tellTale = (): TellTale => {
  const heard: Array<string> = []
  const spans: Array<Tracer.NativeSpan> = []
  const logger = Logger.make(({ message, cause }) => {
    heard.push(`${String(message)} ${plainText(message)} ${Cause.pretty(cause)}`)
  })
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    },
  })
  return {
    layer: Layer.mergeAll(
      Logger.layer([logger]),
      Layer.succeed(References.MinimumLogLevel, "Trace"),
      Layer.succeed(Tracer.Tracer, tracer),
    ),
    hear: (ending) => {
      if (ending.end === "refused") heard.push(ending.says)
      // What is shown prints as `<redacted>`.
      if (ending.end === "done") heard.push(plainText(ending.answer))
    },
    all: () => [
      ...heard,
      ...spans.map(
        ({ name, attributes, events }) => `${name} ${plainText([[...attributes], events])}`,
      ),
    ],
  }
}
