import type { KMSClient } from "@aws-sdk/client-kms"
import { Effect, Layer } from "effect"
import { afterEach, describe, expect, it, vi } from "vitest"
import {
  type AwsSecretsOptions,
  awsSecrets,
  type KmsKeyRingOptions,
  kmsKeyRing,
  type ResidencyRefused,
} from "../src/index.ts"
import { inKmsWorld, PERSONAL } from "./kmsWorld.ts"

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/01890a5d-ac96-474b-8cce-b302099a8057"
const ring: KmsKeyRingOptions = { region: "eu-west-1", keyId: KEY }

/** What the layer of these options fails with, if it does. Nothing is sent. */
const refusalOf = <A>(layer: Layer.Layer<A, ResidencyRefused>) =>
  Effect.runPromise(
    Effect.scoped(
      Effect.match(Layer.build(layer), {
        onSuccess: () => undefined,
        onFailure: ({ message }) => message,
      }),
    ),
  )

const ringRefusal = (options: object) => refusalOf(kmsKeyRing({ ...ring, ...options }))
const secretsRefusal = (options: object) =>
  refusalOf(awsSecrets({ region: "eu-west-1", ...options } as AwsSecretsOptions))

describe("the region (R22, R57, R58)", () => {
  it("is eu-west-1, for keys and for secrets", async () => {
    expect(await ringRefusal({})).toBeUndefined()
    expect(await secretsRefusal({})).toBeUndefined()
  })

  it.each(["eu-west-2", "us-east-1", "eu-west-1a", "EU-WEST-1", "eu-west-1 ", "aws-global"])(
    "is not %s",
    async (region) => {
      const refusal = `AWS is refused (region): ${region} is not eu-west-1, the primary region`
      expect(await ringRefusal({ region })).toBe(refusal)
      expect(await secretsRefusal({ region })).toBe(refusal)
    },
  )

  it.each([undefined, ""])("is not left out (%j)", async (region) => {
    vi.stubEnv("AWS_REGION", "eu-west-1")
    expect(await ringRefusal({ region })).toBe(
      "AWS is refused (region): nothing is not eu-west-1, the primary region",
    )
  })

  it("of backups is eu-west-2, and no other", async () => {
    expect(await ringRefusal({ backup: { region: "eu-west-2" } })).toBeUndefined()
    for (const region of ["eu-west-1", "us-east-1", "eu-central-1"])
      expect(await ringRefusal({ backup: { region } })).toBe(
        `AWS is refused (region): ${region} is not eu-west-2, the backup region`,
      )
    const endpoint = "https://kms.us-east-1.amazonaws.com"
    expect(await ringRefusal({ backup: { region: "eu-west-2", endpoint } })).toBe(
      "AWS is refused (endpoint): kms.us-east-1.amazonaws.com is not in eu-west-2",
    )
  })
})

describe("a key", () => {
  it.each([
    KEY,
    "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
    "arn:aws:kms:eu-west-1:111122223333:alias/oto/personal-data",
  ])("may be %s", async (keyId) => {
    expect(await ringRefusal({ keyId })).toBeUndefined()
  })

  it.each([
    "arn:aws:kms:us-east-1:111122223333:key/01890a5d-ac96-474b-8cce-b302099a8057",
    "arn:aws:kms:eu-west-2:111122223333:alias/oto",
  ])("may not lie elsewhere: %s", async (keyId) => {
    const region = keyId.split(":")[3]
    const refusal = `AWS is refused (region): ${region} is not eu-west-1, the primary region`
    expect(await ringRefusal({ keyId })).toBe(refusal)
    expect(await ringRefusal({ signingKeyId: keyId })).toBe(refusal)
    expect(await ringRefusal({ formerKeyIds: [KEY, keyId] })).toBe(refusal)
    expect(await secretsRefusal({ keyId })).toBe(refusal)
  })

  it.each([
    "01890a5d-ac96-474b-8cce-b302099a8057",
    "alias/oto",
    "arn:aws:kms::111122223333:key/01890a5d-ac96-474b-8cce-b302099a8057",
    "arn:aws-cn:kms:eu-west-1:111122223333:key/01890a5d-ac96-474b-8cce-b302099a8057",
    "arn:aws:s3:eu-west-1:111122223333:key/01890a5d",
    `${KEY}\n`,
    "",
  ])("must name its region: %j", async (keyId) => {
    expect(await ringRefusal({ keyId })).toBe(
      `AWS is refused (key): ${keyId || "nothing"} is not the ARN of a KMS key or alias, so it names no region`,
    )
  })

  it("is not repeated in the error when it is too long to be one", async () => {
    const refusal = await ringRefusal({ keyId: "s3cr3t".repeat(30) })
    expect(refusal).toContain("what was given")
    expect(refusal).not.toContain("s3cr3t")
  })
})

