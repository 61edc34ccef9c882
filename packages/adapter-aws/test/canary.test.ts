import { inspect } from "node:util"
import type { WrappedKey } from "@oto-fulfilment/core"
import { Effect, Logger, Redacted, References, Tracer } from "effect"
import { describe, expect, it } from "vitest"
import type { EmulatedFault } from "../src/testing/index.ts"
import { inKmsWorld, PERSONAL } from "./kmsWorld.ts"
import { inSecretsWorld, REF } from "./secretsWorld.ts"

const CANARY = "canary-7f3a91-secret-value"

const FAULTS: ReadonlyArray<EmulatedFault> = [
  { kind: "error", name: "AccessDeniedException" },
  { kind: "error", name: "ValidationException" },
  { kind: "truncated" },
  { kind: "garbled" },
]

/** All that the work let out: log lines, spans, and the errors that it failed with. */
const tellingOf = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const told: Array<unknown> = []
    const spans: Array<Tracer.NativeSpan> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      },
    })
    const logger = Logger.make((line) => told.push(line))
    const exit = yield* work.pipe(
      Effect.tapCause((cause) => Effect.logError("failed", cause)),
      Effect.exit,
      Effect.provideService(Tracer.Tracer, tracer),
      Effect.provide(Logger.layer([logger])),
      Effect.provideService(References.MinimumLogLevel, "All"),
    )
    told.push(exit, ...spans.map(({ name, attributes, status }) => ({ name, attributes, status })))
    expect(spans.length).toBeGreaterThan(0)
    return told
      .map(
        (each) =>
          `${inspect(each, { depth: 12, showHidden: true })} ${JSON.stringify(each, safely)}`,
      )
      .join("\n")
  })

const safely = (_: string, each: unknown) => (typeof each === "bigint" ? String(each) : each)

/** The forms in which bytes could stand in a text. */
const formsOf = (bytes: Uint8Array): ReadonlyArray<string> => {
  const buffer = Buffer.from(bytes)
  return [
    buffer.toString("base64"),
    buffer.toString("base64url"),
    buffer.toString("hex"),
    buffer.toString("latin1"),
    [...bytes].join(","),
    [...bytes].join(", "),
  ]
}

const absent = (told: string, forms: ReadonlyArray<string>) => {
  for (const form of forms) expect(told.includes(form)).toBe(false)
}

describe("no plain key", () => {
  it("is in what newKey, unwrap and rewrap let out", () =>
    inKmsWorld(({ kms, ring }) =>
      Effect.gen(function* () {
        const opened = yield* ring()
        let key = new Uint8Array()
        let wrapped = "" as WrappedKey
        const toldOfNew = yield* tellingOf(
          Effect.map(opened.newKey(PERSONAL), (made) => {
            key = Uint8Array.from(Redacted.value(made.plain))
            wrapped = made.wrapped
            return made
          }),
        )
        expect(key).toHaveLength(32)
        absent(toldOfNew, formsOf(key))
        absent(yield* tellingOf(opened.unwrap(PERSONAL, wrapped)), formsOf(key))
        absent(yield* tellingOf(opened.rewrap(PERSONAL, wrapped)), formsOf(key))
        for (const fault of FAULTS) {
          yield* kms.inject(fault, { times: 3 })
          absent(yield* tellingOf(opened.unwrap(PERSONAL, wrapped)), formsOf(key))
          yield* kms.heal
        }
      }),
    ))

  it("would be found: the search sees one that is not redacted", () =>
    Effect.runPromise(
      Effect.gen(function* () {
        const key = new Uint8Array(32).map((_, at) => at * 7)
        const told = yield* tellingOf(
          Effect.withSpan(Effect.fail({ key: Buffer.from(key).toString("hex") }), "leak"),
        )
        expect(formsOf(key).some((form) => told.includes(form))).toBe(true)
      }),
    ))
})

describe("no secret", () => {
  it.each([undefined, ...FAULTS])(
    "is in what put, get and delete let out, with fault %j",
    (fault) =>
      inSecretsWorld(({ service, store }) =>
        Effect.gen(function* () {
          const secret = Redacted.make(CANARY)
          const forms = [CANARY, ...formsOf(Buffer.from(CANARY))]
          yield* store.put(REF, secret)
          const told = (work: Effect.Effect<unknown, unknown>) =>
            Effect.gen(function* () {
              if (fault !== undefined) yield* service.inject(fault, { times: 3 })
              absent(yield* tellingOf(work), forms)
              yield* service.heal
            })
          yield* told(store.put(REF, secret))
          yield* told(store.get(REF))
          yield* told(store.delete(REF))
        }),
      ),
  )
})
