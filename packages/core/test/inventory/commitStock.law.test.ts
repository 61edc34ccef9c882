import { describe, expect, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import fc from "fast-check"
import {
  allocateStock,
  commitStock,
  releaseAllocation,
  releaseCommitment,
} from "../../src/inventory/index.ts"
import {
  books,
  commit,
  define,
  defineVirtualKit,
  everything,
  LONDON,
  receive,
  runPromises,
  runUneven,
} from "./promiseWorld.ts"

const pace = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 16 })

/** Callers that each want some units of one SKU at the same moment, and what each was granted. */
const rush = (
  stock: number,
  wants: ReadonlyArray<{ readonly quantity: number; readonly policy: "whole" | "available" }>,
) =>
  Effect.gen(function* () {
    yield* define("MUG")
    if (stock > 0) yield* receive("MUG", stock)
    const granted = yield* Effect.forEach(
      wants,
      ({ quantity, policy }, caller) =>
        commitStock({
          key: `caller-${caller}`,
          document: { kind: "basket", id: `o-${caller}` },
          lines: [{ sku: "MUG", warehouse: LONDON, quantity }],
          policy,
        }).pipe(
          Effect.map((answer) => answer.granted[0]?.quantity ?? 0),
          Effect.catchTag("InsufficientStock", () => Effect.succeed(0)),
        ),
      { concurrency: "unbounded" },
    )
    return { granted, ...(yield* books) }
  })

const sum = (units: ReadonlyArray<number>) => units.reduce((total, each) => total + each, 0)

/** What a unit of each SKU takes of tea and cups. */
const TAKES: { readonly [sku: string]: readonly [tea: number, cup: number] } = {
  TEA: [1, 0],
  CUP: [0, 1],
  SET: [1, 2],
  BOX: [3, 1],
}

type Lines = ReadonlyArray<readonly [sku: string, quantity: number]>

const takenBy = (lines: Lines, part: 0 | 1): number =>
  sum(lines.map(([sku, units]) => (TAKES[sku]?.[part] ?? 0) * units))

/** One request after the other, each judged by plain sums. */
const requestInTurn = Effect.fnUntraced(function* (
  stock: readonly [tea: number, cup: number],
  requests: ReadonlyArray<Lines>,
) {
  yield* define("TEA", "CUP")
  yield* defineVirtualKit("SET", ["TEA", 1], ["CUP", 2])
  yield* defineVirtualKit("BOX", ["TEA", 3], ["CUP", 1])
  if (stock[0] > 0) yield* receive("TEA", stock[0])
  if (stock[1] > 0) yield* receive("CUP", stock[1])
  let left = stock
  for (const lines of requests) {
    const after = [left[0] - takenBy(lines, 0), left[1] - takenBy(lines, 1)] as const
    const fits = Math.min(...after) >= 0
    const before = yield* everything()
    const outcome = yield* Effect.result(commit(lines))
    expect(Result.isSuccess(outcome)).toBe(fits)
    if (!fits) expect(yield* everything()).toEqual(before)
    left = fits ? after : left
    const { pools, pending } = yield* books
    expect([pools["TEA"]?.uncommitted ?? 0, pools["CUP"]?.uncommitted ?? 0]).toEqual(left)
    for (const { kit, quantity } of pending) expect(quantity % (kit?.ratio ?? 1)).toBe(0)
  }
})

const MINE = { kind: "basket", id: "mine" }

const mine = Effect.map(books, ({ pending }) =>
  pending.filter(({ documentId }) => documentId === MINE.id),
)

