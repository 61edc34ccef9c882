import {
  type CreateKeyCommandInput,
  DisableKeyCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms"
import type { WrappedKey } from "@oto-fulfilment/core"
import { Effect, type Scope } from "effect"
import { describe, expect, it } from "vitest"
import { inKmsWorld, type KmsWorld, newKeyArn, newRotatedKey, PERSONAL } from "./kmsWorld.ts"

/** What the ring makes of an unwrapping, and how often it asked. */
const unwrapped = (
  { ring, asked }: KmsWorld,
  wrapped: string,
  { context = PERSONAL, keyId }: { context?: typeof PERSONAL; keyId?: string } = {},
) =>
  Effect.gen(function* () {
    const opened = yield* ring(keyId === undefined ? {} : { keyId })
    let failure: unknown
    const requests = yield* asked(
      Effect.map(Effect.flip(opened.unwrap(context, wrapped as WrappedKey)), (error) => {
        failure = error
      }),
    )
    return { failure, requests: requests.length }
  })

const wrappedKey = ({ ring }: KmsWorld) =>
  Effect.gen(function* () {
    const { wrapped } = yield* (yield* ring()).newKey(PERSONAL)
    return wrapped
  })

const refused = (reason: string) => ({
  failure: expect.objectContaining({ _tag: "KeyRefused", operation: "unwrap", reason }),
  requests: 1,
})

const final = (reason: string) => ({
  failure: expect.objectContaining({
    _tag: "KeyRingUnavailable",
    operation: "unwrap",
    reason,
    retryable: false,
  }),
  requests: 1,
})

const passing = (reason: string) => ({
  failure: expect.objectContaining({
    _tag: "KeyRingUnavailable",
    operation: "unwrap",
    reason,
    retryable: true,
  }),
  requests: 3,
})

describe("what a state of KMS becomes (security.md 2)", () => {
  const rows: ReadonlyArray<
    [string, unknown, (world: KmsWorld) => Effect.Effect<unknown, unknown, Scope.Scope>]
  > = [
    [
      "another context",
      refused("InvalidCiphertextException"),
      (world) =>
        Effect.gen(function* () {
          const context = { ...PERSONAL, use: "blind_index" } as const
          return yield* unwrapped(world, yield* wrappedKey(world), { context })
        }),
    ],
    [
      "a damaged blob",
      refused("InvalidCiphertextException"),
      (world) =>
        Effect.gen(function* () {
          const blob = Buffer.from(yield* wrappedKey(world), "base64")
          blob[blob.length - 1] = (blob.at(-1) ?? 0) ^ 1
          return yield* unwrapped(world, blob.toString("base64"))
        }),
    ],
    [
      "no blob at all",
      refused("InvalidCiphertextException"),
      (world) => unwrapped(world, Buffer.alloc(184, 1).toString("base64")),
    ],
    [
      "a blob of another key",
      refused("IncorrectKeyException"),
      (world) =>
        Effect.gen(function* () {
          const keyId = yield* Effect.promise(() => newRotatedKey(world.operator))
          return yield* unwrapped(world, yield* wrappedKey(world), { keyId })
        }),
    ],
    [
      "a key that is absent",
      final("NotFoundException"),
      (world) =>
        Effect.gen(function* () {
          const keyId = world.keyId.replace(/.{12}$/u, "000000000000")
          return yield* unwrapped(world, yield* wrappedKey(world), { keyId })
        }),
    ],
    [
      "a key that is disabled",
      final("DisabledException"),
      (world) => inState(world, (KeyId) => world.operator.send(new DisableKeyCommand({ KeyId }))),
    ],
    [
      "a key that is pending deletion",
      final("KMSInvalidStateException"),
      (world) =>
        inState(world, (KeyId) => world.operator.send(new ScheduleKeyDeletionCommand({ KeyId }))),
    ],
    [
      "a key whose material is to be imported",
      final("KMSInvalidStateException"),
      (world) => underKey(world, { Origin: "EXTERNAL" }),
    ],
    [
      "a key of another usage",
      final("InvalidKeyUsageException"),
      (world) => underKey(world, { KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" }),
    ],
  ]

  it.each(rows)("%s", (_, expected, scene) =>
    inKmsWorld((world) =>
      Effect.gen(function* () {
        expect(yield* scene(world)).toEqual(expected)
      }),
    ),
  )
})

/** Unwraps a key after its master key was put into a state. */
const inState = (world: KmsWorld, change: (keyId: string) => Promise<unknown>) =>
  Effect.gen(function* () {
    const wrapped = yield* wrappedKey(world)
    yield* Effect.promise(() => change(world.keyId))
    return yield* unwrapped(world, wrapped)
  })

/** Unwraps a key by a master key of another kind. */
const underKey = (world: KmsWorld, input: CreateKeyCommandInput) =>
  Effect.gen(function* () {
    const keyId = yield* Effect.promise(() => newKeyArn(world.operator, input))
    return yield* unwrapped(world, yield* wrappedKey(world), { keyId })
  })

describe("what an error of KMS becomes (security.md 2)", () => {
  it.each([
    ["AccessDeniedException", final],
    ["InvalidGrantTokenException", final],
    ["DryRunOperationException", final],
    ["InvalidSignatureException", final],
    ["UnrecognizedClientException", final],
    ["ValidationException", final],
    ["SomethingNewException", final],
    ["ThrottlingException", passing],
    ["DependencyTimeoutException", passing],
    ["KeyUnavailableException", passing],
    ["KMSInternalException", passing],
    ["InternalFailure", passing],
  ] as const)("%s", (name, expected) =>
    inKmsWorld((world) =>
      Effect.gen(function* () {
        const wrapped = yield* wrappedKey(world)
        yield* world.kms.inject({ kind: "error", name }, { times: 9 })
        expect(yield* unwrapped(world, wrapped)).toEqual(expected(name))
      }),
    ),
  )

  it("is the same for every other operation: nothing passes when KMS does not answer", () =>
    inKmsWorld(({ kms, ring }) =>
      Effect.gen(function* () {
        const opened = yield* ring()
        const { wrapped } = yield* opened.newKey(PERSONAL)
        const digest = new Uint8Array(32)
        const signature = yield* opened.sign(digest)
        yield* kms.inject({ kind: "error", name: "AccessDeniedException" }, { times: 9 })
        const operations = {
          newKey: opened.newKey(PERSONAL),
          unwrap: opened.unwrap(PERSONAL, wrapped),
          rewrap: opened.rewrap(PERSONAL, wrapped),
          sign: opened.sign(digest),
          verify: opened.verify(digest, signature),
        }
        for (const [operation, work] of Object.entries<Effect.Effect<unknown, unknown>>(operations))
          expect(yield* Effect.flip(work)).toMatchObject({
            _tag: "KeyRingUnavailable",
            operation,
            reason: "AccessDeniedException",
            retryable: false,
          })
      }),
    ))
})
