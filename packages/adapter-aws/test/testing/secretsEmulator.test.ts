import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
} from "@aws-sdk/client-secrets-manager"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { inSecretsWorld } from "../secretsWorld.ts"
import { answerOf, outcomeOf } from "./sdkCalls.ts"

const Name = "a/b"
const SecretId = Name

describe("the emulated Secrets Manager", () => {
  it("moves its labels from version to version, and keeps older ones by their id", () =>
    inSecretsWorld(({ operator }) =>
      Effect.gen(function* () {
        const first = yield* answerOf(() =>
          operator.send(new CreateSecretCommand({ Name, SecretString: "1" })),
        )
        for (const SecretString of ["2", "3"])
          yield* answerOf(() =>
            operator.send(new PutSecretValueCommand({ SecretId, SecretString })),
          )
        const read = (input: object) =>
          Effect.map(
            answerOf(() => operator.send(new GetSecretValueCommand({ SecretId, ...input }))),
            ({ SecretString, VersionStages }) => [SecretString, ...(VersionStages ?? [])],
          )
        expect(yield* read({})).toEqual(["3", "AWSCURRENT"])
        expect(yield* read({ VersionStage: "AWSPREVIOUS" })).toEqual(["2", "AWSPREVIOUS"])
        expect(yield* read({ VersionId: first.VersionId })).toEqual(["1"])
        expect(yield* read({ SecretId: first.ARN })).toEqual(["3", "AWSCURRENT"])
      }),
    ))

  it("takes a request again by its token, and refuses another value under it", () =>
    inSecretsWorld(({ operator }) =>
      Effect.gen(function* () {
        const ClientRequestToken = "0123456789abcdef0123456789abcdef"
        const creating = (SecretString: string) =>
          outcomeOf(() =>
            operator.send(new CreateSecretCommand({ Name, SecretString, ClientRequestToken })),
          )
        const putting = (SecretString: string) =>
          outcomeOf(() =>
            operator.send(
              new PutSecretValueCommand({ SecretId, SecretString, ClientRequestToken }),
            ),
          )
        expect(yield* creating("1")).toBe("ok")
        expect(yield* creating("1")).toBe("ok")
        expect(yield* creating("2")).toBe("ResourceExistsException")
        expect(yield* putting("1")).toBe("ok")
        expect(yield* putting("2")).toBe("ResourceExistsException")
      }),
    ))

  it("can restore what was deleted with a window of 7 to 30 days, not what was forced", () =>
    inSecretsWorld(({ service, operator }) =>
      Effect.gen(function* () {
        const deleting = (input: object) =>
          outcomeOf(() => operator.send(new DeleteSecretCommand({ SecretId, ...input })))
        const restoring = () =>
          outcomeOf(() => operator.send(new RestoreSecretCommand({ SecretId })))
        const reading = () =>
          outcomeOf(() => operator.send(new GetSecretValueCommand({ SecretId })))
        yield* answerOf(() => operator.send(new CreateSecretCommand({ Name, SecretString: "1" })))
        expect(yield* deleting({ RecoveryWindowInDays: 6 })).toBe("InvalidParameterException")
        expect(yield* deleting({ RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true })).toBe(
          "InvalidParameterException",
        )
        expect(yield* deleting({})).toBe("ok")
        expect(yield* reading()).toBe("InvalidRequestException")
        expect(yield* restoring()).toBe("ok")
        expect(yield* reading()).toBe("ok")
        expect(yield* deleting({})).toBe("ok")
        yield* service.passTime(30 * 86_400_000)
        expect(yield* restoring()).toBe("ResourceNotFoundException")
        expect(yield* deleting({})).toBe("ResourceNotFoundException")
        expect(yield* deleting({ ForceDeleteWithoutRecovery: true })).toBe("ok")
      }),
    ))
})
