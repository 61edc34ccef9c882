import { createSecretKey } from "node:crypto"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Option, Redacted } from "effect"
import fc from "fast-check"
import {
  type DocumentName,
  KeyRefused,
  KeyRing,
  MerchantKeys,
  type OrderPii,
  type Sealed,
  Tampered,
  Vault,
} from "../../src/privacy/index.ts"
import { unwrapOrderKey } from "../../src/privacy/OrderKey.ts"
import { placeOf, randomIvs, seal } from "../../src/privacy/sealedFormat.ts"
import { insert, Store } from "../../src/store/index.ts"
import { forAll } from "../../src/testing/index.ts"
import { MERCHANT_A } from "../world.ts"
import {
  anyWritten,
  buyer,
  FIELDS,
  inA,
  inB,
  ORDER,
  OTHER_ORDER,
  openOrder,
  sealOrder,
  tamperings,
  world,
} from "./vaultWorld.ts"

const event = (order: string) => ["openSealed", "order", order, "refused", "Tampered"]

/** Opening must fail as tampering, of this field, and leave exactly one event more. */
const expectTampered = (
  pii: OrderPii,
  field: string,
  fields: ReadonlyArray<(typeof FIELDS)[number]> = FIELDS,
) =>
  Effect.gen(function* () {
    const before = (yield* tamperings).length
    const refused = yield* Effect.flip(openOrder(pii, fields))
    expect(refused).toBeInstanceOf(Tampered)
    expect(refused).toMatchObject({ order: pii.order, field })
    const events = yield* tamperings
    expect(events.slice(before)).toEqual([event(pii.order)])
  })

const bytesOf = (text: string) => Buffer.from(text, "base64")
const sealedOf = (bytes: Buffer) => bytes.toString("base64") as Sealed

const putting = (pii: OrderPii, field: (typeof FIELDS)[number], text: Sealed): OrderPii => ({
  ...pii,
  fields: { ...pii.fields, [field]: text },
})

/** The record with one byte turned: each of the header and the tag, and a sample of the text between. */
const alteredBytes = (text: string): ReadonlyArray<Sealed> => {
  const bytes = bytesOf(text)
  return [...bytes.keys()]
    .filter((at) => at < 29 || at >= bytes.length - 16 || at % 5 === 0)
    .map((at) => {
      const altered = Buffer.from(bytes)
      altered[at] = (altered[at] ?? 0) ^ (1 << (at % 8))
      return sealedOf(altered)
    })
}

/** The record with its name sealed under another version, by somebody who has all keys. */
const withNameOfVersion = (pii: OrderPii, version: number) =>
  Effect.gen(function* () {
    const stored = Option.getOrThrow(yield* (yield* Store).get(MerchantKeys, pii.key))
    const context = { partition: MERCHANT_A, use: "personal_data" } as const
    const plain = yield* (yield* KeyRing).unwrap(context, stored.value.wrapped)
    const merchant = createSecretKey(Redacted.value(plain))
    const key = unwrapOrderKey(merchant, MERCHANT_A, pii) ?? expect.fail("no key")
    const sealed = seal(key, randomIvs(1), placeOf("name", version), '"Canary Buyer"')
    return putting(pii, "name", sealedOf(sealed))
  })

describe("whatever a buyer is called and wherever they live", () => {
  it.live("what was sealed opens as it was", () =>
    forAll(anyWritten, { runs: 200 }, (written) =>
      Effect.gen(function* () {
        const pii = yield* sealOrder(ORDER, buyer(written))
        expect(yield* openOrder(pii)).toEqual(written)
      }),
    ).pipe(inA, Effect.provide(world().layer)),
  )
})

describe("a sealed record that was altered", () => {
  it.live(
    "does not open, whichever byte of whichever part was turned, and each attempt is recorded",
    () =>
      Effect.gen(function* () {
        const pii = yield* sealOrder()
        for (const altered of alteredBytes(pii.wrappedKey))
          yield* expectTampered({ ...pii, wrappedKey: altered }, "key")
        for (const field of FIELDS)
          for (const altered of alteredBytes(pii.fields[field] ?? ""))
            yield* expectTampered(putting(pii, field, altered), field)
      }).pipe(inA, Effect.provide(world().layer)),
  )

  it.live("does not open cut to any length", () =>
    Effect.gen(function* () {
      const pii = yield* sealOrder()
      const name = bytesOf(pii.fields.name ?? "")
      for (let length = 0; length < name.length; length++)
        yield* expectTampered(putting(pii, "name", sealedOf(name.subarray(0, length))), "name")
      const key = bytesOf(pii.wrappedKey)
      for (let length = 0; length < key.length; length++)
        yield* expectTampered({ ...pii, wrappedKey: sealedOf(key.subarray(0, length)) }, "key")
    }).pipe(inA, Effect.provide(world().layer)),
  )

  it.live("does not open without what every record has", () =>
    Effect.gen(function* () {
      const pii = yield* sealOrder()
      const { name: _, ...rest } = pii.fields
      yield* expectTampered({ ...pii, fields: rest }, "name")
    }).pipe(inA, Effect.provide(world().layer)),
  )
})

