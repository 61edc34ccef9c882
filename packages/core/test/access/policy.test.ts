import { Result, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { type Action, Actor, allows, policy, Role } from "../../src/access/index.ts"

const roles = Role.literals
const table = Object.entries(policy) as ReadonlyArray<[Action, ReadonlyArray<Role>]>

describe("the policy", () => {
  it.each(table)("%s is allowed to the roles of its row and to no other (R28)", (action, row) => {
    for (const role of roles)
      expect([role, allows(action, [role])]).toEqual([role, row.includes(role)])
  })

  it.each(table)("%s is allowed to nobody without a role", (action) => {
    expect(allows(action, [])).toBe(false)
  })

  it.each(table)("%s is allowed when one of several roles allows it", (action, row) => {
    const others = roles.filter((role) => !row.includes(role))
    expect(allows(action, others)).toBe(false)
    for (const role of row) expect(allows(action, [...others, role])).toBe(true)
  })

  it.each(table)("%s names known roles, none twice, and somebody", (_, row) => {
    expect(row.length).toBeGreaterThan(0)
    expect(new Set(row).size).toBe(row.length)
    expect(row.filter((role) => !roles.includes(role))).toEqual([])
  })

  it("lets nobody who only reads change anything", () => {
    const reading = /^(read|find|export|verify|resolveListing)/u
    // What is theirs beside: to ask for a pass and use it, and to put a review on record.
    const own = [
      "support requestBreakGlass",
      "support revealUnderBreakGlass",
      "auditor recordSecurityReview",
    ]
    const found = table.flatMap(([action, row]) =>
      (["support", "analyst", "auditor"] as const).flatMap((role) =>
        reading.test(action) || !row.includes(role) ? [] : [`${role} ${action}`],
      ),
    )
    expect(found.sort()).toEqual(own.sort())
  })

  it("shows the audit log to owners and auditors only", () => {
    expect(policy.findAuditEvents).toEqual(["owner", "auditor"])
  })

  it("lets no merchant lift its own stop", () => {
    expect(
      allows(
        "changeStanding",
        roles.filter((role) => role !== "platform_admin"),
      ),
    ).toBe(false)
  })
})

describe("an actor", () => {
  const id = "01890a5d-ac96-774b-8cce-b302099a8057"
  const good = {
    ref: { kind: "user", id: "u1" },
    home: id,
    grants: [{ partition: id, roles: ["owner"] }],
  }
  const takes = (input: unknown) => Result.isSuccess(Schema.decodeUnknownResult(Actor)(input))

  it("holds known roles in known partitions", () => {
    expect(takes(good)).toBe(true)
    expect(takes({ ...good, grants: [] })).toBe(true)
  })

  it.each([
    ["an unknown role", { ...good, grants: [{ partition: id, roles: ["god"] }] }],
    ["a role in capitals", { ...good, grants: [{ partition: id, roles: ["Owner"] }] }],
    ["a role of every object", { ...good, grants: [{ partition: id, roles: ["constructor"] }] }],
    ["a partition that is no id", { ...good, grants: [{ partition: "all", roles: ["owner"] }] }],
    ["no home", { ref: good.ref, grants: [] }],
    ["an unknown kind", { ...good, ref: { kind: "root", id: "u1" } }],
    ["a name for an id", { ...good, ref: { kind: "user", id: "Canary Buyer" } }],
    ["an e-mail address for an id", { ...good, ref: { kind: "user", id: "canary@example.com" } }],
    ["no id", { ...good, ref: { kind: "user", id: "" } }],
  ])("is refused with %s", (_, input) => {
    expect(takes(input)).toBe(false)
  })
})
