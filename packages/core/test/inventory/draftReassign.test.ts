import { describe, expect, it } from "@effect/vitest"
import { Cause, Effect, Exit } from "effect"
import {
  allocateStock,
  Commitments,
  draftReassign,
  findCommitments,
  releaseCommitment,
} from "../../src/inventory/index.ts"
import type { Quantity } from "../../src/kernel/index.ts"
import { Store } from "../../src/store/index.ts"
import {
  BASKET,
  books,
  commit,
  define,
  freshKey,
  receive,
  records,
  runPromises,
} from "./promiseWorld.ts"

const HEIR = { kind: "basket", id: "o-2" }

const promised = Effect.gen(function* () {
  yield* define("MUG")
  yield* receive("MUG", 10)
  yield* commit([["MUG", 5]])
  const [commitment] = yield* findCommitments(BASKET.id, "pending")
  if (commitment === undefined) throw new Error("nothing was promised")
  return commitment
})

const handOver = (quantity?: number) =>
  Effect.gen(function* () {
    const commitment = yield* promised
    const take = { commitment, quantity: quantity as Quantity | undefined }
    const draft = yield* draftReassign([take], HEIR)
    yield* (yield* Store).commit(draft.entries)
    const owners = (yield* records(Commitments)).map(({ value }) => [
      value.documentId,
      value.quantity,
      value.createdAt,
    ])
    const { kept, counted, pools } = yield* books
    expect(kept).toEqual(counted)
    expect(pools["MUG"]).toMatchObject({ committed: 5, uncommitted: 5 })
    return owners.sort()
  })

describe("handing promises over to another document", () => {
  it("moves all of a commitment, and no pool changes", () =>
    runPromises(
      Effect.gen(function* () {
        expect(yield* handOver()).toEqual([["o-2", 5, 0]])
      }),
    ))

  it("moves a part of it, of the same age", () =>
    runPromises(
      Effect.gen(function* () {
        expect(yield* handOver(2)).toEqual([
          ["o-1", 3, 0],
          ["o-2", 2, 0],
        ])
      }),
    ))

  it("leaves pinned units, and what has ended, where they are", () =>
    runPromises(
      Effect.gen(function* () {
        yield* promised
        yield* allocateStock({ key: freshKey(), document: BASKET })
        const [pinned] = yield* findCommitments(BASKET.id, "pending")
        if (pinned === undefined) throw new Error("nothing is promised")
        const asked = draftReassign([{ commitment: pinned, quantity: 1 as Quantity }], HEIR)
        const outcome = yield* Effect.exit(asked)
        expect(Exit.isFailure(outcome) && Cause.hasDies(outcome.cause)).toBe(true)
        yield* releaseCommitment({ key: freshKey(), document: BASKET })
        const [ended] = yield* findCommitments(BASKET.id)
        if (ended === undefined) throw new Error("nothing was promised")
        expect(yield* Effect.flip(draftReassign([{ commitment: ended }], HEIR))).toMatchObject({
          _tag: "CommitmentResolved",
          state: "voided",
        })
      }),
    ))
})
