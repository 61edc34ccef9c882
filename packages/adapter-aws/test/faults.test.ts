import { Cause, Effect, Exit, Fiber, Redacted, Schedule } from "effect"
import { describe, expect, it } from "vitest"
import type { EmulatedFault } from "../src/testing/index.ts"
import { inKmsWorld, PERSONAL } from "./kmsWorld.ts"

const hang: EmulatedFault = { kind: "hang" }
const throttled: EmulatedFault = { kind: "error", name: "ThrottlingException" }

/** Waits until the condition holds; the test's own limit ends what never comes. */
const until = (holds: Effect.Effect<boolean>) =>
  Effect.repeat(holds, { until: (met) => met, schedule: Schedule.spaced("5 millis") })

describe("a fault that passes", () => {
  it.each<[string, EmulatedFault]>([
    ["a fault of the service", { kind: "error", name: "KMSInternalException" }],
    ["throttling", throttled],
    ["a reset connection", { kind: "reset" }],
    ["an answer that breaks off", { kind: "truncated" }],
    ["a service that hangs", hang],
  ])("%s: the third attempt succeeds", (_, fault) =>
    inKmsWorld(({ kms, ring, asked }) =>
      Effect.gen(function* () {
        const opened = yield* ring({ timeLimitMillis: 6000 })
        const { plain, wrapped } = yield* opened.newKey(PERSONAL)
        yield* kms.inject(fault, { times: 2 })
        let seen: ReadonlyArray<number> = []
        const requests = yield* asked(
          Effect.map(opened.unwrap(PERSONAL, wrapped), (key) => {
            seen = [...Redacted.value(key)]
          }),
        )
        expect(seen).toEqual([...Redacted.value(plain)])
        expect(requests).toHaveLength(3)
      }),
    ),
  )

  it.each<[string, EmulatedFault, string]>([
    ["a service that hangs", hang, "no answer in 900 ms"],
    ["resets", { kind: "reset" }, "ECONNRESET"],
    ["answers that break off", { kind: "truncated" }, "ECONNRESET"],
  ])("does not pass for ever: %s", (_, fault, reason) =>
    inKmsWorld(({ kms, ring, asked }) =>
      Effect.gen(function* () {
        const opened = yield* ring({ timeLimitMillis: fault === hang ? 900 : 20_000 })
        yield* kms.inject(fault, { times: 9 })
        let failure: unknown
        const requests = yield* asked(
          Effect.map(Effect.flip(opened.newKey(PERSONAL)), (error) => {
            failure = error
          }),
        )
        expect(failure).toMatchObject({ _tag: "KeyRingUnavailable", reason, retryable: true })
        expect(requests.length).toBeLessThanOrEqual(3)
      }),
    ),
  )

  it("may be a page of something in between: it is no answer, and is not asked for again", () =>
    inKmsWorld(({ kms, ring, asked }) =>
      Effect.gen(function* () {
        const opened = yield* ring()
        yield* kms.inject({ kind: "garbled" }, { times: 9 })
        const requests = yield* asked(
          Effect.map(Effect.flip(opened.newKey(PERSONAL)), (error) =>
            expect(error).toMatchObject({
              _tag: "KeyRingUnavailable",
              reason: "an unreadable answer",
              retryable: true,
            }),
          ),
        )
        expect(requests).toHaveLength(1)
      }),
    ))

  it("may be this machine's clock: the SDK corrects it by the service's, and asks once more", () =>
    inKmsWorld(({ kms, ring, asked }) =>
      Effect.gen(function* () {
        const opened = yield* ring()
        yield* kms.skewClock(3_600_000)
        expect(yield* asked(opened.newKey(PERSONAL))).toHaveLength(2)
        expect(yield* asked(opened.newKey(PERSONAL))).toHaveLength(1)
        expect((yield* kms.requests).at(-3)?.outcome).toBe("InvalidSignatureException")
      }),
    ))
})

describe("an interruption", () => {
  it("aborts the request in flight", () =>
    inKmsWorld(({ kms, ring }) =>
      Effect.gen(function* () {
        const opened = yield* ring()
        yield* kms.inject(hang)
        const fiber = yield* Effect.forkChild(opened.newKey(PERSONAL))
        yield* until(Effect.map(kms.open, (open) => open === 1))
        yield* Fiber.interrupt(fiber)
        const exit = yield* Fiber.await(fiber)
        expect(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)).toBe(true)
        yield* until(Effect.map(kms.open, (open) => open === 0))
      }),
    ))

  it("between two attempts lets no other follow", () =>
    inKmsWorld(({ kms, ring }) =>
      Effect.gen(function* () {
        const opened = yield* ring()
        const before = (yield* kms.requests).length
        yield* kms.inject(throttled, { times: 9 })
        const fiber = yield* Effect.forkChild(opened.newKey(PERSONAL))
        yield* until(Effect.map(kms.requests, (requests) => requests.length > before))
        yield* Fiber.interrupt(fiber)
        const interrupted = (yield* kms.requests).length
        // Longer than the SDK waits between any two of three attempts.
        yield* Effect.sleep("2500 millis")
        expect((yield* kms.requests).length).toBe(interrupted)
      }),
    ))
})

describe("a service that is away", () => {
  it("is not available, and nothing passes", () =>
    inKmsWorld(({ ring }) =>
      Effect.gen(function* () {
        const opened = yield* ring({ endpoint: "http://127.0.0.1:1" })
        for (const work of [
          opened.newKey(PERSONAL),
          opened.health,
          opened.sign(new Uint8Array(32)),
        ])
          expect(yield* Effect.flip(work as Effect.Effect<unknown, unknown>)).toMatchObject({
            _tag: "KeyRingUnavailable",
            reason: "ECONNREFUSED",
            retryable: true,
          })
      }),
    ))
})
