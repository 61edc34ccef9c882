import { describe, expect, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import {
  allocateStock,
  Commitments,
  commitStock,
  dispatchStock,
  expireCommitments,
  releaseAllocation,
  releaseCommitment,
  StockMovements,
} from "../../src/inventory/index.ts"
import { type ModelStep, PromiseModel } from "./PromiseModel.ts"
import {
  books,
  define,
  defineVirtualKit,
  LONDON,
  receive,
  records,
  runPromises,
  runUneven,
} from "./promiseWorld.ts"

const document = fc.constantFrom("o-0", "o-1")

const step: fc.Arbitrary<ModelStep> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constant("receive" as const),
      sku: fc.constantFrom("TEA" as const, "CUP" as const),
      quantity: fc.integer({ min: 1, max: 9 }),
      bin: fc.constantFrom("A-1", "A-2"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      step: fc.constant("commit" as const),
      document,
      lines: fc.array(
        fc.record({
          sku: fc.constantFrom("TEA" as const, "CUP" as const, "SET" as const),
          quantity: fc.integer({ min: 1, max: 4 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      policy: fc.constantFrom("whole" as const, "available" as const),
      lives: fc.constantFrom(null, 1000, 3000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ step: fc.constant("allocate" as const), document }) },
  { weight: 1, arbitrary: fc.record({ step: fc.constant("release" as const), document }) },
  { weight: 1, arbitrary: fc.record({ step: fc.constant("deallocate" as const), document }) },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constant("dispatch" as const),
      document,
      rest: fc.constantFrom("keep" as const, "release" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      step: fc.constant("shrink" as const),
      document,
      quantity: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant("expire" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      step: fc.constant("wait" as const),
      millis: fc.constantFrom(1, 999, 1000, 2000),
    }),
  },
)

const orderOf = (id: string) => ({ kind: "basket", id })

/** Runs a step; answers what it answers, or its refusal. */
const attempt = (given: ModelStep, key: string) => {
  const operation: Effect.Effect<unknown, { readonly _tag: string }, never> = Effect.gen(
    function* () {
      switch (given.step) {
        case "receive":
          return yield* receive(given.sku, given.quantity, { bin: given.bin })
        case "commit":
          return yield* commitStock({
            key,
            document: orderOf(given.document),
            lines: given.lines.map((line) => ({
              ...line,
              warehouse: LONDON,
            })) as unknown as Parameters<typeof commitStock>[0]["lines"],
            policy: given.policy,
            expiresInMillis: given.lives,
          })
        case "allocate":
          return yield* allocateStock({ key, document: orderOf(given.document) })
        case "release":
          return yield* releaseCommitment({ key, document: orderOf(given.document) })
        case "deallocate":
          return yield* releaseAllocation({ key, document: orderOf(given.document) })
        case "dispatch":
          return yield* dispatchStock({ key, document: orderOf(given.document), rest: given.rest })
        case "shrink": {
          const all = (yield* books).pending.filter((each) => each.documentId === given.document)
          const [oldest] = all.sort((a, b) => (a.id < b.id ? -1 : 1))
          if (oldest === undefined || oldest.quantity < given.quantity) return
          const commitments = [{ id: oldest.id, quantity: given.quantity }] as const
          return yield* releaseCommitment({ key, commitments })
        }
        case "expire": {
          const [first, ...rest] = (yield* books).pending.map(({ id }) => id)
          if (first === undefined) return
          return yield* expireCommitments({ key, commitments: [first, ...rest] })
        }
        case "wait":
          return yield* TestClock.adjust(given.millis)
      }
    },
  ) as never
  return Effect.result(operation)
}

/** Runs a step; answers the tag of its refusal, or `done`. */
const run = (given: ModelStep, key: string) =>
  Effect.map(
    attempt(given, key),
    Result.match({ onSuccess: () => "done", onFailure: ({ _tag }) => _tag }),
  )

const opened = Effect.andThen(define("TEA", "CUP"), defineVirtualKit("SET", ["TEA", 1], ["CUP", 2]))

describe("promises of stock", () => {
  it("agree with the plain model after every step of any history (R1, R4, R6)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const model = new PromiseModel()
        const work = Effect.gen(function* () {
          yield* opened
          for (const [at, given] of steps.entries()) {
            const expected = model.apply(given)
            expect(yield* run(given, `step-${at}`)).toBe(expected)
            const found = yield* books
            expect(found.kept).toEqual(found.counted)
            expect(found.pools).toEqual(model.pools())
            expect(
              found.pending
                .sort((a, b) => (a.id < b.id ? -1 : 1))
                .map(({ documentId, line, sku, quantity, allocated }) => ({
                  document: documentId,
                  line,
                  sku,
                  quantity,
                  allocated,
                }))
                .sort(bySubject),
            ).toEqual(model.pending().sort(bySubject))
          }
        })
        await runPromises(work)
      }),
      { numRuns: 400 },
    )
  }, 120_000)

  it("answer each step once, however often it is sent (R7)", async () => {
    const sent = fc.tuple(step, fc.integer({ min: 1, max: 3 }))
    await fc.assert(
      fc.asyncProperty(fc.array(sent, { minLength: 1, maxLength: 8 }), async (steps) => {
        const once = await runPromises(history(steps.map(([given]) => [given, 1])))
        expect(await runPromises(history(steps))).toEqual(once)
      }),
      { numRuns: 400 },
    )
  }, 120_000)

  it("never drift while many work at once, and resolve at most once (R1, R6)", async () => {
    const paces = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 16 })
    const rounds = fc.array(fc.array(step, { minLength: 2, maxLength: 5 }), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(rounds, paces, async (steps, pace) => {
        const work = Effect.gen(function* () {
          yield* opened
          yield* receive("TEA", 9)
          yield* receive("CUP", 9, { bin: "A-2" })
          let sent = 0
          for (const round of steps) {
            yield* Effect.forEach(round, (given) => run(given, `step-${++sent}`), {
              concurrency: "unbounded",
            })
            yield* judge
          }
        })
        await runUneven(pace, work)
      }),
      { numRuns: 400 },
    )
  }, 120_000)
})

