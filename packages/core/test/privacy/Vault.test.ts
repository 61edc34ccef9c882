import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Redacted, Schema } from "effect"
import { TestClock } from "effect/testing"
import { nextId } from "../../src/kernel/index.ts"
import { memoryKeyRingWith } from "../../src/memory/index.ts"
import {
  type KeyContext,
  KeyRing,
  MerchantKey,
  MerchantKeyId,
  MerchantKeys,
  type OrderPii,
  Vault,
  type VaultFailure,
} from "../../src/privacy/index.ts"
import { type CurrentPartition, insert, Store } from "../../src/store/index.ts"
import {
  buyer,
  dump,
  exposed,
  inA,
  inB,
  ORDER,
  openOrder,
  sealOrder,
  WRITTEN,
  world,
} from "./vaultWorld.ts"
import vectors from "./vectors.json" with { type: "json" }

/** An order of a buyer who gave neither e-mail nor phone: it takes no index key. */
const unindexed = buyer({ name: WRITTEN.name, address: WRITTEN.address })
const orderNo = (n: number) => `01890a5d-ac96-774b-8cce-${String(n).padStart(12, "0")}`
const merchantKeys = Effect.map(
  Effect.flatMap(Store, (store) => store.find(MerchantKeys, "generation", { limit: 100 })),
  ({ items }) => items.map(({ value }) => value),
)
const indexOf = (field: "email" | "phone", value: string) =>
  Effect.map(
    Vault.use((vault) => vault.blindIndex(field, Redacted.make(value))),
    Option.getOrUndefined,
  )

