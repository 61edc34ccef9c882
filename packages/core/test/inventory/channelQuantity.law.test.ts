import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import {
  type ChannelTerms,
  channelQuantity,
  DEFAULT_TERMS,
  listedQuantity,
  type Share,
} from "../../src/inventory/index.ts"
import type { Units } from "../../src/kernel/index.ts"

const units = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 1_000_000_000 }))

const terms = fc
  .record(
    { buffer: units, share: fc.integer({ min: 0, max: 10_000 }), cap: units, endWhen: units },
    { requiredKeys: ["buffer", "share", "endWhen"] },
  )
  .map((found) => found as unknown as ChannelTerms)

const RUNS = { numRuns: 2000 }

describe("channelQuantity", () => {
  it("is the clamped share of what the buffer leaves, in exact arithmetic", () => {
    fc.assert(
      fc.property(fc.oneof(units, fc.maxSafeNat()), terms, (available, rule) => {
        const left = available > rule.buffer ? BigInt(available - rule.buffer) : 0n
        const share = (left * BigInt(rule.share)) / 10_000n
        const capped = rule.cap !== undefined && share > BigInt(rule.cap) ? BigInt(rule.cap) : share
        expect(channelQuantity(available, rule)).toBe(
          available <= rule.endWhen ? 0 : Number(capped),
        )
      }),
      RUNS,
    )
  })

  it("never passes what is available (O7)", () => {
    fc.assert(
      fc.property(units, terms, (available, rule) => {
        const quantity = channelQuantity(available, rule)
        expect(quantity).toBeGreaterThanOrEqual(0)
        expect(quantity).toBeLessThanOrEqual(available)
        if (rule.cap !== undefined) expect(quantity).toBeLessThanOrEqual(rule.cap)
      }),
      RUNS,
    )
  })

  it("tells all channels together no more than is available while their shares fit into 100 % (O7)", () => {
    fc.assert(
      fc.property(units, fc.array(terms, { minLength: 1, maxLength: 5 }), (available, rules) => {
        const whole = rules.reduce((sum, { share }) => sum + share, 0)
        const fitting = rules.map((rule) => ({
          ...rule,
          share: Math.floor((rule.share * 10_000) / Math.max(whole, 10_000)) as Share,
        }))
        const told = fitting.reduce((sum, rule) => sum + channelQuantity(available, rule), 0)
        expect(told).toBeLessThanOrEqual(available)
      }),
      RUNS,
    )
  })

  it("never falls when more is available, and never rises with a larger buffer", () => {
    fc.assert(
      fc.property(units, terms, fc.nat(100), (available, rule, more) => {
        const now = channelQuantity(available, rule)
        expect(channelQuantity(available + more, rule)).toBeGreaterThanOrEqual(now)
        const careful = { ...rule, buffer: (rule.buffer + more) as Units }
        expect(channelQuantity(available, careful)).toBeLessThanOrEqual(now)
      }),
      RUNS,
    )
  })

  it("ends the listing at its threshold, and not one unit before", () => {
    const rule = { ...DEFAULT_TERMS, endWhen: 5 as Units }
    expect([4, 5, 6].map((available) => channelQuantity(available, rule))).toEqual([0, 0, 6])
  })

  it("offers full packs only", () => {
    expect([0, 2, 3, 5, 6].map((quantity) => listedQuantity(quantity, 3))).toEqual([0, 0, 1, 1, 2])
  })
})
