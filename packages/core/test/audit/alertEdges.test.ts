import { describe, expect, it } from "vitest"
import {
  type Alert,
  type AuditEvent,
  AuditEventId,
  type AuditFacts,
  alertText,
  eventRules,
  farAbovePattern,
  judgeWatched,
  outOfHours,
  ReviewInterval,
  reviewDue,
  whereRuleHolds,
} from "../../src/audit/index.ts"
import { type Timestamp, TimeZone } from "../../src/kernel/index.ts"
import { MERCHANT_A } from "../world.ts"

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = Date.UTC(2026, 5, 1, 12)
const at = (millis: number) => (START + millis) as Timestamp

let made = 0
const event = (millis: number, facts: Partial<AuditFacts>): AuditEvent => ({
  id: AuditEventId.make(`01890a5d-ac96-774b-8cce-${(++made).toString(16).padStart(12, "0")}`),
  at: at(millis),
  actor: { kind: "user", id: "u-1" },
  action: "recordPick",
  object: { kind: "order", id: "o-1" },
  outcome: "done",
  ...facts,
})

const failure = (millis: number, account = "u-1", address = "a-1") =>
  event(millis, {
    action: "signIn",
    outcome: "refused",
    actor: { kind: "user", id: account },
    object: { kind: "address", id: address },
  })

const reveal = (millis: number, order: string) =>
  event(millis, { action: "revealForLabel", object: { kind: "order", id: order } })

const holds = (rule: string, events: ReadonlyArray<AuditEvent>) => {
  const found = eventRules.find((each) => each.rule === rule)
  if (found === undefined) throw new Error(`no rule ${rule}`)
  return whereRuleHolds(found, events)
}

describe("failed sign-ins", () => {
  it("lock an account at the fifth within 15 minutes", () => {
    const first = [0, 1, 2, 3].map((minute) => failure(minute * MINUTE))
    expect(holds("failed_sign_ins", first)).toEqual([])
    expect(holds("failed_sign_ins", [...first, failure(15 * MINUTE - 1)])).toHaveLength(1)
    expect(holds("failed_sign_ins", [...first, failure(15 * MINUTE)])).toHaveLength(0)
  })

  it("are counted for each account on its own", () => {
    const mixed = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => failure(n, n % 2 ? "u-1" : "u-2"))
    expect(holds("failed_sign_ins", mixed)).toEqual([])
  })

  it("from one address are told of at the twentieth within 10 minutes, whatever the accounts", () => {
    const many = Array.from({ length: 19 }, (_, n) => failure(n, `u-${n}`))
    expect(holds("failed_sign_ins_from_address", many)).toEqual([])
    const [due] = holds("failed_sign_ins_from_address", [...many, failure(10 * MINUTE - 1, "u-x")])
    expect(due).toMatchObject({ subject: { kind: "address", id: "a-1" }, count: 20 })
    expect(holds("failed_sign_ins_from_address", [...many, failure(10 * MINUTE, "u-x")])).toEqual(
      [],
    )
  })
})

describe("reveals", () => {
  it("of 51 orders within the hour are told of, of 50 not, however often each was shown", () => {
    const fifty = Array.from({ length: 100 }, (_, n) => reveal(n, `o-${n % 50}`))
    expect(holds("many_reveals", fifty)).toEqual([])
    expect(holds("many_reveals", [...fifty, reveal(HOUR - 1, "o-x")])).toHaveLength(1)
    expect(holds("many_reveals", [...fifty, reveal(HOUR + 50, "o-x")])).toEqual([])
  })

  it("are measured against the actor's own pattern, once there is one", () => {
    const busy = (hours: number, each: number) =>
      Array.from({ length: hours }, (_, hour) =>
        Array.from({ length: each }, (_, n) => reveal(-(hour + 1) * 2 * HOUR + n, `h${hour}-${n}`)),
      )
        .reverse()
        .flat()
    const now = (count: number) => Array.from({ length: count }, (_, n) => reveal(n, `n-${n}`))
    const since = at(0)
    expect(farAbovePattern([...busy(24, 4), ...now(12)], since)).toEqual([])
    expect(farAbovePattern([...busy(24, 4), ...now(13)], since)).toHaveLength(1)
    expect(farAbovePattern([...busy(23, 4), ...now(13)], since)).toEqual([])
    expect(farAbovePattern([...busy(24, 1), ...now(9)], since)).toEqual([])
    expect(farAbovePattern([...busy(24, 1), ...now(10)], since)).toHaveLength(1)
  })

  it("are in hours by the clock on the wall, summer and winter", () => {
    const rule = outOfHours({ zone: TimeZone.make("Europe/London"), from: 5, to: 23 })
    const shown = (iso: string) =>
      whereRuleHolds(rule, [{ ...reveal(0, "o"), at: Date.parse(iso) as Timestamp }]).length
    expect(shown("2026-06-01T03:59:59Z")).toBe(1)
    expect(shown("2026-06-01T04:00:00Z")).toBe(0)
    expect(shown("2026-06-01T21:59:59Z")).toBe(0)
    expect(shown("2026-06-01T22:00:00Z")).toBe(1)
    expect(shown("2026-01-05T04:59:59Z")).toBe(1)
    expect(shown("2026-01-05T05:00:00Z")).toBe(0)
    const night = outOfHours({ zone: TimeZone.make("Europe/London"), from: 22, to: 6 })
    expect(
      whereRuleHolds(night, [
        { ...reveal(0, "o"), at: Date.parse("2026-01-05T23:00:00Z") as Timestamp },
      ]),
    ).toEqual([])
  })
})