describe("a buyer's data", () => {
  it.effect("opens as it was sealed, whole and part by part", () => {
    const { layer } = world()
    return Effect.gen(function* () {
      const pii = yield* sealOrder()
      expect(yield* openOrder(pii)).toEqual(WRITTEN)
      for (const field of ["name", "address", "email", "phone", "other"] as const)
        expect(yield* openOrder(pii, [field])).toEqual({ [field]: WRITTEN[field] })
      expect(yield* openOrder(pii, [])).toEqual({})
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect("keeps what lies beside it in the clear, and an index of e-mail and phone", () => {
    const { layer } = world()
    return Effect.gen(function* () {
      const pii = yield* sealOrder()
      expect(pii).toMatchObject({ order: ORDER, receivedAt: 1_000, deadline: 2_592_001_000 })
      expect(pii.emailIndex).toBe(yield* indexOf("email", " canary.buyer@EXAMPLE.com "))
      expect(pii.phoneIndex).toBe(yield* indexOf("phone", "0044 7700-900-123"))
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect("has only the parts that the buyer gave", () => {
    const { layer } = world()
    return Effect.gen(function* () {
      const pii = yield* sealOrder(ORDER, unindexed)
      expect(Object.keys(pii.fields).sort()).toEqual(["address", "name"])
      expect([pii.emailIndex, pii.phoneIndex]).toEqual([undefined, undefined])
      expect(yield* openOrder(pii)).toEqual({ name: WRITTEN.name, address: WRITTEN.address })
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect("has no index for a number without a digit", () => {
    const { layer } = world()
    return Effect.gen(function* () {
      const pii = yield* sealOrder(ORDER, buyer({ ...WRITTEN, phone: "not given" }))
      expect(pii.phoneIndex).toBeUndefined()
      expect(yield* openOrder(pii, ["phone"])).toEqual({ phone: "not given" })
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect("sealed twice has nothing in common: each sealing makes a key of its own", () => {
    const { layer } = world()
    return Effect.gen(function* () {
      const [one, two] = [yield* sealOrder(), yield* sealOrder()]
      const texts = ({ fields, wrappedKey }: OrderPii) => [...Object.values(fields), wrappedKey]
      expect(new Set([...texts(one), ...texts(two)]).size).toBe(12)
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect("written by another implementation opens", () => {
    const { merchantKey, data, pii, seed } = vectors.record
    const { layer } = world(memoryKeyRingWith({ seed: Buffer.from(seed, "hex") }))
    const key = Schema.decodeUnknownSync(MerchantKey)({
      id: merchantKey.id,
      use: "personal_data",
      generation: 1,
      wrapped: merchantKey.wrapped,
      createdAt: 0,
    })
    return Effect.gen(function* () {
      yield* (yield* Store).commit([insert(MerchantKeys, key)])
      expect(yield* openOrder(pii as unknown as OrderPii)).toEqual(data)
    }).pipe(inA, Effect.provide(layer))
  })
})

describe("a document", () => {
  const label = { kind: "label", id: "parcel-1" } as const
  const bytes = Redacted.make(Uint8Array.from(Buffer.from("^XA Canary Buyer ^XZ")))

  it.effect("opens with the order's key under its own name, redacted", () => {
    const { layer } = world()
    return Effect.gen(function* () {
      const vault = yield* Vault
      const pii = yield* sealOrder()
      const sealed = yield* vault.sealDocument(pii, label, bytes)
      expect(Buffer.from(sealed).includes("Canary")).toBe(false)
      const opened = yield* vault.openDocument(pii, label, sealed)
      expect(String(opened)).toContain("redacted")
      expect([...Redacted.value(opened)]).toEqual([...Redacted.value(bytes)])
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect("is unreadable once the order's key is another one", () => {
    const { layer } = world()
    return Effect.gen(function* () {
      const vault = yield* Vault
      const sealed = yield* vault.sealDocument(yield* sealOrder(), label, bytes)
      const refused = yield* Effect.flip(vault.openDocument(yield* sealOrder(), label, sealed))
      expect(refused).toMatchObject({ _tag: "Tampered", field: "document/label/parcel-1" })
    }).pipe(inA, Effect.provide(layer))
  })
})

describe("an index to search a buyer by", () => {
  it.effect("is equal for equal values of one merchant, and never of two (R15)", () => {
    const { layer } = world()
    return Effect.gen(function* () {
      const mail = "buyer@example.com"
      const inEach = yield* Effect.all([inA(indexOf("email", mail)), inB(indexOf("email", mail))])
      expect(inEach[0]).not.toBe(inEach[1])
      expect(yield* inA(indexOf("email", mail))).toBe(inEach[0])
      expect(yield* inA(indexOf("email", "buyer@example.org"))).not.toBe(inEach[0])
      expect(yield* inA(indexOf("phone", "1"))).not.toBe(yield* inA(indexOf("email", "1")))
      expect(yield* inA(indexOf("phone", "none"))).toBeUndefined()
    }).pipe(Effect.provide(layer))
  })
})

describe("the key ring", () => {
  it.effect(
    "is asked for one new key at a merchant's first order, and not for the next hundred",
    () => {
      const { layer, ring } = world()
      return Effect.gen(function* () {
        for (let n = 0; n <= 100; n++) {
          const pii = yield* sealOrder(orderNo(n), unindexed)
          yield* openOrder(pii)
        }
        expect(ring.asked).toMatchObject({ newKey: 1, unwrap: 0, rewrap: 0 })
        yield* sealOrder()
        expect(ring.asked).toMatchObject({ newKey: 2, unwrap: 0 })
      }).pipe(inA, Effect.provide(layer))
    },
  )

  it.effect("is asked once by a hundred that seal at once", () => {
    const { layer, ring } = world()
    return Effect.gen(function* () {
      const all = yield* Effect.forEach(
        Array.from({ length: 100 }, (_, n) => orderNo(n)),
        (order) => sealOrder(order, unindexed),
        { concurrency: "unbounded" },
      )
      expect(ring.asked).toMatchObject({ newKey: 1, unwrap: 0 })
      expect(new Set(all.map(({ key }) => key)).size).toBe(1)
      expect(yield* merchantKeys).toHaveLength(1)
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect("is asked to unwrap once in five minutes, whoever wants the key", () => {
    const { layer, ring } = world()
    return Effect.gen(function* () {
      const pii = yield* sealOrder(ORDER, unindexed)
      const openMany = Effect.forEach(Array.from({ length: 20 }), () => openOrder(pii), {
        concurrency: "unbounded",
      })
      for (const unwraps of [0, 1, 2, 3]) {
        yield* openMany
        yield* sealOrder(ORDER, unindexed)
        expect(ring.asked).toMatchObject({ newKey: 1, unwrap: unwraps })
        yield* TestClock.adjust(299_999)
        yield* openMany
        expect(ring.asked.unwrap).toBe(unwraps)
        yield* TestClock.adjust(1)
      }
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect("keeps the keys of merchants apart, in the ring and in memory", () => {
    const { layer, ring } = world()
    return Effect.gen(function* () {
      const a = yield* inA(sealOrder(ORDER, unindexed))
      const b = yield* inB(sealOrder(ORDER, unindexed))
      expect(ring.asked.newKey).toBe(2)
      expect(a.key).not.toBe(b.key)
      yield* inA(Vault.use((vault) => vault.forget))
      yield* inB(openOrder(b))
      expect(ring.asked.unwrap).toBe(0)
      yield* inA(openOrder(a))
      expect(ring.asked.unwrap).toBe(1)
    }).pipe(Effect.provide(layer))
  })

  it.effect("is asked again after a failure: none is remembered", () => {
    const { layer, ring } = world()
    return Effect.gen(function* () {
      ring.break("unavailable")
      expect((yield* Effect.flip(sealOrder()))._tag).toBe("KeyRingUnavailable")
      ring.mend()
      const pii = yield* sealOrder()
      yield* Vault.use((vault) => vault.forget)
      ring.break("unavailable", "unwrap")
      expect((yield* Effect.flip(openOrder(pii)))._tag).toBe("KeyRingUnavailable")
      ring.mend()
      expect(yield* openOrder(pii)).toEqual(WRITTEN)
    }).pipe(inA, Effect.provide(layer))
  })
})

describe("two hosts", () => {
  /** A host has a vault of its own over the one store and ring. Here the ring takes its time, so that hosts race. */
  const slowRing = Layer.effect(
    KeyRing,
    Effect.map(KeyRing, (ring) => ({
      ...ring,
      newKey: (context: KeyContext) =>
        Effect.andThen(Effect.replicateEffect(Effect.yieldNow, 9), ring.newKey(context)),
    })),
  )
  const host = Layer.fresh(Vault.layer).pipe(Layer.provide(slowRing))

  it.effect("that seal a merchant's first order at once use one key", () => {
    const { layer, ring } = world()
    return Effect.gen(function* () {
      const sealed = yield* Effect.all(
        Array.from({ length: 4 }, () => Effect.provide(sealOrder(ORDER, unindexed), host)),
        { concurrency: "unbounded" },
      )
      const keys = yield* merchantKeys
      expect(keys.map(({ use, generation }) => [use, generation])).toEqual([["personal_data", 1]])
      expect(new Set(sealed.map(({ key }) => key))).toEqual(new Set([keys[0]?.id]))
      for (const pii of sealed) yield* openOrder(pii)
      expect(ring.asked.newKey).toBe(4)
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect(
    "work in the partition of their caller, whatever partition they were started in",
    () => {
      const { layer } = world()
      return Effect.gen(function* () {
        const startedInA = yield* inA(Layer.build(Layer.fresh(Vault.layer)))
        const pii = yield* inB(Effect.provideContext(sealOrder(), startedInA))
        expect(yield* inA(merchantKeys)).toEqual([])
        expect((yield* inB(merchantKeys)).map(({ id }) => id)).toContain(pii.key)
        expect(yield* inB(openOrder(pii, ["name"]))).toEqual({ name: WRITTEN.name })
      }).pipe(Effect.provide(layer))
    },
  )

  it.effect("that rotate at once make one new key", () => {
    const { layer } = world()
    const rotate = Vault.use((vault) => vault.rotateMerchantKey("personal_data"))
    return Effect.gen(function* () {
      yield* sealOrder(ORDER, unindexed)
      const ids = yield* Effect.all(
        Array.from({ length: 4 }, () => Effect.provide(rotate, host)),
        { concurrency: "unbounded" },
      )
      const keys = yield* merchantKeys
      expect(keys.map(({ generation }) => generation)).toEqual([1, 2])
      expect(new Set(ids)).toEqual(new Set([keys[1]?.id]))
      expect(keys.map(({ retired }) => retired !== undefined)).toEqual([true, false])
    }).pipe(inA, Effect.provide(layer))
  })
})

describe("an interrupted caller", () => {
  it.effect("does not take the key from those who wait with it", () => {
    const { layer, ring } = world()
    return Effect.gen(function* () {
      const first = yield* Effect.forkChild(sealOrder(ORDER, unindexed))
      const second = yield* Effect.forkChild(sealOrder(ORDER, unindexed))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(first)
      yield* openOrder(yield* Fiber.join(second))
      expect(ring.asked.newKey).toBe(1)
    }).pipe(inA, Effect.provide(layer))
  })
})

describe("without the key ring (I14)", () => {
  const faults = ["unavailable", "disabled", "refused"] as const

  it.effect.each(faults)(
    "nothing is sealed or written at a merchant's first order: %s",
    (fault) => {
      const { layer, ring } = world()
      return Effect.gen(function* () {
        const before = yield* dump
        ring.break(fault)
        const refused = yield* Effect.flip(inA(sealOrder()))
        expect(refused).toMatchObject({
          _tag: "KeyRingUnavailable",
          retryable: fault === "unavailable",
        })
        expect(yield* dump).toEqual(before)
      }).pipe(Effect.provide(layer))
    },
  )

  it.effect.each(["unavailable", "disabled"] as const)(
    "no operation does anything, and the store stays as it was: %s",
    (fault) => {
      const { layer, ring } = world()
      return Effect.gen(function* () {
        const vault = yield* Vault
        const pii = yield* sealOrder()
        const name = { kind: "label", id: "1" } as const
        const bytes = Redacted.make(new Uint8Array(9))
        const label = yield* vault.sealDocument(pii, name, bytes)
        const before = yield* dump
        const operations: ReadonlyArray<
          Effect.Effect<unknown, VaultFailure, Vault | CurrentPartition>
        > = [
          sealOrder(),
          openOrder(pii),
          vault.sealDocument(pii, name, bytes),
          vault.openDocument(pii, name, label),
          vault.blindIndex("email", Redacted.make("a@example.com")),
          vault.rotateMerchantKey("personal_data"),
        ]
        ring.break(fault)
        for (const operation of operations) {
          yield* vault.forget
          const refused = yield* Effect.flip(operation)
          expect(refused._tag).toBe("KeyRingUnavailable")
          expect(yield* dump).toEqual(before)
        }
      }).pipe(inA, Effect.provide(layer))
    },
  )
})

describe("rotation", () => {
  it.effect("seals under the new key, still opens under the old one, and rewraps", () => {
    const { layer, ring } = world()
    return Effect.gen(function* () {
      const vault = yield* Vault
      const before = yield* sealOrder()
      const label = yield* vault.sealDocument(
        before,
        { kind: "label", id: "1" },
        Redacted.make(Uint8Array.of(1, 2, 3)),
      )
      yield* TestClock.adjust("1 minute")
      const key = yield* vault.rotateMerchantKey("personal_data")
      expect((yield* sealOrder()).key).toBe(key)
      expect(yield* openOrder(before)).toEqual(WRITTEN)

      const after = yield* vault.rewrap(before)
      expect(after).toEqual({ ...before, key, wrappedKey: after.wrappedKey })
      expect(after.wrappedKey).not.toBe(before.wrappedKey)
      expect(yield* openOrder(after)).toEqual(WRITTEN)
      const opened = yield* vault.openDocument(after, { kind: "label", id: "1" }, label)
      expect([...Redacted.value(opened)]).toEqual([1, 2, 3])
      expect(yield* vault.rewrap(after)).toBe(after)
      expect((yield* merchantKeys).find(({ id }) => id === before.key)?.retired).toBe(60_000)
      expect(ring.asked.rewrap).toBe(0)
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect("is followed by another host within five minutes", () => {
    const { layer } = world()
    return Effect.gen(function* () {
      const other = yield* Layer.build(Layer.fresh(Vault.layer))
      const there = Effect.provideContext(sealOrder(ORDER, unindexed), other)
      const { key: first } = yield* there
      const next = yield* Vault.use((vault) => vault.rotateMerchantKey("personal_data"))
      expect((yield* there).key).toBe(first)
      yield* TestClock.adjust("5 minutes")
      expect((yield* there).key).toBe(next)
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect("makes the first key where there is none", () => {
    const { layer } = world()
    return Effect.gen(function* () {
      const id = yield* Vault.use((vault) => vault.rotateMerchantKey("credentials"))
      expect(yield* merchantKeys).toMatchObject([{ id, use: "credentials", generation: 1 }])
    }).pipe(inA, Effect.provide(layer))
  })
})

describe("a merchant whose keys were deleted", () => {
  it.effect("gets new ones, and what was sealed before opens never more", () => {
    const { layer } = world()
    return Effect.gen(function* () {
      const store = yield* Store
      const vault = yield* Vault
      const before = yield* sealOrder(ORDER, unindexed)
      const { items } = yield* store.find(MerchantKeys, "generation", {})
      yield* store.commit(items.map((stored) => ({ kind: "remove", stored: stored as never })))
      yield* vault.forget
      expect(yield* Effect.flip(openOrder(before))).toMatchObject({
        _tag: "Tampered",
        field: "key",
      })
      const after = yield* sealOrder(ORDER, unindexed)
      expect(after.key).not.toBe(before.key)
      expect(exposed(yield* vault.open(after, ["name"]))).toEqual({ name: WRITTEN.name })
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect("is not asked for a key that it never had", () => {
    const { layer, ring } = world()
    return Effect.gen(function* () {
      const pii = yield* sealOrder(ORDER, unindexed)
      const stranger = { ...pii, key: yield* nextId(MerchantKeyId) }
      expect((yield* Effect.flip(openOrder(stranger)))._tag).toBe("Tampered")
      expect(ring.asked.unwrap).toBe(0)
    }).pipe(inA, Effect.provide(layer))
  })

  it.effect("is not asked for a key of another use", () => {
    const { layer, ring } = world()
    return Effect.gen(function* () {
      const pii = yield* sealOrder()
      const index = (yield* merchantKeys).find(({ use }) => use === "blind_index")
      yield* Vault.use((vault) => vault.forget)
      const crossed = { ...pii, key: index?.id ?? expect.fail("there is an index key") }
      expect((yield* Effect.flip(openOrder(crossed)))._tag).toBe("Tampered")
      expect(ring.asked.unwrap).toBe(0)
    }).pipe(inA, Effect.provide(layer))
  })
})