describe("an endpoint", () => {
  it.each([
    "https://kms.eu-west-1.amazonaws.com",
    "https://kms.eu-west-1.amazonaws.com/",
    "https://kms-fips.eu-west-1.amazonaws.com",
    "https://kms.eu-west-1.api.aws",
    "https://vpce-0123abcd-xyz.kms.eu-west-1.vpce.amazonaws.com",
    "https://vpce-0123abcd-xyz-eu-west-1a.kms.eu-west-1.vpce.amazonaws.com",
  ])("may be %s", async (endpoint) => {
    expect(await ringRefusal({ endpoint })).toBeUndefined()
  })

  it.each([
    ["https://kms.amazonaws.com", "kms.amazonaws.com names no region"],
    ["https://kms.us-east-1.amazonaws.com", "kms.us-east-1.amazonaws.com is not in eu-west-1"],
    ["https://kms.eu-west-2.amazonaws.com", "kms.eu-west-2.amazonaws.com is not in eu-west-1"],
    ["https://kms.cn-north-1.amazonaws.com.cn", "kms.cn-north-1.amazonaws.com.cn names no region"],
    [
      "https://secretsmanager.eu-west-1.amazonaws.com",
      "secretsmanager.eu-west-1.amazonaws.com is not of kms",
    ],
    ["https://kms.internal.example.com", "kms.internal.example.com names no region"],
    [
      "https://kms.eu-west-1.amazonaws.com.example.com",
      "kms.eu-west-1.amazonaws.com.example.com names no region",
    ],
    ["https://10.0.0.7", "10.0.0.7 names no region"],
    ["http://kms.eu-west-1.amazonaws.com", "kms.eu-west-1.amazonaws.com: TLS is off"],
    ["http://127.0.0.1.example.com", "127.0.0.1.example.com: TLS is off"],
    ["https://kms.eu-west-1.amazonaws.com:8443", "kms.eu-west-1.amazonaws.com: a port is given"],
    [
      "https://kms.eu-west-1.amazonaws.com/proxy",
      "kms.eu-west-1.amazonaws.com: only a host may be given",
    ],
    [
      "https://kms.eu-west-1.amazonaws.com?a=b",
      "kms.eu-west-1.amazonaws.com: only a host may be given",
    ],
    [
      "https://user:s3cr3t@kms.eu-west-1.amazonaws.com",
      "kms.eu-west-1.amazonaws.com: only a host may be given",
    ],
    ["ftp://kms.eu-west-1.amazonaws.com", "it is not a URL of HTTPS"],
    ["kms.eu-west-1.amazonaws.com", "it is not a URL of HTTPS"],
    ["", "it is not a URL of HTTPS"],
  ])("may not be %s", async (endpoint, refusal) => {
    // The permission for this machine opens nothing else.
    for (const allowPlainLoopback of [false, true])
      expect(await ringRefusal({ endpoint, allowPlainLoopback })).toBe(
        `AWS is refused (endpoint): ${refusal}`,
      )
  })

  it("of secrets is judged alike", async () => {
    const endpoint = "https://secretsmanager.eu-west-1.amazonaws.com"
    expect(await secretsRefusal({ endpoint })).toBeUndefined()
    expect(await secretsRefusal({ endpoint: "https://secretsmanager.amazonaws.com" })).toBe(
      "AWS is refused (endpoint): secretsmanager.amazonaws.com names no region",
    )
  })

  it.each([
    "http://127.0.0.1:4566",
    "http://localhost:4566",
    "https://localhost:4566",
    "http://[::1]:1",
  ])("on this machine needs to be allowed: %s", async (endpoint) => {
    const { hostname } = new URL(endpoint)
    expect(await ringRefusal({ endpoint })).toBe(
      `AWS is refused (endpoint): ${hostname}: allowPlainLoopback allows this machine itself`,
    )
    expect(await ringRefusal({ endpoint, allowPlainLoopback: true })).toBeUndefined()
  })
})

describe("credentials", () => {
  it("are not taken literally (R33)", async () => {
    const credentials = { accessKeyId: "AKIA0000", secretAccessKey: "s3cr3t" }
    const refusal = await ringRefusal({ credentials })
    expect(refusal).toBe("AWS is refused (credentials): give a provider, not the credentials")
    expect(await secretsRefusal({ credentials })).toBe(refusal)
  })
})

describe("the environment", () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  it.each([
    { AWS_ENDPOINT_URL: "http://127.0.0.1:1" },
    { AWS_ENDPOINT_URL_KMS: "http://127.0.0.1:1" },
    { AWS_REGION: "us-east-1", AWS_DEFAULT_REGION: "us-east-1" },
    { AWS_USE_FIPS_ENDPOINT: "true" },
    { AWS_USE_DUALSTACK_ENDPOINT: "true" },
  ])("does not lead elsewhere: %j", (variables) =>
    inKmsWorld(({ kms, ring: ringOf, keyId }) =>
      Effect.gen(function* () {
        for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
        const opened = yield* ringOf()
        yield* opened.newKey(PERSONAL)
        expect((yield* kms.requests).at(-1)).toEqual({
          operation: "GenerateDataKey",
          region: "eu-west-1",
          outcome: "ok",
        })
        expect(keyId).toContain("eu-west-1")
      }),
    ),
  )

  it("does not lead elsewhere where no endpoint is given", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    vi.stubEnv("AWS_USE_FIPS_ENDPOINT", "true")
    const seen: Array<KMSClient> = []
    await ringRefusal({ observe: (client: KMSClient) => seen.push(client) })
    const endpoint = await seen[0]?.config.endpoint?.()
    expect(endpoint).toMatchObject({
      protocol: "https:",
      hostname: "kms.eu-west-1.amazonaws.com",
      path: "/",
    })
  })

  it("does not change how often an attempt is made", () =>
    inKmsWorld(({ kms, ring: ringOf, asked }) =>
      Effect.gen(function* () {
        vi.stubEnv("AWS_MAX_ATTEMPTS", "7")
        vi.stubEnv("AWS_RETRY_MODE", "adaptive")
        const opened = yield* ringOf()
        yield* kms.inject({ kind: "error", name: "KMSInternalException" }, { times: 9 })
        expect(yield* asked(Effect.flip(opened.newKey(PERSONAL)))).toHaveLength(3)
      }),
    ))
})
