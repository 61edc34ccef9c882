import {
  CreateAliasCommand,
  DecryptCommand,
  type KMSClient,
  RotateKeyOnDemandCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms"
import type { WrappedKey } from "@oto-fulfilment/core"
import { Effect, Redacted } from "effect"
import { describe, expect, it } from "vitest"
import { inKmsWorld, newRotatedKey, PERSONAL } from "./kmsWorld.ts"

const zeros = Array.from({ length: 32 }, () => 0)

const bytesOf = (key: Redacted.Redacted<Uint8Array>) => [...Redacted.value(key)]

describe("what the ring asks of KMS", () => {
  it("names the key and the whole context in each request", () =>
    inKmsWorld(({ ring, keyId }) =>
      Effect.gen(function* () {
        const inputs: Array<object> = []
        const observe = (client: KMSClient) =>
          client.middlewareStack.add(
            (next) => (args) => {
              inputs.push(args.input)
              return next(args)
            },
            { step: "initialize" },
          )
        const opened = yield* ring({ observe, application: "shop" })
        const { wrapped } = yield* opened.newKey(PERSONAL)
        yield* opened.unwrap(PERSONAL, wrapped)
        yield* opened.rewrap(PERSONAL, wrapped)
        const digest = new Uint8Array(32)
        yield* opened.verify(digest, yield* opened.sign(digest))
        const context = { app: "shop", partition: PERSONAL.partition, use: "personal_data" }
        const signing = { app: "shop", use: "audit_signature" }
        expect(inputs).toEqual([
          { KeyId: keyId, KeySpec: "AES_256", EncryptionContext: context },
          { KeyId: keyId, CiphertextBlob: expect.anything(), EncryptionContext: context },
          {
            SourceKeyId: keyId,
            DestinationKeyId: keyId,
            CiphertextBlob: expect.anything(),
            SourceEncryptionContext: context,
            DestinationEncryptionContext: context,
          },
          { KeyId: keyId, Plaintext: digest, EncryptionContext: signing },
          { KeyId: keyId, CiphertextBlob: expect.anything(), EncryptionContext: signing },
        ])
      }),
    ))

  it("leaves no second copy of a plain key: the SDK's own bytes are overwritten", () =>
    inKmsWorld(({ ring }) =>
      Effect.gen(function* () {
        const answered: Array<Uint8Array> = []
        const observe = (client: KMSClient) =>
          client.middlewareStack.add(
            (next) => async (args) => {
              const result = await next(args)
              const { Plaintext } = result.output as { readonly Plaintext?: Uint8Array }
              if (Plaintext !== undefined) answered.push(Plaintext)
              return result
            },
            { step: "initialize" },
          )
        const opened = yield* ring({ observe })
        const { wrapped } = yield* opened.newKey(PERSONAL)
        const key = yield* opened.unwrap(PERSONAL, wrapped)
        expect(bytesOf(key).some((byte) => byte !== 0)).toBe(true)
        expect(answered.map((bytes) => [...bytes])).toEqual([zeros, zeros])
      }),
    ))

  it("is one request for each operation, and no more than describing for health", () =>
    inKmsWorld(({ ring, asked }) =>
      Effect.gen(function* () {
        const opened = yield* ring()
        const { wrapped } = yield* opened.newKey(PERSONAL)
        const digest = new Uint8Array(32)
        const signature = yield* opened.sign(digest)
        expect(yield* asked(ring())).toEqual([])
        expect(yield* asked(opened.newKey(PERSONAL))).toEqual(["GenerateDataKey"])
        expect(yield* asked(opened.unwrap(PERSONAL, wrapped))).toEqual(["Decrypt"])
        expect(yield* asked(opened.rewrap(PERSONAL, wrapped))).toEqual(["ReEncrypt"])
        expect(yield* asked(opened.sign(digest))).toEqual(["Encrypt"])
        expect(yield* asked(opened.verify(digest, signature))).toEqual(["Decrypt"])
        expect(yield* asked(opened.health)).toEqual(["DescribeKey", "GetKeyRotationStatus"])
      }),
    ))
})

describe("a wrapped key", () => {
  it("of another application under the same master key is refused", () =>
    inKmsWorld(({ ring }) =>
      Effect.gen(function* () {
        const { wrapped } = yield* (yield* ring({ application: "staging" })).newKey(PERSONAL)
        const refused = yield* Effect.flip((yield* ring()).unwrap(PERSONAL, wrapped))
        expect(refused).toMatchObject({ _tag: "KeyRefused", reason: "InvalidCiphertextException" })
      }),
    ))

  it("of another master key is refused, though KMS itself would open it", () =>
    inKmsWorld(({ ring, operator }) =>
      Effect.gen(function* () {
        const other = yield* Effect.promise(() => newRotatedKey(operator))
        const { plain, wrapped } = yield* (yield* ring({ keyId: other })).newKey(PERSONAL)
        const opened = yield* ring()
        const refused = { _tag: "KeyRefused", reason: "IncorrectKeyException" }
        expect(yield* Effect.flip(opened.unwrap(PERSONAL, wrapped))).toMatchObject(refused)
        expect(yield* Effect.flip(opened.rewrap(PERSONAL, wrapped))).toMatchObject(refused)
        const byItself = yield* Effect.promise(() =>
          operator.send(
            new DecryptCommand({
              CiphertextBlob: Buffer.from(wrapped, "base64"),
              EncryptionContext: {
                app: "oto-fulfilment",
                partition: PERSONAL.partition,
                use: PERSONAL.use,
              },
            }),
          ),
        )
        expect([...(byItself.Plaintext ?? [])]).toEqual(bytesOf(plain))
      }),
    ))

  it("that holds something other than 32 bytes is refused", () =>
    inKmsWorld(({ ring }) =>
      Effect.gen(function* () {
        const digest = new Uint8Array(32).fill(7)
        const opened = yield* ring()
        // A signature is a blob of the same key; its context differs.
        const { value } = yield* opened.sign(digest)
        expect(yield* Effect.flip(opened.unwrap(PERSONAL, value as WrappedKey))).toMatchObject({
          _tag: "KeyRefused",
        })
      }),
    ))
})

describe("a master key", () => {
  it("that rotated opens what its older material wrapped, and wraps with the newer", () =>
    inKmsWorld(({ kms, ring, operator, keyId }) =>
      Effect.gen(function* () {
        const opened = yield* ring()
        const first = yield* opened.newKey(PERSONAL)
        yield* Effect.promise(() => operator.send(new RotateKeyOnDemandCommand({ KeyId: keyId })))
        yield* kms.passTime(366 * 86_400_000)
        const second = yield* opened.newKey(PERSONAL)
        for (const { plain, wrapped } of [first, second])
          expect(bytesOf(yield* opened.unwrap(PERSONAL, wrapped))).toEqual(bytesOf(plain))
      }),
    ))

  it("that was replaced opens what it wrapped as a former one, in one request more", () =>
    inKmsWorld(({ ring, operator, keyId, asked }) =>
      Effect.gen(function* () {
        const { plain, wrapped } = yield* (yield* ring()).newKey(PERSONAL)
        const successor = yield* Effect.promise(() => newRotatedKey(operator))
        const opened = yield* ring({ keyId: successor, formerKeyIds: [keyId] })
        expect(bytesOf(yield* opened.unwrap(PERSONAL, wrapped))).toEqual(bytesOf(plain))
        expect(yield* asked(opened.unwrap(PERSONAL, wrapped))).toEqual(["Decrypt", "Decrypt"])

        const rewrapped = yield* opened.rewrap(PERSONAL, wrapped)
        expect(yield* asked(opened.unwrap(PERSONAL, rewrapped))).toEqual(["Decrypt"])
        const without = yield* ring({ keyId: successor })
        expect(bytesOf(yield* without.unwrap(PERSONAL, rewrapped))).toEqual(bytesOf(plain))
        // Retired: no longer named, so no longer opened.
        expect(yield* Effect.flip(without.unwrap(PERSONAL, wrapped))).toMatchObject({
          _tag: "KeyRefused",
          reason: "IncorrectKeyException",
        })
      }),
    ))

  it("may be named by an alias; an alias that moves on leaves its former key to be named", () =>
    inKmsWorld(({ ring, operator, keyId }) =>
      Effect.gen(function* () {
        const AliasName = "alias/oto/personal-data"
        const alias = keyId.replace(/key\/.*$/u, AliasName)
        yield* Effect.promise(() =>
          operator.send(new CreateAliasCommand({ AliasName, TargetKeyId: keyId })),
        )
        const opened = yield* ring({ keyId: alias, formerKeyIds: [keyId] })
        const { plain, wrapped } = yield* opened.newKey(PERSONAL)
        expect((yield* opened.health).faults).toEqual([])

        const successor = yield* Effect.promise(() => newRotatedKey(operator))
        yield* Effect.promise(() =>
          operator.send(new UpdateAliasCommand({ AliasName, TargetKeyId: successor })),
        )
        expect(bytesOf(yield* opened.unwrap(PERSONAL, wrapped))).toEqual(bytesOf(plain))
        const rewrapped = yield* opened.rewrap(PERSONAL, wrapped)
        const without = yield* ring({ keyId: successor })
        expect(bytesOf(yield* without.unwrap(PERSONAL, rewrapped))).toEqual(bytesOf(plain))
      }),
    ))
})