describe("what is watched", () => {
  const rules = (watched: Parameters<typeof judgeWatched>[0], millis: number) =>
    judgeWatched(watched, at(millis)).map(({ rule }) => rule)

  it("is told of a millisecond past its time, not before", () => {
    for (const [rule, watched, limit] of [
      ["log_unsealed", { oldestUnsealed: at(0) }, 30 * MINUTE],
      ["sweep_backlog", { oldestDue: at(0) }, 6 * HOUR],
      ["security_review_overdue", { reviewDueAt: at(14 * DAY) }, 14 * DAY],
      [
        "log_silent",
        { silence: { lastEventAt: at(-DAY), firstRequestAt: at(0), requests: 1 } },
        15 * MINUTE,
      ],
    ] as const) {
      expect([rule, rules(watched, limit - 1)]).toEqual([rule, []])
      expect([rule, rules(watched, limit)]).toEqual([rule, []])
      expect([rule, rules(watched, limit + 1)]).toEqual([rule, [rule]])
    }
  })

  it("warns of personal data when its deadline is less than 12 hours away", () => {
    expect(rules({ nearestDeadline: at(12 * HOUR) }, 0)).toEqual([])
    expect(rules({ nearestDeadline: at(12 * HOUR) }, 1)).toEqual(["deadline_near"])
  })

  it("is quiet while nothing is wrong, and while nothing is asked of a silent log", () => {
    expect(rules({}, 0)).toEqual([])
    expect(rules({ keyRingFaults: 0, broken: undefined, cases: [] }, 0)).toEqual([])
    const silence = { lastEventAt: at(-DAY), firstRequestAt: at(-DAY), requests: 0 }
    expect(rules({ silence }, 0)).toEqual([])
  })

  it("tells of a broken log and a faulty key ring at once", () => {
    expect(rules({ broken: { digest: 3, what: "edited_event" }, keyRingFaults: 2 }, 0)).toEqual([
      "log_broken",
      "key_ring_fault",
    ])
  })

  it("tells of a case 14, 7 and 2 days before it is due, and when it is", () => {
    const subject = { kind: "case", id: "c-1" }
    const due = { cases: [{ subject, due: at(20 * DAY) }] }
    expect(rules(due, 6 * DAY - 1)).toEqual([])
    const told = judgeWatched(due, at(6 * DAY))
    expect(told).toMatchObject([{ rule: "case_due", subject, window: { from: at(6 * DAY) } }])
    expect(told[0]?.quietMillis).toBe(7 * DAY)
    expect(judgeWatched(due, at(13 * DAY))[0]?.quietMillis).toBe(5 * DAY)
    expect(judgeWatched(due, at(18 * DAY))[0]?.quietMillis).toBe(2 * DAY)
    expect(judgeWatched(due, at(20 * DAY))[0]?.quietMillis).toBe(DAY)
  })
})

describe("the next review (R38)", () => {
  const every = ReviewInterval.make(14 * DAY)

  it("is due 14 days after the last one's range, or after the first event", () => {
    expect(reviewDue(undefined, undefined, every)).toBeUndefined()
    expect(reviewDue(undefined, at(0), every)).toBe(at(14 * DAY))
    expect(reviewDue(at(DAY), at(0), every)).toBe(at(15 * DAY))
    expect(reviewDue(at(DAY), at(0), ReviewInterval.make(3.5 * DAY))).toBe(at(4.5 * DAY))
  })

  it("cannot be put off by a longer interval", () => {
    expect(() => ReviewInterval.make(14 * DAY + 1)).toThrow()
  })
})

describe("the text of an alert", () => {
  it("is one line with the rule, figures and ids", () => {
    const alert: Alert = {
      rule: "many_reveals",
      partition: MERCHANT_A,
      subject: { kind: "user", id: "u-1" },
      window: { from: at(0), to: at(HOUR) },
      count: 51,
    }
    expect(alertText(alert)).toBe(
      `many_reveals: 51 buyers shown to one actor within an hour (user u-1, partition ${MERCHANT_A}, 2026-06-01T12:00:00.000Z to 2026-06-01T13:00:00.000Z)`,
    )
  })
})
