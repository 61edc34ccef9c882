import { createSecretKey } from "node:crypto"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { boundTo, open, placeOf, randomIvs, seal } from "../../src/privacy/sealedFormat.ts"

const word = fc.string({ minLength: 0, maxLength: 12 })
const anywhere = fc.record({
  partition: word,
  order: word,
  field: word,
  version: fc.integer({ min: 1, max: 1000 }),
})
type Place = typeof anywhere extends fc.Arbitrary<infer P> ? P : never

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((each) => Buffer.from(each))

const sealing = fc.record({
  key: bytes(32).map((each) => createSecretKey(each)),
  id: bytes(16),
  place: anywhere,
  plain: fc.uint8Array({ maxLength: 80 }),
})
type Sealing = typeof sealing extends fc.Arbitrary<infer S> ? S : never

const keyOf = ({ key, id }: Pick<Sealing, "key" | "id">, { partition, order }: Place) => ({
  key,
  id,
  order: boundTo(partition, order),
})
const sealed = (given: Sealing) =>
  seal(
    keyOf(given, given.place),
    randomIvs(1),
    placeOf(given.place.field, given.place.version),
    given.plain,
  )
const opened = (given: Pick<Sealing, "key" | "id" | "place">, record: Uint8Array) =>
  open(keyOf(given, given.place), placeOf(given.place.field, given.place.version), record)

describe("whatever is sealed", () => {
  it("opens as it was", () => {
    fc.assert(
      fc.property(sealing, (given) => {
        const plain = opened(given, sealed(given))
        expect(plain && [...plain]).toEqual([...given.plain])
      }),
      { numRuns: 500 },
    )
  })

  it("does not open with any bit of any byte turned: version, key id, vector, text or tag", () => {
    fc.assert(
      fc.property(sealing, fc.nat(7), (given, bit) => {
        const record = sealed(given)
        for (let at = 0; at < record.length; at++) {
          const altered = Buffer.from(record)
          altered[at] = (altered[at] ?? 0) ^ (1 << bit)
          expect(opened(given, altered)).toBeUndefined()
        }
      }),
      { numRuns: 40 },
    )
  })

  it("does not open with a header of another version or key, whatever its byte is", () => {
    fc.assert(
      fc.property(sealing, (given) => {
        const record = sealed(given)
        for (let at = 0; at < 29; at++) {
          for (let byte = 0; byte < 256; byte += 17) {
            const altered = Buffer.from(record)
            if (altered[at] === byte) continue
            altered[at] = byte
            expect(opened(given, altered)).toBeUndefined()
          }
        }
      }),
      { numRuns: 10 },
    )
  })

  it("does not open cut at either end, or with anything added", () => {
    fc.assert(
      fc.property(sealing, fc.uint8Array({ minLength: 1, maxLength: 4 }), (given, more) => {
        const record = sealed(given)
        for (let length = 0; length < record.length; length++) {
          expect(opened(given, record.subarray(0, length))).toBeUndefined()
          expect(opened(given, record.subarray(record.length - length))).toBeUndefined()
        }
        expect(opened(given, Buffer.concat([record, more]))).toBeUndefined()
        expect(opened(given, Buffer.concat([more, record]))).toBeUndefined()
      }),
      { numRuns: 40 },
    )
  })

  it("opens in no other place and with no other key", () => {
    fc.assert(
      fc.property(sealing, sealing, (given, other) => {
        const record = sealed(given)
        for (const part of ["partition", "order", "field", "version"] as const) {
          const place = { ...given.place, [part]: other.place[part] }
          const plain = opened({ ...given, place }, record)
          expect(plain !== undefined).toBe(place[part] === given.place[part])
        }
        expect(opened({ ...given, key: other.key }, record)).toBeUndefined()
        expect(opened({ ...given, id: other.id }, record)).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })
})
