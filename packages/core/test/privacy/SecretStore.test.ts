import { Schema } from "effect"
import { describe, expect, it } from "vitest"
import { SecretRef } from "../../src/privacy/index.ts"

const isRef = Schema.is(SecretRef)

describe("a reference to a secret", () => {
  it.each([
    "secret:jwt",
    "secret:shopify/webhook-key",
    "secret:channels/01890a5d-ac96-774b-8cce-b302099a8057/refresh_token",
    `secret:${"a".repeat(200)}`,
  ])("is %s", (text) => expect(isRef(text)).toBe(true))

  it.each([
    ["a secret that was pasted", "shpat_0123456789abcdef0123456789abcdef"],
    ["another pasted one", "Atzr|IQEBLzAtAhRPpMJxdwVz2Nn6f2y"],
    ["a path alone", "shopify/webhook-key"],
    ["an empty path", "secret:"],
    ["an empty part", "secret:a//b"],
    ["a trailing slash", "secret:a/"],
    ["a parent", "secret:../b"],
    ["capitals", "secret:Shopify"],
    ["a space", "secret:a b"],
    ["a wildcard", "secret:*"],
    ["a line end", "secret:a\n"],
    ["too long a path", `secret:${"a".repeat(201)}`],
  ])("is not %s", (_, text) => expect(isRef(text)).toBe(false))
})
