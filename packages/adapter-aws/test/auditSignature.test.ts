import { createHash } from "node:crypto"
import { Effect, Exit } from "effect"
import { describe, expect, it } from "vitest"
import { inKmsWorld, newRotatedKey, PERSONAL } from "./kmsWorld.ts"

const digest = createHash("sha256").update("events 1 to 100").digest()

describe("a signature of the audit log", () => {
  it("names the key that made it by its ARN", () =>
    inKmsWorld(({ ring, operator, keyId }) =>
      Effect.gen(function* () {
        expect((yield* (yield* ring()).sign(digest)).key).toBe(keyId)
        const signingKeyId = yield* Effect.promise(() => newRotatedKey(operator))
        expect((yield* (yield* ring({ signingKeyId })).sign(digest)).key).toBe(signingKeyId)
      }),
    ))

  it("verifies on another host over the same key, and after the key became a former one", () =>
    inKmsWorld(({ ring, operator, keyId }) =>
      Effect.gen(function* () {
        const signature = yield* (yield* ring()).sign(digest)
        const successor = yield* Effect.promise(() => newRotatedKey(operator))
        const verifies = (options: Parameters<typeof ring>[0]) =>
          Effect.flatMap(ring(options), (opened) => opened.verify(digest, signature))
        expect(yield* verifies({})).toBe(true)
        expect(yield* verifies({ signingKeyId: successor })).toBe(true)
        expect(yield* verifies({ keyId: successor, formerKeyIds: [keyId] })).toBe(true)
        expect(yield* verifies({ keyId: successor })).toBe(false)
      }),
    ))

  it("does not verify under the name of another key, nor for another application", () =>
    inKmsWorld(({ ring, operator }) =>
      Effect.gen(function* () {
        const opened = yield* ring()
        const signature = yield* opened.sign(digest)
        const other = yield* Effect.promise(() => newRotatedKey(operator))
        expect(yield* opened.verify(digest, { ...signature, key: other })).toBe(false)
        const elsewhere = yield* ring({ application: "staging" })
        expect(yield* elsewhere.verify(digest, signature)).toBe(false)
      }),
    ))

  it("cannot be made of a wrapped key, whose context is another", () =>
    inKmsWorld(({ ring, keyId }) =>
      Effect.gen(function* () {
        const opened = yield* ring()
        const { wrapped } = yield* opened.newKey(PERSONAL)
        expect(yield* opened.verify(digest, { key: keyId, value: wrapped })).toBe(false)
      }),
    ))

  it("that cannot be one is not sent to KMS", () =>
    inKmsWorld(({ ring, keyId, asked }) =>
      Effect.gen(function* () {
        const opened = yield* ring()
        const oversized = Buffer.alloc(6145).toString("base64")
        for (const value of ["", "no base64!", "AA", oversized]) {
          const requests = yield* asked(
            Effect.map(opened.verify(digest, { key: keyId, value }), (good) =>
              expect(good).toBe(false),
            ),
          )
          expect(requests).toEqual([])
        }
      }),
    ))

  it("is given to digests of 32 bytes only", () =>
    inKmsWorld(({ ring, asked }) =>
      Effect.gen(function* () {
        const opened = yield* ring()
        const requests = yield* asked(
          Effect.map(Effect.exit(opened.sign(new Uint8Array(31))), (exit) =>
            expect(Exit.hasDies(exit)).toBe(true),
          ),
        )
        expect(requests).toEqual([])
        const signature = yield* opened.sign(digest)
        expect(yield* opened.verify(digest.subarray(0, 31), signature)).toBe(false)
      }),
    ))
})
