import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { enterPartition } from "../../src/access/index.ts"
import { Core, sweep } from "../../src/host/index.ts"
import { RECEIPT_MILLIS, Receipts } from "../../src/integration/index.ts"
import { memoryHost } from "../../src/memory/index.ts"
import { openMerchant, registerOperator } from "../../src/party/index.ts"
import { Store } from "../../src/store/index.ts"
import { inside } from "../world.ts"
import { basket, OPERATOR, operatorFacts, WAREHOUSE } from "./hostWorld.ts"

const HOUR = 3_600_000

const openShop = (name: string) =>
  Effect.gen(function* () {
    const core = yield* Core
    yield* registerOperator(operatorFacts)
    const merchant = yield* openMerchant({
      key: `open-${name}`,
      name,
      settings: { currency: "GBP", timeZone: "Europe/London" },
    }).pipe(inside(OPERATOR))
    const within = inside(merchant.id, ["owner", "platform_admin"])
    yield* within(core.defineProduct({ key: "p1", sku: "TEA-250", title: "Tea" }))
    const place = { warehouse: WAREHOUSE, bin: "A-01" }
    yield* within(
      core.receiveStock({ key: "r1", lines: [{ sku: "TEA-250", quantity: 10, place }] }),
    )
    yield* within(core.commitStock({ ...basket("b1", 4), expiresInMillis: HOUR }))
    const available = Effect.map(
      within(core.readStock({ sku: "TEA-250" })),
      ({ total }) => total.available,
    )
    return { core, within, available, merchant }
  })

const inHost = <A, E>(work: Effect.Effect<A, E, Layer.Success<typeof Core.layer>>) =>
  Effect.provide(work, Core.layer.pipe(Layer.provide(memoryHost)), { local: true })

describe("a sweep", () => {
  it.effect("ends commitments at their limit, not a millisecond before, once", () =>
    Effect.gen(function* () {
      const { available } = yield* openShop("Tea")
      yield* TestClock.adjust(HOUR - 1)
      expect(yield* sweep()).toMatchObject({ commitments: 0 })
      expect(yield* available).toBe(6)
      yield* TestClock.adjust(1)
      expect(yield* sweep()).toMatchObject({ commitments: 1, refused: [] })
      expect(yield* available).toBe(10)
      expect(yield* sweep()).toMatchObject({ commitments: 0 })
    }).pipe(inHost),
  )

  it.effect("works in every partition, and a closed one does not stop it", () =>
    Effect.gen(function* () {
      const first = yield* openShop("Tea")
      const second = yield* openShop("Coffee")
      const { core, within, merchant } = first
      yield* within(core.changeStanding({ key: "s1", to: "closing", reason: "contract" }))
      yield* within(core.closeMerchant({ key: "s2", reason: "contract" }))
      yield* TestClock.adjust(HOUR)
      const report = yield* sweep()
      expect(report).toMatchObject({
        commitments: 1,
        refused: [{ partition: merchant.id, reason: "StandingRefused" }],
      })
      expect(yield* second.available).toBe(10)
    }).pipe(inHost),
  )

  it.effect("forgets receipts when they lapse", () =>
    Effect.gen(function* () {
      const { within } = yield* openShop("Tea")
      const receipt = within(Effect.flatMap(Store, (store) => store.get(Receipts, "b1")))
      yield* TestClock.adjust(RECEIPT_MILLIS - 1)
      yield* sweep()
      expect((yield* receipt)._tag).toBe("Some")
      yield* TestClock.adjust(1)
      expect((yield* sweep()).receipts).toBeGreaterThan(0)
      expect((yield* receipt)._tag).toBe("None")
    }).pipe(inHost),
  )
})

describe("the door", () => {
  it.effect("shuts out an actor without a grant as if nothing were there", () =>
    Effect.gen(function* () {
      const { core, merchant } = yield* openShop("Tea")
      const nobody = { ref: { kind: "user", id: "x" }, home: OPERATOR, grants: [] } as const
      const missing = "01890a5d-ac96-774b-8cce-b302099a80ff"
      for (const partition of [merchant.id, missing]) {
        const refused = yield* Effect.flip(
          core.readStock({ sku: "TEA-250" }).pipe(enterPartition(nobody, partition)),
        )
        expect(refused).toMatchObject({ _tag: "NotFound", kind: "partition", id: partition })
      }
    }).pipe(inHost),
  )
})
