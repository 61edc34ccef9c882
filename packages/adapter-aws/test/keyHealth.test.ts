import {
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { clientOf, inKmsWorld, type KmsWorld, newKeyArn, newRotatedKey } from "./kmsWorld.ts"

const backup = ({ kms }: KmsWorld) => ({ region: "eu-west-2", endpoint: kms.endpoint })

describe("health", () => {
  it("names the ring and finds nothing amiss with a key that rotates", () =>
    inKmsWorld(({ ring }) =>
      Effect.gen(function* () {
        expect(yield* (yield* ring()).health).toEqual({
          name: "aws-kms eu-west-1",
          ephemeral: false,
          faults: [],
        })
      }),
    ))

  it.each<[string, string, (world: KmsWorld) => Promise<unknown>]>([
    [
      "rotation is off (R34)",
      "rotation is off",
      ({ operator, keyId }) => operator.send(new DisableKeyRotationCommand({ KeyId: keyId })),
    ],
    [
      "disabled (R31)",
      "it is Disabled",
      ({ operator, keyId }) => operator.send(new DisableKeyCommand({ KeyId: keyId })),
    ],
    [
      "about to be deleted (R31)",
      "it is PendingDeletion",
      ({ operator, keyId }) => operator.send(new ScheduleKeyDeletionCommand({ KeyId: keyId })),
    ],
  ])("finds a key that is %s", (_, fault, change) =>
    inKmsWorld((world) =>
      Effect.gen(function* () {
        const opened = yield* world.ring()
        expect((yield* opened.health).faults).toEqual([])
        yield* Effect.promise(() => change(world))
        expect((yield* opened.health).faults).toEqual([`${world.keyId}: ${fault}`])
      }),
    ),
  )

  it.each([
    [
      "HMAC",
      { KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" },
      "a key of kind HMAC_256 has no rotation",
    ],
    ["asymmetric", { KeySpec: "RSA_2048" }, "a key of kind RSA_2048 has no rotation"],
    ["imported", { Origin: "EXTERNAL" }, "material of origin EXTERNAL has no automatic rotation"],
  ] as const)("refuses a key that cannot rotate: %s (R34)", (_, input, fault) =>
    inKmsWorld(({ ring, operator }) =>
      Effect.gen(function* () {
        const keyId = yield* Effect.promise(() => newKeyArn(operator, input))
        const opened = yield* ring({ keyId })
        expect((yield* opened.health).faults).toEqual([`${keyId}: ${fault}`])
      }),
    ),
  )

  it("asks for each key in use: that which signs, and former ones (R34)", () =>
    inKmsWorld(({ ring, operator, keyId }) =>
      Effect.gen(function* () {
        const [signingKeyId, former] = yield* Effect.promise(() =>
          Promise.all([newKeyArn(operator), newKeyArn(operator)]),
        )
        const opened = yield* ring({ keyId, signingKeyId, formerKeyIds: [former] })
        expect((yield* opened.health).faults).toEqual([
          `${signingKeyId}: rotation is off`,
          `${former}: rotation is off`,
        ])
      }),
    ))

  it("takes what it may not read for unmet, not for met (R34)", () =>
    inKmsWorld(({ kms, ring, keyId }) =>
      Effect.gen(function* () {
        const denied = { kind: "error", name: "AccessDeniedException" } as const
        const opened = yield* ring()
        yield* kms.inject(denied, { on: "GetKeyRotationStatus" })
        expect((yield* opened.health).faults).toEqual([
          `${keyId}: its rotation cannot be read: AccessDeniedException`,
        ])
        yield* kms.inject(denied, { on: "DescribeKey" })
        expect((yield* opened.health).faults).toEqual([
          `${keyId}: cannot be described: AccessDeniedException`,
        ])
      }),
    ))

  it("finds a key that was deleted: it never returns", () =>
    inKmsWorld(({ kms, ring, operator, keyId }) =>
      Effect.gen(function* () {
        const opened = yield* ring()
        yield* Effect.promise(() =>
          operator.send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: 7 })),
        )
        yield* kms.passTime(7 * 86_400_000)
        expect((yield* opened.health).faults).toEqual([
          `${keyId}: cannot be described: NotFoundException`,
        ])
      }),
    ))

  it("fails, and does not pass, while KMS does not answer", () =>
    inKmsWorld(({ kms, ring }) =>
      Effect.gen(function* () {
        const opened = yield* ring()
        for (const on of ["DescribeKey", "GetKeyRotationStatus"]) {
          yield* kms.inject({ kind: "error", name: "KMSInternalException" }, { times: 3, on })
          expect(yield* Effect.flip(opened.health)).toMatchObject({
            _tag: "KeyRingUnavailable",
            operation: "health",
            reason: "KMSInternalException",
            retryable: true,
          })
        }
      }),
    ))
})

describe("health with a backup region (R58)", () => {
  it("is good when each key has a replica there, which opens what the key wrapped", () =>
    inKmsWorld((world) =>
      Effect.gen(function* () {
        const { operator, ring } = world
        const keyId = yield* Effect.promise(() => newRotatedKey(operator, { MultiRegion: true }))
        const opened = yield* ring({ keyId, backup: backup(world) })
        const replica = keyId.replace("eu-west-1", "eu-west-2")
        expect((yield* opened.health).faults).toEqual([
          `${replica}: cannot be described: NotFoundException`,
        ])
        yield* Effect.promise(() =>
          operator.send(new ReplicateKeyCommand({ KeyId: keyId, ReplicaRegion: "eu-west-2" })),
        )
        expect((yield* opened.health).faults).toEqual([])
      }),
    ))

  it("finds a key that lies in one region only", () =>
    inKmsWorld((world) =>
      Effect.gen(function* () {
        const opened = yield* world.ring({ backup: backup(world) })
        expect((yield* opened.health).faults).toEqual([
          `${world.keyId}: it is not multi-Region, so eu-west-2 cannot open what it wrapped`,
        ])
      }),
    ))

  it("finds a replica that is disabled", () =>
    inKmsWorld((world) =>
      Effect.gen(function* () {
        const { operator, ring, kms } = world
        const keyId = yield* Effect.promise(() => newKeyArn(operator, { MultiRegion: true }))
        const replica = keyId.replace("eu-west-1", "eu-west-2")
        const there = clientOf(kms, "eu-west-2")
        yield* Effect.promise(async () => {
          await operator.send(new EnableKeyRotationCommand({ KeyId: keyId }))
          await operator.send(new ReplicateKeyCommand({ KeyId: keyId, ReplicaRegion: "eu-west-2" }))
          await there.send(new DisableKeyCommand({ KeyId: replica }))
          there.destroy()
        })
        const opened = yield* ring({ keyId, backup: backup(world) })
        expect((yield* opened.health).faults).toEqual([`${replica}: it is Disabled`])
      }),
    ))
})
