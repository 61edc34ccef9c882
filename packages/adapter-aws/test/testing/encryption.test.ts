import {
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  ReEncryptCommand,
} from "@aws-sdk/client-kms"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { inKmsWorld, newKeyArn } from "../kmsWorld.ts"
import { answerOf, outcomeOf } from "./sdkCalls.ts"

const context = { a: "1", b: "2" }

describe("emulated encryption", () => {
  it("opens under the same pairs in any order, and under no others", () =>
    inKmsWorld(({ operator, keyId: KeyId }) =>
      Effect.gen(function* () {
        const Plaintext = Buffer.from("plain")
        const { CiphertextBlob } = yield* answerOf(() =>
          operator.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext: context })),
        )
        const opening = (EncryptionContext?: Record<string, string>) =>
          outcomeOf(() =>
            operator.send(
              new DecryptCommand({
                CiphertextBlob,
                KeyId,
                ...(EncryptionContext && { EncryptionContext }),
              }),
            ),
          )
        expect(yield* opening({ b: "2", a: "1" })).toBe("ok")
        for (const other of [
          { a: "1" },
          { ...context, c: "3" },
          { a: "2", b: "1" },
          { A: "1", b: "2" },
          {},
        ])
          expect(yield* opening(other)).toBe("InvalidCiphertextException")
        expect(yield* opening()).toBe("InvalidCiphertextException")
      }),
    ))

  it("takes 1 to 4,096 bytes", () =>
    inKmsWorld(({ operator, keyId: KeyId }) =>
      Effect.gen(function* () {
        const encrypting = (bytes: number) =>
          outcomeOf(() =>
            operator.send(new EncryptCommand({ KeyId, Plaintext: Buffer.alloc(bytes) })),
          )
        expect(yield* encrypting(0)).toBe("ValidationException")
        expect(yield* encrypting(1)).toBe("ok")
        expect(yield* encrypting(4096)).toBe("ok")
        expect(yield* encrypting(4097)).toBe("ValidationException")
      }),
    ))

  it("makes data keys of the size asked for, with and without their plain form", () =>
    inKmsWorld(({ operator, keyId: KeyId }) =>
      Effect.gen(function* () {
        const made = yield* answerOf(() =>
          operator.send(new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256" })),
        )
        const sealed = yield* answerOf(() =>
          operator.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, NumberOfBytes: 64 })),
        )
        const opened = (CiphertextBlob: Uint8Array | undefined) =>
          answerOf(() => operator.send(new DecryptCommand({ CiphertextBlob, KeyId })))
        expect(made.Plaintext).toHaveLength(32)
        expect((yield* opened(made.CiphertextBlob)).Plaintext).toEqual(made.Plaintext)
        expect(sealed).not.toHaveProperty("Plaintext")
        expect((yield* opened(sealed.CiphertextBlob)).Plaintext).toHaveLength(64)
        for (const input of [
          {},
          { KeySpec: "AES_256", NumberOfBytes: 32 },
          { NumberOfBytes: 1025 },
        ] as const)
          expect(
            yield* outcomeOf(() => operator.send(new GenerateDataKeyCommand({ KeyId, ...input }))),
          ).toBe("ValidationException")
      }),
    ))

  it("is carried over to another key and another context", () =>
    inKmsWorld(({ operator, keyId: KeyId }) =>
      Effect.gen(function* () {
        const other = yield* Effect.promise(() => newKeyArn(operator))
        const { CiphertextBlob, Plaintext } = yield* answerOf(() =>
          operator.send(
            new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256", EncryptionContext: context }),
          ),
        )
        const carrying = (SourceEncryptionContext: Record<string, string>) => () =>
          operator.send(
            new ReEncryptCommand({
              CiphertextBlob,
              SourceEncryptionContext,
              DestinationKeyId: other,
              DestinationEncryptionContext: { c: "3" },
            }),
          )
        expect(yield* outcomeOf(carrying({}))).toBe("InvalidCiphertextException")
        const carried = yield* answerOf(carrying(context))
        expect(carried).toMatchObject({ KeyId: other, SourceKeyId: KeyId })
        const opened = yield* answerOf(() =>
          operator.send(
            new DecryptCommand({
              CiphertextBlob: carried.CiphertextBlob,
              KeyId: other,
              EncryptionContext: { c: "3" },
            }),
          ),
        )
        expect(opened.Plaintext).toEqual(Plaintext)
      }),
    ))
})
