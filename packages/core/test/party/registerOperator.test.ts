import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { openMerchant, registerOperator } from "../../src/party/index.ts"
import { inside, surroundings } from "../world.ts"
import { auditTrail, OPERATOR, openedMerchant, opening, registration } from "./operatorWorld.ts"
import { unevenWorld } from "./unevenDriver.ts"

const inNewWorld = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  Effect.provide(work, surroundings, { local: true })

describe("registering an operator", () => {
  it.effect("opens its partition for commands, with an audit event", () =>
    Effect.gen(function* () {
      const operator = yield* registerOperator(registration)
      expect(operator).toMatchObject({ id: OPERATOR, name: "North Quay Fulfilment" })
      expect(yield* inside(OPERATOR)(auditTrail)).toEqual(["registerOperator operator done"])
      yield* inside(OPERATOR)(openMerchant(opening()))
    }).pipe(inNewWorld),
  )

  it.effect("answers the same at every start, under whatever key, and changes nothing", () =>
    Effect.gen(function* () {
      const first = yield* registerOperator(registration)
      expect(yield* registerOperator(registration)).toEqual(first)
      expect(yield* registerOperator({ ...registration, key: "install-2" })).toEqual(first)
      expect(yield* inside(OPERATOR)(auditTrail)).toHaveLength(1)
    }).pipe(inNewWorld),
  )

  it.effect("gives one answer to processes that start at the same moment", () =>
    Effect.gen(function* () {
      const answers = yield* Effect.forEach(
        Array.from({ length: 8 }, (_, process) => process),
        (process) => registerOperator({ ...registration, key: `process-${process}` }),
        { concurrency: "unbounded" },
      )
      expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1)
      expect(yield* inside(OPERATOR)(auditTrail)).toHaveLength(1)
    }).pipe(Effect.provide(unevenWorld([0, 3, 1]), { local: true })),
  )

  it.effect("refuses another operator under the same id", () =>
    Effect.gen(function* () {
      yield* registerOperator(registration)
      const other = { ...registration, name: "South Quay" }
      expect((yield* Effect.flip(registerOperator(other)))._tag).toBe("IdempotencyConflict")
      expect(yield* Effect.flip(registerOperator({ ...other, key: "install-2" }))).toMatchObject({
        _tag: "PartitionTaken",
        id: OPERATOR,
      })
      expect(yield* inside(OPERATOR)(auditTrail)).toHaveLength(1)
    }).pipe(inNewWorld),
  )

  it.effect("never takes over the partition of a merchant", () =>
    Effect.gen(function* () {
      const merchant = yield* openedMerchant()
      const refused = yield* Effect.flip(registerOperator({ ...registration, id: merchant.id }))
      expect(refused._tag).toBe("PartitionTaken")
    }).pipe(inNewWorld),
  )
})
