import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type AuditEvent,
  AuditEventId,
  eventRules,
  inTime,
  outOfHours,
  tellOnce,
  whereRuleHolds,
} from "../../src/audit/index.ts"
import { type Timestamp, TimeZone } from "../../src/kernel/index.ts"
import { naivelyHolds, naivelyTold } from "./naiveAlerts.ts"

const rules = [...eventRules, outOfHours({ zone: TimeZone.make("Europe/London"), from: 5, to: 23 })]

const START = Date.UTC(2026, 2, 28, 20)

const kinds = [
  { action: "signIn", outcome: "refused", object: { kind: "address", id: "a-1" } },
  { action: "signIn", outcome: "done", object: { kind: "address", id: "a-1" } },
  { action: "enterPartition", outcome: "refused", object: { kind: "partition", id: "p" } },
  { action: "revealForLabel", outcome: "refused", object: { kind: "order", id: "o" } },
  { action: "revealForLabel", outcome: "done", object: { kind: "order", id: "o" } },
  { action: "revealForPackingSlip", outcome: "done", object: { kind: "order", id: "o" } },
  { action: "breakGlass", outcome: "done", object: { kind: "order", id: "o" } },
  { action: "refreshSession", outcome: "refused", object: { kind: "session", id: "s" } },
  {
    action: "openSealed",
    outcome: "refused",
    object: { kind: "order", id: "o" },
    reason: "Tampered",
  },
  { action: "openSealed", outcome: "refused", object: { kind: "order", id: "o" }, reason: "Busy" },
  { action: "grantRole", outcome: "done", object: { kind: "role", id: "privacy_officer" } },
  { action: "grantRole", outcome: "done", object: { kind: "role", id: "picker" } },
  { action: "readCredential", outcome: "done", object: { kind: "credential", id: "c" } },
  { action: "recordPick", outcome: "done", object: { kind: "order", id: "o" } },
] as const

/** Bursts of one kind of event by one actor, over its own objects or the same one, a few seconds or minutes apart. */
const burst = fc.record({
  kind: fc.constantFrom(...kinds),
  actor: fc.constantFrom("u-1", "u-2"),
  machine: fc.boolean(),
  count: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 18, max: 70 })),
  gap: fc.constantFrom(0, 1, 1_000, 30_000, 180_000, 224_999, 225_000, 450_000, 1_800_000),
  start: fc.integer({ min: 0, max: 12 * 3_600_000 }),
  objects: fc.constantFrom(1, 3, 60),
})

const events = fc.array(burst, { minLength: 1, maxLength: 5 }).map((bursts) =>
  bursts
    .flatMap(({ kind, actor, machine, count, gap, start, objects }, place) =>
      Array.from({ length: count }, (_, step): AuditEvent => {
        const tail = (place * 1_000 + step).toString(16).padStart(12, "0")
        return {
          ...kind,
          id: AuditEventId.make(`01890a5d-ac96-774b-8cce-${tail}`),
          at: (START + start + step * gap) as Timestamp,
          actor: { kind: machine ? "integration" : "user", id: actor },
          object: {
            ...kind.object,
            id: kind.object.kind === "order" ? `o-${step % objects}` : kind.object.id,
          },
        }
      }),
    )
    .sort(inTime),
)

describe("every rule (R37)", () => {
  it.each(rules.map((rule) => [rule.rule, rule] as const))(
    "%s holds where a plain count says so, and is told once a window",
    (_, rule) => {
      fc.assert(
        fc.property(events, (stream) => {
          const holds = whereRuleHolds(rule, stream)
          const expected = naivelyHolds(rule, stream)
          expect(
            holds.map(({ subject, window, count }) => ({ subject, to: window.to, count })),
          ).toEqual(expected)
          const told = tellOnce(holds, () => undefined).map(({ subject, window }) => ({
            subject,
            to: window.to,
          }))
          expect(told).toEqual(
            naivelyTold(expected, rule.windowMillis).map(({ subject, to }) => ({ subject, to })),
          )
          for (const { window } of holds) {
            expect(window.from).toBeGreaterThan(window.to - rule.windowMillis)
            expect(window.from).toBeLessThanOrEqual(window.to)
          }
        }),
        { numRuns: 150 },
      )
    },
  )

  it.each(rules.map((rule) => [rule.rule, rule] as const))("%s can hold", (_, rule) => {
    const met = fc
      .sample(events, { numRuns: 400, seed: 11 })
      .some((stream) => whereRuleHolds(rule, stream).length > 0)
    expect(met).toBe(true)
  })
})