/** Nothing drifted, no counter is below zero, and what left is what commitments were posted for. */
const judge = Effect.gen(function* () {
  const { pools, kept, counted } = yield* books
  expect(kept).toEqual(counted)
  for (const { onHand, sellable, committed, uncommitted } of Object.values(pools)) {
    expect(uncommitted).toBe(sellable - committed)
    expect(Math.min(onHand, committed, uncommitted)).toBeGreaterThanOrEqual(0)
  }
  const promised = (yield* records(Commitments)).map(({ value }) => value)
  for (const { posted, quantity } of promised) expect(posted).toBeLessThanOrEqual(quantity)
  const left = (yield* records(StockMovements)).filter(({ value }) => value.reason === "dispatch")
  expect(left.reduce((sum, { value }) => sum + value.quantity, 0)).toBe(
    promised.reduce((sum, { posted }) => sum + posted, 0),
  )
})

/** Steps, each sent so many times under one key; answers the figures at the end. */
const history = Effect.fnUntraced(function* (
  steps: ReadonlyArray<readonly [given: ModelStep, times: number]>,
) {
  yield* opened
  for (const [at, [given, times]] of steps.entries()) {
    const first = yield* attempt(given, `step-${at}`)
    for (let time = 1; time < times && isRepeatable(given); time++)
      expect(yield* attempt(given, `step-${at}`)).toEqual(first)
  }
  const { pools, cells, pending } = yield* books
  return { pools, cells, pending: pending.map(({ quantity }) => quantity).sort() }
})

/** Steps that name their effect by a key alone: the others look at what is there before they ask. */
const isRepeatable = ({ step: name }: ModelStep): boolean =>
  ["commit", "allocate", "release", "deallocate", "dispatch"].includes(name)

const bySubject = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
