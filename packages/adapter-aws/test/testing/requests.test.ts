import * as kms from "@aws-sdk/client-kms"
import * as secretsManager from "@aws-sdk/client-secrets-manager"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { emulatorCredentials, kmsEmulator } from "../../src/testing/index.ts"
import { breachesOf, modelOf } from "../../src/testing/serviceModel.ts"
import { clientOf, inKmsWorld } from "../kmsWorld.ts"
import { outcomeOf } from "./sdkCalls.ts"

describe("a signature", () => {
  const listing = (config: kms.KMSClientConfig) =>
    inKmsWorld(({ kms: { endpoint } }) => {
      const client = new kms.KMSClient({
        endpoint,
        region: "eu-west-1",
        credentials: emulatorCredentials,
        maxAttempts: 1,
        ...config,
      })
      return outcomeOf(() => client.send(new kms.ListAliasesCommand({})))
    })

  it("of the known caller passes", async () => {
    expect(await listing({})).toBe("ok")
  })

  it("of anybody else, or by another secret, is refused", async () => {
    const known = await emulatorCredentials()
    expect(await listing({ credentials: { ...known, accessKeyId: "AKIDSOMEBODYELSE0000" } })).toBe(
      "UnrecognizedClientException",
    )
    expect(await listing({ credentials: { ...known, secretAccessKey: "guessed" } })).toBe(
      "InvalidSignatureException",
    )
  })

  it("is required, and covers the body", () =>
    inKmsWorld(({ kms: { endpoint }, operator }) =>
      Effect.gen(function* () {
        const post = (headers: Record<string, string>, body: string) =>
          Effect.promise(async () => {
            const response = await fetch(endpoint, { method: "POST", headers, body })
            return [response.status, (await response.json()) as unknown]
          })
        expect(yield* post({ "x-amz-target": "TrentService.ListAliases" }, "{}")).toEqual([
          400,
          { __type: "MissingAuthenticationTokenException", message: "" },
        ])
        // What the SDK signed, sent with another body.
        let signed: Record<string, string> = {}
        operator.middlewareStack.add(
          (next) => (args) => {
            signed = { ...(args.request as { readonly headers: Record<string, string> }).headers }
            return next(args)
          },
          { step: "finalizeRequest", priority: "low" },
        )
        yield* Effect.promise(() => operator.send(new kms.ListAliasesCommand({})))
        const { host: _, "content-length": __, ...headers } = signed
        expect(yield* post(headers, "{}")).toEqual([200, expect.anything()])
        expect(yield* post(headers, '{"Limit":1}')).toEqual([
          400,
          expect.objectContaining({ __type: "InvalidSignatureException" }),
        ])
      }),
    ))
})

describe("the SDK's model of a service", () => {
  const request = (operation: string, message: unknown) =>
    breachesOf(modelOf({ ...kms }, operation)?.input, message)
  const answer = (operation: string, message: unknown) =>
    breachesOf(modelOf({ ...kms }, operation)?.output, message)

  it("says which members a request must and may have, and of what type", () => {
    expect(request("GenerateDataKey", { KeyId: "a", EncryptionContext: { a: "b" } })).toEqual([])
    expect(request("GenerateDataKey", {})).toEqual(["KeyId: missing"])
    expect(request("GenerateDataKey", { KeyId: 1 })).toEqual(["KeyId: wrong type"])
    expect(request("GenerateDataKey", { KeyId: "a", Colour: "red" })).toEqual(["Colour: unknown"])
    expect(request("GenerateDataKey", { KeyId: "a", EncryptionContext: { a: 1 } })).toEqual([
      "EncryptionContext{}: wrong type",
    ])
    expect(request("GenerateDataKey", { KeyId: "a", GrantTokens: ["t", 1] })).toEqual([
      "GrantTokens[1]: wrong type",
    ])
    expect(request("Encrypt", { KeyId: "a", Plaintext: "no base64" })).toEqual([
      "Plaintext: wrong type",
    ])
    expect(request("GenerateDataKey", [])).toEqual([": not a structure"])
  })

  it("says so of answers, and of what is inside them", () => {
    expect(answer("EnableKey", {})).toEqual([])
    expect(answer("EnableKey", { KeyId: "a" })).toEqual([": not empty"])
    expect(answer("DescribeKey", { KeyMetadata: { Arn: "a" } })).toEqual([
      "KeyMetadata.KeyId: missing",
    ])
    expect(answer("ListAliases", { Aliases: [{ AliasName: "a", Age: 3 }] })).toEqual([
      "Aliases[0].Age: unknown",
    ])
  })

  it("knows no operation that the service does not have, and covers Secrets Manager too", () => {
    expect(modelOf({ ...kms }, "MakeCoffee")).toBeUndefined()
    expect(modelOf({ ...kms }, "KeyMetadata")).toBeUndefined()
    const model = modelOf({ ...secretsManager }, "PutSecretValue")
    expect(breachesOf(model?.input, { SecretId: "a", SecretString: "b" })).toEqual([])
    expect(breachesOf(model?.input, { SecretString: 1 })).toEqual([
      "SecretId: missing",
      "SecretString: wrong type",
    ])
  })

  it("judges what reaches an emulator: a request that breaks it is refused and told of", () =>
    Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const service = yield* kmsEmulator()
          const operator = clientOf(service)
          operator.middlewareStack.add(
            (next) => (args) => {
              const sent = args.request as { body: string }
              sent.body = JSON.stringify({ KeyId: "alias/oto", Colour: "red" })
              return next(args)
            },
            { step: "build", priority: "high" },
          )
          const describing = new kms.DescribeKeyCommand({ KeyId: "alias/oto" })
          expect(yield* outcomeOf(() => operator.send(describing))).toBe("ValidationException")
          expect(yield* service.violations).toEqual(["DescribeKey request Colour: unknown"])
          operator.destroy()
        }),
      ),
    ))
})
