import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  RestoreSecretCommand,
} from "@aws-sdk/client-secrets-manager"
import { Effect, Redacted } from "effect"
import { describe, expect, it } from "vitest"
import { askedOf } from "./kmsWorld.ts"
import { inSecretsWorld, NAME, REF } from "./secretsWorld.ts"

const value = Redacted.make("first value")

describe("a secret", () => {
  it("lies under the prefix and the path of its reference, sealed by the given key", () =>
    inSecretsWorld(({ operator, store, storeWith }) =>
      Effect.gen(function* () {
        const keyId = "arn:aws:kms:eu-west-1:111122223333:alias/oto/secrets"
        const version = yield* store.put(REF, value)
        yield* (yield* storeWith({ prefix: "shop", keyId })).put(REF, value)
        const describe = (SecretId: string) =>
          Effect.promise(() => operator.send(new DescribeSecretCommand({ SecretId })))
        expect(yield* describe(NAME)).toMatchObject({
          VersionIdsToStages: { [version]: ["AWSCURRENT"] },
        })
        expect(yield* describe("shop/shopify/webhook-key")).toMatchObject({ KmsKeyId: keyId })
      }),
    ))

  it("is written in one request, and made by one more", () =>
    inSecretsWorld(({ service, store }) =>
      Effect.gen(function* () {
        const put = store.put(REF, value)
        expect(yield* askedOf(service, put)).toEqual(["PutSecretValue", "CreateSecret"])
        expect(yield* askedOf(service, put)).toEqual(["PutSecretValue"])
        expect(yield* askedOf(service, store.get(REF))).toEqual(["GetSecretValue"])
      }),
    ))

  it("that several store at once is made once, and none is lost", () =>
    inSecretsWorld(({ store }) =>
      Effect.gen(function* () {
        const values = ["a", "b", "c", "d"]
        const versions = yield* Effect.forEach(
          values,
          (each) => store.put(REF, Redacted.make(each)),
          { concurrency: "unbounded" },
        )
        for (const [at, each] of versions.entries())
          expect(Redacted.value((yield* store.get(REF, each)).value)).toBe(values[at])
      }),
    ))

  it("is one version though the answer was lost and the request repeated", () =>
    inSecretsWorld(({ service, operator, store }) =>
      Effect.gen(function* () {
        for (const on of ["CreateSecret", "PutSecretValue"]) {
          yield* service.inject({ kind: "truncated" }, { on })
          yield* store.put(REF, Redacted.make(on))
        }
        const { VersionIdsToStages = {} } = yield* Effect.promise(() =>
          operator.send(new DescribeSecretCommand({ SecretId: NAME })),
        )
        expect(Object.values(VersionIdsToStages)).toHaveLength(2)
        expect(Redacted.value((yield* store.get(REF)).value)).toBe("PutSecretValue")
      }),
    ))

  it("of bytes is not a text, and is not handed out as one", () =>
    inSecretsWorld(({ operator, store }) =>
      Effect.gen(function* () {
        yield* Effect.promise(() =>
          operator.send(
            new CreateSecretCommand({ Name: NAME, SecretBinary: Buffer.from("bytes") }),
          ),
        )
        expect(yield* Effect.flip(store.get(REF))).toMatchObject({
          _tag: "SecretStoreUnavailable",
          reason: "it holds no text",
          retryable: false,
        })
      }),
    ))
})