/** Pins, unpins and gives back parts of my promise, and then all that is left of it. */
const useAndRelease = Effect.fnUntraced(function* (pins: number, parts: ReadonlyArray<number>) {
  if (pins > 0) yield* allocateStock({ key: "pin", document: MINE })
  if (pins > 1) yield* releaseAllocation({ key: "unpin", document: MINE })
  for (const [step, quantity] of parts.entries()) {
    const some = (yield* mine).find((each) => each.quantity >= quantity)
    if (some !== undefined)
      yield* releaseCommitment({ key: `part-${step}`, commitments: [{ id: some.id, quantity }] })
  }
  if ((yield* mine).length > 0) yield* releaseCommitment({ key: "all", document: MINE })
})

describe("commitStock", () => {
  it("grants 64 callers no more than there is, and all of it when they want it (R2)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 80 }), pace, async (stock, paces) => {
        const wants = Array.from({ length: 64 }, () => ({ quantity: 1, policy: "whole" as const }))
        const { granted, pools, kept, counted } = await runUneven(paces, rush(stock, wants))
        expect(sum(granted)).toBe(Math.min(stock, 64))
        if (stock > 0) expect(pools["MUG"]).toMatchObject({ uncommitted: stock - sum(granted) })
        expect(kept).toEqual(counted)
      }),
      { numRuns: 100 },
    )
  }, 120_000)

  it("grants n callers no more than there is, whatever each wants and settles for (R2)", async () => {
    const want = fc.record({
      quantity: fc.integer({ min: 1, max: 6 }),
      policy: fc.constantFrom("whole" as const, "available" as const),
    })
    const wants = fc.array(want, { minLength: 2, maxLength: 10 })
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 30 }), wants, pace, async (stock, callers, paces) => {
        const { granted, kept, counted } = await runUneven(paces, rush(stock, callers))
        const left = stock - sum(granted)
        expect(left).toBeGreaterThanOrEqual(0)
        for (const [caller, { quantity, policy }] of callers.entries()) {
          const got = granted[caller] ?? 0
          expect(policy === "available" || got === 0 || got === quantity).toBe(true)
          // Who got less than wanted was refused by what was left, and nobody gives back.
          const settled = policy === "whole" ? quantity : 1
          expect(got === quantity || left < settled).toBe(true)
        }
        expect(kept).toEqual(counted)
      }),
      { numRuns: 400 },
    )
  }, 120_000)

  it("grants a request exactly if the sums of its lines fit, kits by their components (R3, R11)", async () => {
    const line = fc.tuple(fc.constantFrom(...Object.keys(TAKES)), fc.integer({ min: 1, max: 3 }))
    const request = fc.array(line, { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 })),
        fc.array(request, { minLength: 1, maxLength: 4 }),
        (stock, requests) => runPromises(requestInTurn(stock, requests)),
      ),
      { numRuns: 400 },
    )
  }, 120_000)

  it("then a release leaves every quantity as it was, whatever lay between (R5)", async () => {
    const scene = fc.record({
      stock: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
      before: fc.integer({ min: 1, max: 6 }),
      want: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
      policy: fc.constantFrom("whole" as const, "available" as const),
      pins: fc.nat({ max: 2 }),
      parts: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
    })
    await fc.assert(
      fc.asyncProperty(scene, async ({ stock, before, want, policy, pins, parts }) => {
        const work = Effect.gen(function* () {
          yield* define("MUG")
          yield* Effect.forEach(stock, (units, bin) => receive("MUG", units, { bin: `A-${bin}` }))
          const other = { kind: "basket", id: "other" }
          yield* commit([["MUG", before]], { document: other, policy: "available" })
          yield* allocateStock({ key: "other", document: other })
          const first = yield* books
          yield* Effect.ignore(
            commit(
              want.map((quantity) => ["MUG", quantity]),
              { document: MINE, policy },
            ),
          )
          if ((yield* mine).length > 0) yield* useAndRelease(pins, parts)
          const last = yield* books
          expect(last.pools).toEqual(first.pools)
          expect(last.cells).toEqual(first.cells)
          expect(last.kept).toEqual(last.counted)
        })
        await runPromises(work)
      }),
      { numRuns: 400 },
    )
  }, 120_000)
})
