import { execFile } from "node:child_process"
import * as https from "node:https"
import type { AddressInfo } from "node:net"
import * as path from "node:path"
import tls from "node:tls"
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms"
import { KeyRing } from "@oto-fulfilment/core"
import { NodeHttpHandler } from "@smithy/node-http-handler"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { emulatorCredentials, kmsEmulator } from "../src/testing/index.ts"
import { CERTIFICATE, CERTIFICATE_KEY } from "./certificate.ts"
import { PERSONAL, ringLayer } from "./kmsWorld.ts"

const MODERN: tls.TlsOptions = { minVersion: "TLSv1.2" }
const OLD: tls.TlsOptions = {
  minVersion: "TLSv1.1",
  maxVersion: "TLSv1.1",
  ciphers: "ALL:@SECLEVEL=0",
}

/** A server that answers every request by an error, and counts the connections that TLS secured. */
const withServer = async <A>(
  options: tls.TlsOptions,
  use: (port: number, secured: () => number) => Promise<A>,
): Promise<A> => {
  let secured = 0
  const server = https.createServer(
    { cert: CERTIFICATE, key: CERTIFICATE_KEY, ...options },
    (_, response) => {
      response.writeHead(400, { "content-type": "application/x-amz-json-1.1" })
      response.end('{"__type":"AccessDeniedException"}')
    },
  )
  server.on("secureConnection", () => {
    secured += 1
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  try {
    return await use((server.address() as AddressInfo).port, () => secured)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** What the ring makes of a server, and whether TLS came about. */
const reaching = (options: tls.TlsOptions, ca?: string, host = "localhost") =>
  withServer(options, async (port, secured) => {
    const endpoint = `https://${host}:${port}`
    const failure = await Effect.runPromise(
      Effect.flip(
        KeyRing.use((ring) => ring.newKey(PERSONAL)).pipe(
          Effect.provide(
            ringLayer({ endpoint }, "arn:aws:kms:eu-west-1:111122223333:alias/oto", {
              ...(ca === undefined ? {} : { ca }),
            }),
          ),
        ),
      ),
    )
    return { failure, secured: secured() > 0 }
  })

const reached = {
  failure: expect.objectContaining({ reason: "AccessDeniedException" }),
  secured: true,
}
const refused = (reason: unknown) => ({
  failure: expect.objectContaining({ _tag: "KeyRingUnavailable", reason, retryable: false }),
  secured: false,
})

describe("TLS (R20, R25)", () => {
  it("comes about with versions 1.2 and 1.3 and the given authority", async () => {
    expect(await reaching(MODERN, CERTIFICATE)).toEqual(reached)
    expect(await reaching({ ...MODERN, maxVersion: "TLSv1.2" }, CERTIFICATE)).toEqual(reached)
    expect(await reaching({ minVersion: "TLSv1.3" }, CERTIFICATE)).toEqual(reached)
  })

  it("does not with version 1.1, and asking again does not help", async () => {
    expect(await reaching(OLD, CERTIFICATE)).toEqual(refused("EPROTO"))
  })

  it("does not with a certificate of another authority or for another name", async () => {
    const { failure } = await reaching(MODERN)
    expect(failure).toMatchObject({ reason: "DEPTH_ZERO_SELF_SIGNED_CERT", retryable: false })
    const other = await reaching(MODERN, CERTIFICATE, "127.0.0.1")
    expect(other.failure).toMatchObject({
      reason: "ERR_TLS_CERT_ALTNAME_INVALID",
      retryable: false,
    })
  })

  it("carries the whole ring: the emulator speaks it too", () =>
    Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const kms = yield* kmsEmulator({ tls: { cert: CERTIFICATE, key: CERTIFICATE_KEY } })
          const operator = new KMSClient({
            endpoint: kms.endpoint,
            region: "eu-west-1",
            credentials: emulatorCredentials,
            requestHandler: new NodeHttpHandler({ httpsAgent: { ca: CERTIFICATE } }),
          })
          const { KeyMetadata } = yield* Effect.promise(() =>
            operator.send(new CreateKeyCommand({})),
          )
          operator.destroy()
          const layer = ringLayer(kms, KeyMetadata?.Arn ?? "", { ca: CERTIFICATE })
          const { wrapped } = yield* KeyRing.use((ring) => ring.newKey(PERSONAL)).pipe(
            Effect.provide(layer),
          )
          expect(wrapped.length).toBeGreaterThan(100)
        }),
      ),
    ))
})

describe("a process that allows less", () => {
  /** Runs the child of these tests under Node's own options, against a server. */
  const child = (
    server: tls.TlsOptions,
    flags: ReadonlyArray<string>,
    env: Record<string, string>,
    ca?: string,
  ) =>
    withServer(server, async (port) => {
      const script = path.join(import.meta.dirname, "tlsChild.ts")
      const args = [
        "--conditions=@oto-fulfilment/source",
        "--disable-warning=ExperimentalWarning",
        ...flags,
        script,
        `https://localhost:${port}`,
        ...(ca === undefined ? [] : [ca]),
      ]
      const output = await new Promise<string>((resolve, reject) => {
        execFile(
          process.execPath,
          args,
          { env: { ...process.env, ...env } },
          (error, stdout, stderr) => (error ? reject(new Error(stderr)) : resolve(stdout)),
        )
      })
      return JSON.parse(output) as { readonly plain: string; readonly ring: string }
    })

  it("TLS 1.0 by its flags: Node itself connects to a server of TLS 1.1, the ring does not", async () => {
    const flags = ["--tls-min-v1.0", "--tls-cipher-list=ALL:@SECLEVEL=0"]
    expect(await child(OLD, flags, {}, CERTIFICATE)).toEqual({ plain: "reached", ring: "EPROTO" })
  })

  it("any certificate by its environment: Node itself connects, the ring does not", async () => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: "0" }
    expect(await child(MODERN, ["--no-warnings"], env)).toEqual({
      plain: "reached",
      ring: "DEPTH_ZERO_SELF_SIGNED_CERT",
    })
  })

  it("and one that asks for TLS 1.3 gets it", async () => {
    const before = tls.DEFAULT_MIN_VERSION
    tls.DEFAULT_MIN_VERSION = "TLSv1.3"
    const older = await reaching({ ...MODERN, maxVersion: "TLSv1.2" }, CERTIFICATE)
    const newer = await reaching(MODERN, CERTIFICATE)
    tls.DEFAULT_MIN_VERSION = before
    expect(older).toEqual(refused("EPROTO"))
    expect(newer).toEqual(reached)
  })
})
