import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import {
  checkDuties,
  type Evidence,
  HostDuties,
  HostDuty,
  hostDuties,
  judgeDuties,
} from "../../src/integration/index.ts"
import type { Timestamp } from "../../src/kernel/index.ts"

const DAY = 86_400_000
const NOW = 1_000 * DAY
const at = (millis: number) => (NOW + millis) as Timestamp

const special: { readonly [Duty in HostDuty]?: Partial<Evidence> } = {
  services_region: { primaryRegions: ["eu-west-1"] },
  backups: { primaryRegions: ["eu-west-1"], backupRegions: ["eu-west-2"] },
  log_retention: { retentionDays: 400 },
  processing_countries: { countries: ["IE", "GB"] },
  key_vault_backups: { backupDays: 7 },
}

const evidenceOf = (duty: HostDuty, more: Partial<Evidence> = {}): Evidence => ({
  duty,
  owner: "platform-team",
  reference: "SEC-12",
  reviewedAt: at(-DAY),
  expiresAt: at(10 * DAY),
  ...special[duty],
  ...more,
})

const whole = HostDuty.literals.map((duty) => evidenceOf(duty))

const stateOf = (evidence: ReadonlyArray<Evidence>, duty: HostDuty, millis = 0) =>
  checkDuties(evidence, at(millis)).find((status) => status.duty === duty)?.state

describe("the duties of a host", () => {
  it("are those of the rules", () => {
    const rules = Object.values(hostDuties).map(({ rule }) => rule)
    const asked = "R22 R23 R24 R30 R31 R32 R33 R35 R36 R57 R68 R71 R72".split(" ")
    for (const rule of asked) expect(rules.some((each) => each.includes(rule))).toBe(true)
  })

  it.each(HostDuty.literals)("%s is met by its evidence and by nothing else", (duty) => {
    expect(stateOf(whole, duty)).toBe("met")
    const without = whole.filter((each) => each.duty !== duty)
    expect(checkDuties(without, at(0)).filter(({ state }) => state !== "met")).toEqual([
      { duty, state: "missing", until: undefined },
    ])
  })

  it.each(HostDuty.literals)("%s expires with its evidence, and when that is too old", (duty) => {
    const soon = [evidenceOf(duty, { expiresAt: at(DAY) })]
    expect(stateOf(soon, duty, DAY - 1)).toBe("met")
    expect(stateOf(soon, duty, DAY)).toBe("expired")
    const { days } = hostDuties[duty]
    const never = [evidenceOf(duty, { reviewedAt: at(0), expiresAt: at(9_000 * DAY) })]
    expect(stateOf(never, duty, days * DAY - 1)).toBe("met")
    expect(stateOf(never, duty, days * DAY)).toBe("expired")
  })

  it("may be seen to by the best of several pieces of evidence", () => {
    const old = evidenceOf("vulnerability_scan", { reviewedAt: at(-31 * DAY) })
    const fresh = evidenceOf("vulnerability_scan")
    expect(stateOf([old], "vulnerability_scan")).toBe("expired")
    expect(stateOf([old, fresh], "vulnerability_scan")).toBe("met")
    expect(stateOf([fresh, old], "vulnerability_scan")).toBe("met")
  })

  it("were not reviewed tomorrow", () => {
    expect(stateOf([evidenceOf("cookies", { reviewedAt: at(0) })], "cookies")).toBe("met")
    expect(stateOf([evidenceOf("cookies", { reviewedAt: at(1) })], "cookies")).toBe("unfit")
  })

  it.each([
    ["log_retention", { retentionDays: 366 }, "met"],
    ["log_retention", { retentionDays: 365 }, "unfit"],
    ["services_region", { primaryRegions: ["eu-west-1", "us-east-1"] }, "unfit"],
    ["services_region", { primaryRegions: [] }, "unfit"],
    ["backups", { backupRegions: ["eu-west-1"] }, "unfit"],
    ["backups", { backupRegions: ["eu-west-2", "eu-central-1"] }, "unfit"],
    ["backups", { primaryRegions: ["eu-west-2"], backupRegions: ["eu-west-1"] }, "unfit"],
    ["processing_countries", { countries: ["IE", "US"] }, "unfit"],
    ["processing_countries", { countries: ["NO", "IS", "LI", "GB"] }, "met"],
    ["key_vault_backups", { backupDays: 8 }, "unfit"],
    ["key_vault_backups", { backupDays: -1 }, "unfit"],
  ] as const)("%s with %j is %s", (duty, more, state) => {
    expect(stateOf([evidenceOf(duty, more)], duty)).toBe(state)
  })

  it.each([
    "log_retention",
    "services_region",
    "backups",
    "processing_countries",
    "key_vault_backups",
  ] as const)("%s is not met by evidence that does not say", (duty) => {
    const {
      retentionDays: _,
      primaryRegions: __,
      backupRegions: ___,
      countries: ____,
      backupDays: _____,
      ...bare
    } = evidenceOf(duty)
    expect(stateOf([bare], duty)).toBe("unfit")
  })

  it("raise an alert each when they are not met", () => {
    const statuses = checkDuties(
      whole.filter(({ duty }) => duty !== "impact_assessment"),
      at(0),
    )
    expect(judgeDuties(statuses, at(0))).toMatchObject([
      { rule: "host_duty_unmet", subject: { kind: "host_duty", id: "impact_assessment" } },
    ])
  })
})

describe("a strict boot", () => {
  const boot = (evidence: ReadonlyArray<typeof Evidence.Encoded>) =>
    Effect.scoped(Layer.build(HostDuties.strict.pipe(Layer.provide(HostDuties.from(evidence)))))

  it.effect("starts when every duty is met", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(NOW)
      yield* boot(whole)
    }),
  )

  it.effect("fails and names each duty that is not", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(NOW)
      const evidence = [
        ...whole.filter(({ duty }) => duty !== "cookies" && duty !== "log_retention"),
        evidenceOf("log_retention", { retentionDays: 90 }),
      ]
      const unmet = yield* Effect.flip(boot(evidence))
      expect(unmet).toMatchObject({
        _tag: "HostDutyUnmet",
        duties: [
          { duty: "log_retention", state: "unfit" },
          { duty: "cookies", state: "missing" },
        ],
      })
      expect(unmet.message).toContain("log_retention (unfit), cookies (missing)")
    }),
  )

  it.effect.each([
    ["a person for an owner", { owner: "Canary Buyer" }],
    ["an e-mail address for an owner", { owner: "canary@example.com" }],
    ["an unknown duty", { duty: "tea" }],
    ["a note", { note: "all fine" }],
    ["text for a reference", { reference: "see the ticket of Canary" }],
  ])("takes no evidence with %s, and does not repeat it", ([, change]) =>
    Effect.gen(function* () {
      const evidence = [Object.assign({}, evidenceOf("cookies"), change) as Evidence]
      const refused = yield* Effect.flip(boot(evidence))
      expect(refused._tag).toBe("EvidenceMalformed")
      expect(refused.message).not.toMatch(/canary/iu)
    }),
  )
})
