import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  allocateStock,
  CommitmentId,
  Commitments,
  commitStock,
  dispatchStock,
} from "../../src/inventory/index.ts"
import { replace, Store } from "../../src/store/index.ts"
import { inWorld } from "../world.ts"
import { type Attempt, BASKET, commit, define, everything, LEEDS, receive } from "./promiseWorld.ts"

const order = { kind: "order", id: "o-1" }

describe("stock of an order", () => {
  it.effect("is not promised, pinned or sent by the commands for documents of one's own", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5)
      const before = yield* everything()
      const line = { sku: "MUG", quantity: 1, warehouse: LEEDS }
      const attempts: ReadonlyArray<Attempt> = [
        commitStock({ key: "1", document: order, lines: [line] }),
        allocateStock({ key: "2", document: order }),
        dispatchStock({ key: "3", document: order }),
      ]
      for (const attempt of attempts)
        expect(yield* Effect.flip(attempt)).toMatchObject({
          _tag: "InvalidInput",
          issues: [{ path: "document.kind" }],
        })
      expect(yield* everything()).toEqual(before)
    }).pipe(inWorld),
  )

  it.effect("is not pinned by naming its commitment either", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5)
      const { commitments } = yield* commit([["MUG", 2]], { document: BASKET })
      const id = CommitmentId.make(commitments[0]?.commitment ?? "")
      const store = yield* Store
      const stored = yield* Effect.flatMap(store.get(Commitments, id), Effect.fromOption)
      yield* store.commit([replace(stored, { ...stored.value, documentKind: "order" })])
      const refused = yield* Effect.flip(allocateStock({ key: "2", commitments: [{ id }] }))
      expect(refused).toMatchObject({
        _tag: "InvalidInput",
        issues: [{ path: "commitments[0].id" }],
      })
    }).pipe(inWorld),
  )
})
