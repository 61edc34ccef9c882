import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyRotationStatusCommand,
  ListAliasesCommand,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { clientOf, inKmsWorld, newKeyArn } from "../kmsWorld.ts"
import { answerOf, outcomeOf } from "./sdkCalls.ts"

const DAY = 86_400_000

describe("an emulated key", () => {
  it("that is disabled is described, not used, until it is enabled", () =>
    inKmsWorld(({ operator, keyId: KeyId }) =>
      Effect.gen(function* () {
        const use = () =>
          outcomeOf(() => operator.send(new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256" })))
        yield* answerOf(() => operator.send(new DisableKeyCommand({ KeyId })))
        expect(yield* use()).toBe("DisabledException")
        const { KeyMetadata } = yield* answerOf(() =>
          operator.send(new DescribeKeyCommand({ KeyId })),
        )
        expect(KeyMetadata).toMatchObject({ Enabled: false, KeyState: "Disabled" })
        yield* answerOf(() => operator.send(new EnableKeyCommand({ KeyId })))
        expect(yield* use()).toBe("ok")
      }),
    ))

  it("is deleted after 7 to 30 days, and neither it nor its blobs return", () =>
    inKmsWorld(({ kms, operator, keyId: KeyId }) =>
      Effect.gen(function* () {
        const scheduling = (PendingWindowInDays: number) =>
          outcomeOf(() =>
            operator.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays })),
          )
        const { CiphertextBlob } = yield* answerOf(() =>
          operator.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x") })),
        )
        expect(yield* scheduling(6)).toBe("ValidationException")
        expect(yield* scheduling(31)).toBe("ValidationException")
        expect(yield* scheduling(7)).toBe("ok")
        expect(yield* scheduling(7)).toBe("KMSInvalidStateException")
        yield* kms.passTime(7 * DAY - 60_000)
        const cancel = () => outcomeOf(() => operator.send(new CancelKeyDeletionCommand({ KeyId })))
        expect(yield* cancel()).toBe("ok")
        expect(yield* cancel()).toBe("KMSInvalidStateException")
        expect(yield* scheduling(7)).toBe("ok")
        yield* kms.passTime(7 * DAY)
        expect(yield* cancel()).toBe("NotFoundException")
        expect(yield* outcomeOf(() => operator.send(new DescribeKeyCommand({ KeyId })))).toBe(
          "NotFoundException",
        )
        expect(yield* outcomeOf(() => operator.send(new DecryptCommand({ CiphertextBlob })))).toBe(
          "InvalidCiphertextException",
        )
      }),
    ))

  it("has aliases, which name it in cryptography but not in its management", () =>
    inKmsWorld(({ operator, keyId }) =>
      Effect.gen(function* () {
        const AliasName = "alias/oto"
        const create = (name: string) =>
          outcomeOf(() =>
            operator.send(new CreateAliasCommand({ AliasName: name, TargetKeyId: keyId })),
          )
        expect(yield* create(AliasName)).toBe("ok")
        expect(yield* create(AliasName)).toBe("AlreadyExistsException")
        expect(yield* create("oto")).toBe("InvalidAliasNameException")
        expect(yield* create("alias/aws/kms")).toBe("InvalidAliasNameException")
        const { Aliases = [] } = yield* answerOf(() => operator.send(new ListAliasesCommand({})))
        expect(Aliases).toMatchObject([{ AliasName, TargetKeyId: keyId.split("/")[1] }])
        for (const KeyId of [AliasName, Aliases[0]?.AliasArn]) {
          const using = () =>
            operator.send(new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256" }))
          expect(yield* outcomeOf(using)).toBe("ok")
          expect(
            yield* outcomeOf(() => operator.send(new GetKeyRotationStatusCommand({ KeyId }))),
          ).toBe("NotFoundException")
        }
        yield* answerOf(() => operator.send(new DeleteAliasCommand({ AliasName })))
        expect(
          yield* outcomeOf(() => operator.send(new DescribeKeyCommand({ KeyId: AliasName }))),
        ).toBe("NotFoundException")
      }),
    ))

  it("lies in one region; a multi-Region one opens its blobs in both", () =>
    inKmsWorld(({ kms, operator, keyId }) =>
      Effect.gen(function* () {
        const there = clientOf(kms, "eu-west-2")
        const ReplicaRegion = "eu-west-2"
        expect(yield* outcomeOf(() => there.send(new DescribeKeyCommand({ KeyId: keyId })))).toBe(
          "NotFoundException",
        )
        const replicating = (KeyId: string) =>
          outcomeOf(() => operator.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion })))
        expect(yield* replicating(keyId)).toBe("UnsupportedOperationException")
        const KeyId = yield* Effect.promise(() => newKeyArn(operator, { MultiRegion: true }))
        expect(yield* replicating(KeyId)).toBe("ok")
        const { CiphertextBlob } = yield* answerOf(() =>
          operator.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x") })),
        )
        const replica = KeyId.replace("eu-west-1", ReplicaRegion)
        const opened = yield* answerOf(() =>
          there.send(new DecryptCommand({ CiphertextBlob, KeyId: replica })),
        )
        expect(opened.KeyId).toBe(replica)
        there.destroy()
      }),
    ))
})
