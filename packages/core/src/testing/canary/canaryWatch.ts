import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import type { Haystack } from "./findCanaries.ts"
import { haystacksOf } from "./haystacksOf.ts"

/** Keeps all that work tells the world of itself. */
export interface CanaryWatch {
  /** Put it around the work: it keeps every log line at every level, every span and every metric. */
  readonly layer: Layer.Layer<never>
  /**
   * Keeps something else: a request or response that a simulator saw, an error that a caller got, a document.
   *
   * @param place what findings call it
   * @param value in any form that `haystacksOf` takes
   */
  readonly record: (place: string, value: unknown) => void
  /** All that was kept so far, for `findCanaries`. */
  readonly haystacks: () => ReadonlyArray<Haystack>
}

/**
 * A watch over work: `Effect.provide(work, watch.layer)`. It takes the place of the work's tracer and metrics and stands
 * beside its loggers.
 */
export const canaryWatch = (): CanaryWatch => {
  const kept: Array<Haystack> = []
  const spans: Array<Tracer.NativeSpan> = []
  const metrics: Metric.MetricRegistry = new Map()
  const record = (place: string, value: unknown) => {
    kept.push(...haystacksOf(place, value))
  }

  const logger = Logger.make((line) => {
    for (const format of [Logger.formatLogFmt, Logger.formatJson, Logger.formatSimple])
      record("log", format.log(line))
    record("log", [line.message, Logger.formatStructured.log(line)])
    record("log", line.cause)
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
      Logger.layer([logger], { mergeWithExisting: true }),
      Layer.succeed(References.MinimumLogLevel, "Trace"),
      Layer.succeed(Tracer.Tracer, tracer),
      Layer.succeed(Metric.MetricRegistry, metrics),
    ),
    record,
    haystacks: () => [
      ...kept,
      ...spans.flatMap((span) => haystacksOf(`span ${span.name}`, spanContent(span))),
      ...Metric.snapshotUnsafe(Context.make(Metric.MetricRegistry, metrics)).flatMap((metric) =>
        haystacksOf(`metric ${metric.id}`, metric),
      ),
    ],
  }
}

const spanContent = ({ name, attributes, events, links, status }: Tracer.NativeSpan) => ({
  name,
  attributes: [...attributes],
  events,
  links: links.map((link) => link.attributes),
  status,
})
