import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import type { Timestamp } from "../../src/kernel/index.ts"
import {
  MerchantKeys,
  type OrderPii,
  OrderPiis,
  rewrapMerchantKeys,
  rewrapOrderKeys,
  Vault,
} from "../../src/privacy/index.ts"
import { insert, replace, Store } from "../../src/store/index.ts"
import { dump, inA, openOrder, sealOrder, tamperings, WRITTEN, world } from "./vaultWorld.ts"

const orderNo = (n: number) => `01890a5d-ac96-774b-8cce-${String(n).padStart(12, "0")}`

const store = (pii: OrderPii) => Store.use((each) => each.commit([insert(OrderPiis, pii)]))
const storedOrders = Effect.map(
  Store.use((each) => Stream.runCollect(each.scan(OrderPiis))),
  (found) => found.map(({ value }) => value),
)
const rotate = Vault.use((vault) => vault.rotateMerchantKey("personal_data"))

describe("order keys, after a new merchant key was made", () => {
  it.effect("are wrapped by it; what was sealed stays as it was and opens", () => {
    const { layer, ring } = world()
    return Effect.gen(function* () {
      for (let n = 0; n < 5; n++) yield* store(yield* sealOrder(orderNo(n)))
      const before = yield* storedOrders
      const key = yield* rotate
      yield* store(yield* sealOrder(orderNo(5)))

      expect(yield* rewrapOrderKeys).toEqual({ rewrapped: 5, skipped: 0, refused: 0 })
      const after = yield* storedOrders
      expect(after.map((pii) => pii.key)).toEqual(Array.from({ length: 6 }, () => key))
      expect(after.slice(0, 5).map(({ fields }) => fields)).toEqual(
        before.map((each) => each.fields),
      )
      for (const pii of after) expect(yield* openOrder(pii)).toEqual(WRITTEN)

      expect(yield* rewrapOrderKeys).toEqual({ rewrapped: 0, skipped: 0, refused: 0 })
      expect(yield* storedOrders).toEqual(after)
      expect(ring.asked).toMatchObject({ newKey: 3, unwrap: 0 })
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect("of orders whose deadline has come are left to the sweep", () => {
    const { layer } = world()
    return Effect.gen(function* () {
      yield* store({ ...(yield* sealOrder(orderNo(1))), deadline: 0 as Timestamp })
      yield* rotate
      const before = yield* storedOrders
      expect(yield* rewrapOrderKeys).toEqual({ rewrapped: 0, skipped: 0, refused: 0 })
      expect(yield* storedOrders).toEqual(before)
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect("that were tampered with are recorded and left, and stop none of the others", () => {
    const { layer } = world()
    return Effect.gen(function* () {
      const [one, two] = [yield* sealOrder(orderNo(1)), yield* sealOrder(orderNo(2))]
      yield* store({ ...one, wrappedKey: two.wrappedKey })
      yield* store(two)
      yield* rotate
      expect(yield* rewrapOrderKeys).toEqual({ rewrapped: 1, skipped: 0, refused: 1 })
      expect(yield* tamperings).toEqual([["openSealed", "order", one.order, "refused", "Tampered"]])
    }).pipe(inA, Effect.provide(layer))
  })
})

describe("merchant keys, after the ring has a new master key", () => {
  it.effect("are wrapped by it, without a plain key being asked for", () => {
    const { layer, ring } = world()
    return Effect.gen(function* () {
      const pii = yield* sealOrder()
      const before = yield* dump
      ring.rotate()
      expect(yield* rewrapMerchantKeys).toEqual({ rewrapped: 2, skipped: 0, refused: 0 })
      const after = yield* dump
      const wrappedIn = (records: typeof after) => records.map(({ body }) => body["wrapped"])
      for (const wrapped of wrappedIn(after)) expect(wrappedIn(before)).not.toContain(wrapped)
      expect(ring.asked).toMatchObject({ newKey: 2, unwrap: 0, rewrap: 2 })
      yield* Vault.use((vault) => vault.forget)
      expect(yield* openOrder(pii)).toEqual(WRITTEN)
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect("that the ring refuses are recorded and left as they are", () => {
    const { layer } = world()
    return Effect.gen(function* () {
      yield* sealOrder()
      const each = yield* Store
      const keys = yield* Stream.runCollect(each.scan(MerchantKeys))
      const [one, other] = keys
      if (one === undefined || other === undefined) return expect.fail("two keys were made")
      yield* each.commit([replace(one, { ...one.value, wrapped: other.value.wrapped })])
      expect(yield* rewrapMerchantKeys).toEqual({ rewrapped: 1, skipped: 0, refused: 1 })
      expect(yield* tamperings).toEqual([
        ["openSealed", "merchant_key", one.value.id, "refused", "KeyRefused"],
      ])
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect("stay as they are while the ring does not answer (I14)", () => {
    const { layer, ring } = world()
    return Effect.gen(function* () {
      yield* sealOrder()
      const before = yield* dump
      ring.break("unavailable")
      expect((yield* Effect.flip(rewrapMerchantKeys))._tag).toBe("KeyRingUnavailable")
      expect(yield* dump).toEqual(before)
    }).pipe(inA, Effect.provide(layer))
  })
})