describe("a sealed value that was moved", () => {
  it.live("between fields of an order does not open (I8)", () =>
    Effect.gen(function* () {
      const pii = yield* sealOrder()
      for (const from of FIELDS) {
        for (const to of FIELDS) {
          if (from === to) continue
          const moved = putting(pii, to, pii.fields[from] as Sealed)
          yield* expectTampered(moved, to, [to])
        }
      }
    }).pipe(inA, Effect.provide(world().layer)),
  )

  it.live("between orders of a merchant does not open (I8)", () =>
    Effect.gen(function* () {
      const [one, two] = [yield* sealOrder(ORDER), yield* sealOrder(OTHER_ORDER)]
      for (const field of FIELDS)
        yield* expectTampered(putting(one, field, two.fields[field] as Sealed), field, [
          field,
        ] as never)
      yield* expectTampered({ ...one, wrappedKey: two.wrappedKey }, "key")
      yield* expectTampered({ ...two, order: ORDER }, "key")
      yield* expectTampered({ ...one, fields: two.fields }, "name")
    }).pipe(inA, Effect.provide(world().layer)),
  )

  it.live("between sealings of one order does not open: the key is another", () =>
    Effect.gen(function* () {
      const [one, two] = [yield* sealOrder(), yield* sealOrder()]
      yield* expectTampered({ ...one, fields: two.fields }, "name")
      yield* expectTampered({ ...one, wrappedKey: two.wrappedKey }, "name")
    }).pipe(inA, Effect.provide(world().layer)),
  )

  it.live("to another merchant does not open, even with all keys of the first (I8)", () =>
    Effect.gen(function* () {
      const stolen = yield* inA(sealOrder())
      const own = yield* inB(sealOrder())
      yield* inB(expectTampered(stolen, "key"))
      yield* inB(expectTampered({ ...stolen, key: own.key }, "key"))
      yield* inB(expectTampered({ ...own, fields: stolen.fields }, "name"))
      yield* inB(expectTampered({ ...own, wrappedKey: stolen.wrappedKey }, "key"))

      // The merchant key's own record is carried over, too: the ring refuses it.
      const key = yield* inA(Store.use((store) => store.get(MerchantKeys, stolen.key)))
      const { value } = Option.getOrThrow(key)
      yield* inB(
        Store.use((store) => store.commit([insert(MerchantKeys, { ...value, generation: 9 })])),
      )
      const before = (yield* inB(tamperings)).length
      expect(yield* Effect.flip(inB(openOrder(stolen)))).toBeInstanceOf(KeyRefused)
      const last = (yield* inB(tamperings)).slice(before)
      expect(last).toEqual([["openSealed", "merchant_key", stolen.key, "refused", "KeyRefused"]])

      expect(yield* inA(tamperings)).toEqual([])
      expect(yield* inA(openOrder(stolen, ["name"]))).toEqual({ name: "Canary Buyer" })
    }).pipe(Effect.provide(world().layer)),
  )

  it.live("between merchants' generated orders never opens, nor in another's place", () =>
    forAll(fc.tuple(anyWritten, anyWritten), { runs: 40 }, ([first, second]) =>
      Effect.gen(function* () {
        const a = yield* inA(sealOrder(ORDER, buyer(first)))
        const b = yield* inB(sealOrder(ORDER, buyer(second)))
        for (const field of ["name", "address"] as const) {
          const swapped = putting(a, field, b.fields[field] as Sealed)
          yield* inA(expectTampered(swapped, field, [field]))
        }
        yield* inA(expectTampered(b, "key"))
        yield* inB(expectTampered(a, "key"))
      }),
    ).pipe(Effect.provide(world().layer)),
  )

  it.live("to another version of the schema does not open", () =>
    Effect.gen(function* () {
      const pii = yield* sealOrder()
      yield* expectTampered(yield* withNameOfVersion(pii, 2), "name")
      expect(yield* openOrder(yield* withNameOfVersion(pii, 1))).toMatchObject({
        name: "Canary Buyer",
      })
    }).pipe(inA, Effect.provide(world().layer)),
  )

  it.live("between documents of an order does not open", () =>
    Effect.gen(function* () {
      const vault = yield* Vault
      const pii = yield* sealOrder()
      const name = { kind: "label", id: "1" } as const
      const sealed = yield* vault.sealDocument(pii, name, Redacted.make(Uint8Array.of(1)))
      const others: ReadonlyArray<DocumentName> = [
        { kind: "label", id: "2" },
        { kind: "customs", id: "1" },
      ]
      for (const other of others) {
        const refused = yield* Effect.flip(vault.openDocument(pii, other, sealed))
        expect(refused).toMatchObject({ field: `document/${other.kind}/${other.id}` })
      }
      const asName = { ...pii, fields: { ...pii.fields, name: sealedOf(Buffer.from(sealed)) } }
      yield* expectTampered(asName, "name")
      const other = yield* sealOrder(OTHER_ORDER)
      expect(yield* Effect.flip(vault.openDocument(other, name, sealed))).toBeInstanceOf(Tampered)
      expect(yield* tamperings).toHaveLength(4)
    }).pipe(inA, Effect.provide(world().layer)),
  )
})
