import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import {
  type AuditFacts,
  AuditLog,
  eventRules,
  inTime,
  outOfHours,
  RevealHours,
} from "../../src/audit/index.ts"
import { evaluateAlerts, Outbox } from "../../src/integration/index.ts"
import { Ids } from "../../src/kernel/index.ts"
import { Store } from "../../src/store/index.ts"
import { write } from "../audit/auditWorld.ts"
import { naivelyHolds, naivelyTold } from "../audit/naiveAlerts.ts"
import { unevenDriver } from "../party/unevenDriver.ts"
import { inside, MERCHANT_A } from "../world.ts"

/** What somebody does again and again, or the clock going on, or alerts being looked for. */
type Act =
  | {
      readonly act: "does"
      readonly what: number
      readonly who: string
      readonly times: number
      readonly gap: number
    }
  | { readonly act: "waits"; readonly millis: number }
  | { readonly act: "looks"; readonly at: number; readonly cut: number | undefined }

const deeds: ReadonlyArray<(who: string, time: number) => Partial<AuditFacts>> = [
  (id) => ({
    action: "signIn",
    outcome: "refused",
    actor: user(id),
    object: { kind: "address", id: "a" },
  }),
  (id, time) => ({
    action: "revealForLabel",
    actor: user(id),
    object: { kind: "order", id: `o-${time}` },
  }),
  (id) => ({
    action: "revealForLabel",
    outcome: "refused",
    actor: user(id),
    reason: "RevealRefused",
  }),
  (id) => ({ action: "enterPartition", outcome: "refused", actor: user(id), reason: "NotFound" }),
  (id) => ({ action: "recordPick", actor: user(id) }),
]
const user = (id: string) => ({ kind: "user", id }) as const

const MINUTE = 60_000
const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    act: fc.constant("does" as const),
    what: fc.nat({ max: deeds.length - 1 }),
    who: fc.constantFrom("u-1", "u-2"),
    times: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constant(55)),
    gap: fc.constantFrom(0, 1_000, 3 * MINUTE, 20 * MINUTE),
  }),
  fc.record({
    act: fc.constant("waits" as const),
    millis: fc.constantFrom(1, 10 * MINUTE, 60 * MINUTE, 7 * 60 * MINUTE, 30 * 60 * MINUTE),
  }),
  fc.record({
    act: fc.constant("looks" as const),
    at: fc.constantFrom(1, 1, 2, 3),
    cut: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
  }),
)

const history = fc.record({
  acts: fc.array(acts, { minLength: 1, maxLength: 10 }),
  pace: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 }),
})

const live = Effect.fnUntraced(function* (acts: ReadonlyArray<Act>) {
  yield* TestClock.setTime(Date.UTC(2026, 5, 1, 10))
  let time = 0
  const next = () => time++
  for (const each of acts) {
    if (each.act === "waits") yield* TestClock.adjust(each.millis)
    if (each.act === "does") yield* act(each, next)
    if (each.act === "looks") yield* look(each)
  }
  yield* evaluateAlerts
})

const act = Effect.fnUntraced(function* (
  { what, who, times, gap }: Extract<Act, { act: "does" }>,
  next: () => number,
) {
  for (let step = 0; step < times; step++) {
    yield* write(deeds[what]?.(who, next()))
    yield* TestClock.adjust(gap)
  }
})

/** Several look at once; the first may be cut off. */
const look = Effect.fnUntraced(function* ({ at, cut }: Extract<Act, { act: "looks" }>) {
  const first = yield* Effect.forkChild(evaluateAlerts)
  const others = yield* Effect.forEach(Array.from({ length: at - 1 }), () =>
    Effect.forkChild(evaluateAlerts),
  )
  for (let turn = 0; turn < (cut ?? 0); turn++) yield* Effect.yieldNow
  yield* cut === undefined ? Fiber.await(first) : Fiber.interrupt(first)
  yield* Effect.forEach(others, Fiber.join)
})

const told = Effect.gen(function* () {
  const store = yield* Store
  const messages = yield* Stream.runCollect(store.scan(Outbox))
  return messages
    .map(({ value }) => value.body as { rule: string; subject: object; window: { to: number } })
    .map(({ rule, subject, window }) => ({ rule, subject, to: window.to }))
    .sort(inOrder)
})

interface Told {
  readonly rule: string
  readonly subject: object
  readonly to: number
}
const inOrder = (a: Told, b: Told) =>
  a.rule.localeCompare(b.rule) ||
  a.to - b.to ||
  JSON.stringify(a.subject).localeCompare(JSON.stringify(b.subject))

const expected = Effect.gen(function* () {
  const store = yield* Store
  const rules = [...eventRules, outOfHours(yield* RevealHours)]
  const events = (yield* Stream.runCollect(store.scan(AuditLog)))
    .map(({ value }) => value)
    .sort(inTime)
  return rules
    .flatMap((rule) =>
      naivelyTold(naivelyHolds(rule, events), rule.windowMillis).map(({ subject, to }) => ({
        rule: rule.rule as string,
        subject,
        to,
      })),
    )
    .sort(inOrder)
})

describe("alerts", () => {
  it.effect(
    "are raised exactly once for each window, whoever looks, however often, and whatever breaks off",
    () =>
      Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(history, ({ acts, pace }) =>
            Effect.runPromise(
              Effect.gen(function* () {
                yield* live(acts)
                expect(yield* told).toEqual(yield* expected)
              }).pipe(
                inside(MERCHANT_A),
                Effect.provide(
                  Layer.mergeAll(
                    Store.layer([]).pipe(Layer.provide(unevenDriver(pace))),
                    Ids.layer,
                    TestClock.layer(),
                  ),
                ),
              ),
            ),
          ),
          { numRuns: 100 },
        ),
      ),
  )
})
