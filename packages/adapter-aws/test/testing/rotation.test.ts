import {
  CancelKeyDeletionCommand,
  DecryptCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyRotationStatusCommand,
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { inKmsWorld } from "../kmsWorld.ts"
import { answerOf, outcomeOf } from "./sdkCalls.ts"

const DAY = 86_400_000

describe("emulated rotation", () => {
  it("adds material, on demand and by date, and leaves old blobs open", () =>
    inKmsWorld(({ kms, operator, keyId: KeyId }) =>
      Effect.gen(function* () {
        const encrypt = () =>
          answerOf(() => operator.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x") })))
        const blobs = [yield* encrypt()]
        yield* answerOf(() => operator.send(new RotateKeyOnDemandCommand({ KeyId })))
        blobs.push(yield* encrypt())
        yield* kms.passTime(365 * DAY - 60_000)
        blobs.push(yield* encrypt())
        yield* kms.passTime(60_000)
        blobs.push(yield* encrypt())
        const materials: Array<string | undefined> = []
        for (const { CiphertextBlob } of blobs) {
          const opened = yield* answerOf(() =>
            operator.send(new DecryptCommand({ CiphertextBlob, KeyId })),
          )
          materials.push(opened.KeyMaterialId)
        }
        expect(new Set(materials).size).toBe(3)
        const { Rotations = [] } = yield* answerOf(() =>
          operator.send(new ListKeyRotationsCommand({ KeyId })),
        )
        expect(Rotations.map(({ RotationType }) => RotationType)).toEqual([
          "ON_DEMAND",
          "AUTOMATIC",
        ])
        expect(Rotations.at(-1)).toMatchObject({
          KeyMaterialId: materials.at(-1),
          KeyMaterialState: "CURRENT",
          RotationDate: expect.any(Date),
        })
      }),
    ))

  it("is listed page by page, with the first material on demand", () =>
    inKmsWorld(({ operator, keyId: KeyId }) =>
      Effect.gen(function* () {
        for (const _ of [1, 2, 3])
          yield* answerOf(() => operator.send(new RotateKeyOnDemandCommand({ KeyId })))
        const first = yield* answerOf(() =>
          operator.send(
            new ListKeyRotationsCommand({
              KeyId,
              Limit: 3,
              IncludeKeyMaterial: "ALL_KEY_MATERIAL",
            }),
          ),
        )
        expect(first).toMatchObject({ Truncated: true })
        const { NextMarker: Marker } = first
        const next = yield* answerOf(() =>
          operator.send(
            new ListKeyRotationsCommand({
              KeyId,
              Limit: 3,
              IncludeKeyMaterial: "ALL_KEY_MATERIAL",
              ...(Marker && { Marker }),
            }),
          ),
        )
        expect([first.Rotations?.length, next.Rotations?.length, next.Truncated]).toEqual([
          3,
          1,
          false,
        ])
      }),
    ))

  it("has a status, which is false while the key is pending deletion, and a period of 90 to 2,560 days", () =>
    inKmsWorld(({ operator, keyId: KeyId }) =>
      Effect.gen(function* () {
        const status = () =>
          answerOf(() => operator.send(new GetKeyRotationStatusCommand({ KeyId })))
        expect(yield* status()).toMatchObject({
          KeyRotationEnabled: true,
          RotationPeriodInDays: 365,
        })
        yield* answerOf(() => operator.send(new ScheduleKeyDeletionCommand({ KeyId })))
        expect(yield* status()).toMatchObject({ KeyRotationEnabled: false })
        yield* answerOf(() => operator.send(new CancelKeyDeletionCommand({ KeyId })))
        expect(yield* status()).toMatchObject({ KeyRotationEnabled: true })
        yield* answerOf(() => operator.send(new EnableKeyCommand({ KeyId })))
        const periodOf = (RotationPeriodInDays: number) =>
          outcomeOf(() =>
            operator.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays })),
          )
        expect(yield* periodOf(89)).toBe("ValidationException")
        expect(yield* periodOf(90)).toBe("ok")
        expect(yield* periodOf(2560)).toBe("ok")
        expect(yield* periodOf(2561)).toBe("ValidationException")
        yield* answerOf(() => operator.send(new DisableKeyRotationCommand({ KeyId })))
        expect(yield* status()).toMatchObject({ KeyRotationEnabled: false })
      }),
    ))
})
