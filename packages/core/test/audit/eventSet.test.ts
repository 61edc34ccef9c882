import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Result, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { policy } from "../../src/access/index.ts"
import { AuditEvent, AuditLog, legalBasis, Purpose, SystemAction } from "../../src/audit/index.ts"

const src = join(import.meta.dirname, "../../src")

/** Every place that writes an event, with what it calls its action. */
const writers = globSync("**/*.ts", { cwd: src })
  .filter((file) => !file.startsWith("testing/") && !file.startsWith("audit/"))
  .flatMap((file) => {
    const text = readFileSync(join(src, file), "utf8")
    const places = [...text.matchAll(/(?:auditEvent\(|insert\(AuditLog, )\{([\s\S]*?)\n? *\}\)/gu)]
    return places.map((place) => ({
      file,
      action: /\baction(?:: ([^,\n]+))?,/u.exec(place[1] ?? "")?.[1] ?? "action",
    }))
  })

/** Names that stand for an action: each is of a type that the policy or `SystemAction` makes. */
const NAMES = ["action", "COMMAND"]

describe("the events of the audit log", () => {
  it("are made in known places", () => {
    expect(writers.length).toBeGreaterThanOrEqual(4)
  })

  it.each(writers)("of $file have an action of the closed set: $action", ({ action }) => {
    const literal = /^"(\w+)"/u.exec(action)?.[1]
    if (literal === undefined) expect(NAMES).toContain(action)
    else expect([...Object.keys(policy), ...SystemAction.literals]).toContain(literal)
  })

  it("are all of operations or of the system, and no name is in both", () => {
    for (const action of SystemAction.literals) expect(Object.keys(policy)).not.toContain(action)
  })

  it.each(Object.keys(policy))("can be of the operation %s", (action) => {
    const event = { ...sample, action }
    expect(Result.isSuccess(Schema.encodeUnknownResult(AuditEvent)(event))).toBe(true)
  })
})

const sample = {
  id: "01890a5d-ac96-774b-8cce-b302099a8057",
  at: 5,
  actor: { kind: "user", id: "u-1" },
  action: "recordPick",
  object: { kind: "order", id: "o-1" },
  outcome: "done",
}

describe("an event", () => {
  const takes = (change: object) =>
    Result.isSuccess(Schema.encodeUnknownResult(AuditEvent)({ ...sample, ...change }))

  it("waits for its seal from when it happened, whatever its writer says", () => {
    const body = AuditLog.encode({ ...sample, unsealedAt: 9 } as never)
    expect(Result.getOrThrow(body)).toMatchObject({ at: 5, unsealedAt: 5 })
    const sealed = Result.getOrThrow(
      AuditLog.encode({ ...sample, digest: 3, unsealedAt: 5 } as never),
    )
    expect(sealed).toMatchObject({ digest: 3 })
    expect(sealed).not.toHaveProperty("unsealedAt")
  })

  it("has a purpose of the closed set, each with its ground (R11)", () => {
    for (const purpose of Purpose.literals) {
      expect(takes({ purpose })).toBe(true)
      expect(legalBasis[purpose].length).toBeGreaterThan(0)
    }
    expect(takes({ purpose: "marketing" })).toBe(false)
  })

  it.each([
    ["text for an action", { action: "looked at Canary Buyer" }],
    ["text for a reason", { reason: "Canary Buyer asked for it" }],
    ["text for a correlation", { correlation: "Canary Buyer's order" }],
    ["a name for an actor", { actor: { kind: "user", id: "Canary Buyer" } }],
    ["digest zero", { digest: 0 }],
  ])("is refused with %s", (_, change) => {
    expect(takes(change)).toBe(false)
  })
})