describe("a deleted secret (R42)", () => {
  it("cannot be read by anybody, nor restored, when the deletion has returned", () =>
    inSecretsWorld(
      ({ operator, store }) =>
        Effect.gen(function* () {
          const version = yield* store.put(REF, value)
          yield* store.delete(REF)
          const refused = (command: () => Promise<unknown>) =>
            Effect.flip(
              Effect.tryPromise({ try: command, catch: (error) => (error as Error).name }),
            )
          const SecretId = NAME
          expect(yield* refused(() => operator.send(new GetSecretValueCommand({ SecretId })))).toBe(
            "InvalidRequestException",
          )
          expect(
            yield* refused(() =>
              operator.send(new GetSecretValueCommand({ SecretId, VersionId: version })),
            ),
          ).toBe("InvalidRequestException")
          expect(yield* refused(() => operator.send(new RestoreSecretCommand({ SecretId })))).toBe(
            "InvalidRequestException",
          )
        }),
      { purgeMillis: 60_000 },
    ))

  it("is deleted by force, and what may be read afterwards is asked", () =>
    inSecretsWorld(({ service, store }) =>
      Effect.gen(function* () {
        yield* store.put(REF, value)
        expect(yield* askedOf(service, store.delete(REF))).toEqual([
          "DeleteSecret",
          "GetSecretValue",
        ])
      }),
    ))

  it("is gone for good even where somebody deleted it with a recovery window before", () =>
    inSecretsWorld(({ operator, store }) =>
      Effect.gen(function* () {
        yield* store.put(REF, value)
        const SecretId = NAME
        yield* Effect.promise(() => operator.send(new DeleteSecretCommand({ SecretId })))
        expect(yield* Effect.flip(store.get(REF))).toMatchObject({ _tag: "SecretNotFound" })
        yield* store.delete(REF)
        const restored = yield* Effect.exit(
          Effect.tryPromise(() => operator.send(new RestoreSecretCommand({ SecretId }))),
        )
        expect(restored._tag).toBe("Failure")
      }),
    ))

  it("is not taken for deleted while the service denies or does not answer", () =>
    inSecretsWorld(({ service, store }) =>
      Effect.gen(function* () {
        yield* store.put(REF, value)
        for (const [name, times, retryable] of [
          ["AccessDeniedException", 1, false],
          ["InternalServiceError", 3, true],
        ] as const) {
          yield* service.inject({ kind: "error", name }, { on: "DeleteSecret", times })
          expect(yield* Effect.flip(store.delete(REF))).toMatchObject({
            _tag: "SecretStoreUnavailable",
            operation: "delete",
            reason: name,
            retryable,
          })
        }
        yield* service.inject(
          { kind: "error", name: "AccessDeniedException" },
          { on: "GetSecretValue" },
        )
        expect(yield* Effect.flip(store.delete(REF))).toMatchObject({
          reason: "AccessDeniedException",
        })
      }),
    ))

  it("leaves its name taken for a while: storing waits for it", () =>
    inSecretsWorld(
      ({ service, store }) =>
        Effect.gen(function* () {
          yield* store.put(REF, value)
          yield* store.delete(REF)
          const asked = yield* askedOf(service, store.put(REF, Redacted.make("second")))
          expect(
            asked.filter((operation) => operation === "PutSecretValue").length,
          ).toBeGreaterThan(1)
          expect(Redacted.value((yield* store.get(REF)).value)).toBe("second")
        }),
      { purgeMillis: 300 },
    ))

  it("whose name stays taken is not stored, and says that it may be asked again", () =>
    inSecretsWorld(({ operator, store }) =>
      Effect.gen(function* () {
        yield* store.put(REF, value)
        yield* Effect.promise(() => operator.send(new DeleteSecretCommand({ SecretId: NAME })))
        expect(yield* Effect.flip(store.put(REF, value))).toMatchObject({
          _tag: "SecretStoreUnavailable",
          operation: "put",
          reason: "a secret of this name is being deleted",
          retryable: true,
        })
      }),
    ))
})

describe("errors of the service", () => {
  it.each([
    ["AccessDeniedException", 1, false],
    ["DecryptionFailure", 1, false],
    ["InvalidParameterException", 1, false],
    ["ThrottlingException", 3, true],
    ["InternalServiceError", 3, true],
  ] as const)("%s: %i requests", (name, requests, retryable) =>
    inSecretsWorld(({ service, store }) =>
      Effect.gen(function* () {
        yield* service.inject({ kind: "error", name }, { times: 9 })
        const asked = yield* askedOf(
          service,
          Effect.map(Effect.flip(store.get(REF)), (error) =>
            expect(error).toMatchObject({
              _tag: "SecretStoreUnavailable",
              operation: "get",
              reason: name,
              retryable,
            }),
          ),
        )
        expect(asked).toHaveLength(requests)
      }),
    ),
  )
})
