import { it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { describe, expect } from "vitest"
import { type Actor, authorise, CurrentActor, enterPartition } from "../../src/access/index.ts"
import { AuditLog } from "../../src/audit/index.ts"
import type { Ids } from "../../src/kernel/index.ts"
import { CurrentPartition, PartitionId, Store } from "../../src/store/index.ts"
import { inside, MERCHANT_A, MERCHANT_B, opened, surroundings } from "../world.ts"

const HOME = PartitionId.make("01890a5d-ac96-774b-8cce-b302099a8056")
const NOWHERE = "01890a5d-ac96-774b-8cce-b302099a8fff"

const actor: Actor = {
  ref: { kind: "user", id: "u1" },
  home: HOME,
  grants: [
    { partition: HOME, roles: ["auditor"] },
    { partition: MERCHANT_A, roles: ["picker", "packer"] },
  ],
}

const where = Effect.all({ partition: CurrentPartition, actor: CurrentActor })

const events = Effect.flatMap(Store, (store) => Stream.runCollect(store.scan(AuditLog))).pipe(
  Effect.map((found) => found.map(({ value }) => value)),
)

/** Two merchants and the actor's home are open; nothing else exists. */
const inWorld = <A, E>(work: Effect.Effect<A, E, Store | Ids>) =>
  Effect.gen(function* () {
    for (const partition of [HOME, MERCHANT_A, MERCHANT_B]) yield* inside(partition)(opened())
    return yield* work
  }).pipe(Effect.provide(surroundings, { local: true }))

describe("an actor that enters a partition", () => {
  it.effect("works there, with the roles of its grant for that partition only", () =>
    inWorld(
      Effect.gen(function* () {
        const there = yield* enterPartition(actor, MERCHANT_A)(where)
        expect(there.partition.id).toBe(MERCHANT_A)
        expect(there.actor).toEqual({ ref: actor.ref, roles: ["picker", "packer"] })
        const home = yield* enterPartition(actor, HOME)(where)
        expect(home.actor.roles).toEqual(["auditor"])
        expect(yield* inside(HOME)(events)).toEqual([])
      }),
    ),
  )

  it.effect("cannot tell a foreign partition from one that does not exist (R29)", () =>
    inWorld(
      Effect.gen(function* () {
        const shapeOf = (partition: string) =>
          Effect.map(Effect.flip(enterPartition(actor, partition)(where)), (error) => {
            const { stack: _, ...fields } = { ...error, message: error.message, stack: "" }
            return JSON.stringify({ fields, keys: Object.keys(error) }).replaceAll(
              partition,
              "<id>",
            )
          })
        const foreign = yield* shapeOf(MERCHANT_B)
        expect(foreign).toBe(yield* shapeOf(NOWHERE))
        expect(foreign).toContain("NotFound")
        const [one, two] = (yield* inside(HOME)(events)).map(({ id: _, object, ...event }) => ({
          ...event,
          object: object.kind,
        }))
        expect(one).toEqual(two)
      }),
    ),
  )

  it.effect("leaves its attempt in its own partition's log, and nothing in the other one", () =>
    inWorld(
      Effect.gen(function* () {
        yield* TestClock.setTime(7000)
        yield* Effect.flip(enterPartition(actor, MERCHANT_B)(where))
        expect(yield* inside(HOME)(events)).toMatchObject([
          {
            at: 7000,
            actor: actor.ref,
            action: "enterPartition",
            object: { kind: "partition", id: MERCHANT_B },
            outcome: "refused",
            reason: "NotFound",
          },
        ])
        expect(yield* inside(MERCHANT_B)(events)).toEqual([])
        expect(yield* inside(MERCHANT_A)(events)).toEqual([])
      }),
    ),
  )

  it.effect("does no work where it may not enter", () =>
    inWorld(
      Effect.gen(function* () {
        let worked = 0
        const work = Effect.sync(() => worked++)
        for (const partition of [
          MERCHANT_B,
          NOWHERE,
          "",
          "all",
          `${MERCHANT_A} `,
          MERCHANT_A.toUpperCase(),
        ])
          yield* Effect.flip(enterPartition(actor, partition)(work))
        expect(worked).toBe(0)
      }),
    ),
  )

  it.effect("writes no text into the log that it typed in place of an id", () =>
    inWorld(
      Effect.gen(function* () {
        for (const typed of ["canary.buyer@example.com", "", "x".repeat(5000), "\ud800"]) {
          const refused = yield* Effect.flip(enterPartition(actor, typed)(where))
          expect(refused).toMatchObject({ _tag: "NotFound", kind: "partition" })
        }
        const ids = (yield* inside(HOME)(events)).map(({ object }) => object.id)
        expect(ids).toEqual(["malformed", "malformed", "malformed", "malformed"])
      }),
    ),
  )

  it.effect("comes out again as it went in", () =>
    inWorld(
      Effect.gen(function* () {
        const [before, , after] = yield* Effect.all([
          where,
          enterPartition(actor, MERCHANT_A)(where),
          where,
        ]).pipe(inside(HOME, ["manager"]))
        expect(after.partition.id).toBe(before.partition.id)
        expect(after.actor.roles).toEqual(["manager"])
      }),
    ),
  )
})

describe("an action", () => {
  it.effect("that a role allows goes on, and leaves nothing in the log", () =>
    inWorld(
      Effect.gen(function* () {
        yield* enterPartition(actor, MERCHANT_A)(authorise("recordPick"))
        expect(yield* inside(MERCHANT_A)(events)).toEqual([])
      }),
    ),
  )

  it.effect(
    "that no role allows is Forbidden, and the refusal is in the log where it happened",
    () =>
      inWorld(
        Effect.gen(function* () {
          const refused = yield* Effect.flip(
            enterPartition(actor, MERCHANT_A)(authorise("receiveStock")),
          )
          expect(refused).toMatchObject({ _tag: "Forbidden", action: "receiveStock" })
          expect(yield* inside(MERCHANT_A)(events)).toMatchObject([
            {
              actor: actor.ref,
              action: "receiveStock",
              object: { kind: "partition", id: MERCHANT_A },
              outcome: "refused",
              reason: "Forbidden",
            },
          ])
          expect(yield* inside(HOME)(events)).toEqual([])
        }),
      ),
  )

  it.effect("is not allowed by a role that is held elsewhere", () =>
    inWorld(
      Effect.gen(function* () {
        const elsewhere: Actor = {
          ...actor,
          grants: [
            { partition: MERCHANT_A, roles: ["owner"] },
            { partition: MERCHANT_B, roles: ["picker"] },
          ],
        }
        yield* enterPartition(elsewhere, MERCHANT_A)(authorise("receiveStock"))
        const refused = yield* Effect.flip(
          enterPartition(elsewhere, MERCHANT_B)(authorise("receiveStock")),
        )
        expect(refused._tag).toBe("Forbidden")
      }),
    ),
  )
})
