import type { AddressInfo } from "node:net"
import tls from "node:tls"
import { Effect, Redacted, Result } from "effect"
import type { MongoClientOptions } from "mongodb"
import { afterEach, describe, expect, it } from "vitest"
import { isLoopback, type MongoConnection, makeClient } from "../src/connectOptions.ts"
import { type MongoDriverOptions, mongoDriver } from "../src/index.ts"
import { CERTIFICATE, CERTIFICATE_KEY } from "./certificate.ts"

const FAR = "mongodb://db.example.com"
const SECRET = "s3cr3t-password"

const refusalOf = (given: Partial<MongoConnection> & { readonly uri: MongoConnection["uri"] }) => {
  const made = makeClient({ database: "shop", ...given })
  return Result.isFailure(made) ? `${made.failure.what}: ${made.failure.detail}` : undefined
}

describe("options that weaken TLS are refused (R25)", () => {
  it.each([
    "tlsInsecure=true",
    "tlsAllowInvalidCertificates=true",
    "tlsAllowInvalidHostnames=true",
    "tlsallowinvalidhostnames=true",
    "secureProtocol=TLSv1_method",
    "rejectUnauthorized=false",
    "minVersion=TLSv1",
    "tlsCAFile=/tmp/ca.pem",
    "tlsCertificateKeyFile=/tmp/key.pem",
  ])("in the connection string: %s", (option) => {
    const [name = ""] = option.split("=")
    expect(refusalOf({ uri: `${FAR}/?tls=true&${option}` })?.toLowerCase()).toBe(
      `option: ${name.toLowerCase()}`,
    )
  })

  it.each([
    { tlsInsecure: true },
    { tlsAllowInvalidCertificates: true },
    { tlsAllowInvalidHostnames: true },
    { secureProtocol: "TLSv1_method" },
    { secureContext: tls.createSecureContext() },
    { rejectUnauthorized: false },
    { checkServerIdentity: () => undefined },
    { minVersion: "TLSv1" },
    { ciphers: "ALL:@SECLEVEL=0" },
    { tlsCAFile: "/tmp/ca.pem" },
  ])("given to the client: %j", (option) => {
    // The type forbids them; a caller without types must meet the same wall.
    const client = option as MongoClientOptions
    expect(refusalOf({ uri: `${FAR}/?tls=true`, client })).toBe(`option: ${Object.keys(option)[0]}`)
  })

  it("even switched off: the name alone is refused", () => {
    expect(refusalOf({ uri: `${FAR}/?tls=true&tlsInsecure=false` })).toBe("option: tlsInsecure")
  })
})

describe("a connection without TLS", () => {
  it.each([
    [FAR, "tls: TLS is off for db.example.com:27017"],
    [`${FAR}/?tls=false`, "tls: TLS is off for db.example.com:27017"],
    [`${FAR}/?ssl=false`, "tls: TLS is off for db.example.com:27017"],
    ["mongodb+srv://db.example.com/?tls=false", "tls: TLS is off for db.example.com"],
    ["mongodb://127.0.0.1,db.example.com", "tls: TLS is off for db.example.com:27017"],
    ["mongodb://127.0.0.1.example.com", "tls: TLS is off for 127.0.0.1.example.com:27017"],
  ])("is refused: %s", (uri, refusal) => {
    expect(refusalOf({ uri, allowPlainLoopback: true })).toBe(refusal)
  })

  it("to this machine needs to be allowed", () => {
    const uri = "mongodb://127.0.0.1:27017"
    expect(refusalOf({ uri })).toBe(
      "tls: TLS is off; allowPlainLoopback allows that on one machine",
    )
    expect(refusalOf({ uri, allowPlainLoopback: true })).toBeUndefined()
    expect(
      refusalOf({ uri: "mongodb://localhost,[::1]", allowPlainLoopback: true }),
    ).toBeUndefined()
  })

  it("is not needed: TLS is on with mongodb+srv and with tls=true", () => {
    expect(refusalOf({ uri: "mongodb+srv://db.example.com" })).toBeUndefined()
    expect(refusalOf({ uri: `${FAR}/?tls=true` })).toBeUndefined()
    expect(refusalOf({ uri: `${FAR}/?ssl=true` })).toBeUndefined()
  })

  it("knows this machine by its names", () => {
    for (const host of [
      "localhost",
      "LOCALHOST:1",
      "127.0.0.1",
      "127.9.9.9:27017",
      "[::1]:27017",
      "::1",
    ])
      expect(isLoopback(host), host).toBe(true)
    for (const host of ["localhost.example.com", "128.0.0.1", "10.0.0.1:27017", "127.0.0.1.nip.io"])
      expect(isLoopback(host), host).toBe(false)
  })
})

describe("the process's own TLS settings", () => {
  const before = tls.DEFAULT_MIN_VERSION
  afterEach(() => {
    tls.DEFAULT_MIN_VERSION = before
  })

  it.each(["TLSv1", "TLSv1.1"] as const)("that allow %s are refused", (version) => {
    tls.DEFAULT_MIN_VERSION = version
    expect(refusalOf({ uri: `${FAR}/?tls=true` })).toBe(`tls: the process allows ${version}`)
  })

  it("that ask for TLS 1.3 are fine", () => {
    tls.DEFAULT_MIN_VERSION = "TLSv1.3"
    expect(refusalOf({ uri: `${FAR}/?tls=true` })).toBeUndefined()
  })
})

describe("what the driver is told", () => {
  it("cannot be changed by the host where the store's promises rest on it", () => {
    const made = makeClient({
      uri: `${FAR}/?tls=true&w=0&journal=false&readPreference=secondary&retryWrites=false&socketTimeoutMS=0`,
      database: "shop",
      timeLimitMillis: 5000,
      client: { maxPoolSize: 7, writeConcern: { w: 1 }, retryWrites: false },
    })
    expect(Result.isSuccess(made) && made.success.options).toMatchObject({
      maxPoolSize: 7,
      retryWrites: true,
      socketTimeoutMS: 5000,
      readPreference: { mode: "primary" },
      writeConcern: { w: "majority", j: true },
    })
  })

  it("is in no error: neither the connection string nor its password", async () => {
    const uris = [
      `mongodb://user:${SECRET}@db.example.com/?tls=true&tlsInsecure=true`,
      `mongodb://user:${SECRET}@db.example.com/`,
      `mongodb://user:${SECRET}@@db.example.com/?tls=true`,
      `mongodb://user:${SECRET}@db.example.com/?tls=true&maxPoolSize=${SECRET}`,
      `${SECRET}://user@db.example.com`,
      `mongodb://user:${SECRET}@localhost:1/?tls=true`,
    ]
    for (const uri of uris) {
      const layer = mongoDriver({ uri: Redacted.make(uri), database: "shop", timeLimitMillis: 200 })
      const failure = await Effect.runPromise(
        Effect.flip(Effect.scoped(Effect.provide(Effect.void, layer))),
      )
      const told = `${failure.message} ${JSON.stringify(failure)} ${failure.stack} ${failure.cause}`
      expect(told).not.toContain(SECRET)
    }
  })
})

describe("a TLS handshake (R25)", () => {
  /** Whether a client gets through to a server with these settings. */
  const reaches = async (
    server: tls.TlsOptions,
    connection: Partial<MongoDriverOptions>,
    host = "localhost",
  ) => {
    let secured = false
    const listener = tls.createServer(
      { cert: CERTIFICATE, key: CERTIFICATE_KEY, ...server },
      (socket) => {
        secured = true
        socket.destroy()
      },
    )
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve))
    const uri = `mongodb://${host}:${(listener.address() as AddressInfo).port}/?tls=true`
    const layer = mongoDriver({ uri, database: "shop", timeLimitMillis: 400, ...connection })
    await Effect.runPromise(Effect.flip(Effect.scoped(Effect.provide(Effect.void, layer))))
    listener.close()
    return secured
  }
  const modern: tls.TlsOptions = { minVersion: "TLSv1.2" }
  const old: tls.TlsOptions = {
    minVersion: "TLSv1.1",
    maxVersion: "TLSv1.1",
    ciphers: "ALL:@SECLEVEL=0",
  }

  it("comes about with a server of the given authority", async () => {
    expect(await reaches(modern, { ca: CERTIFICATE })).toBe(true)
    expect(await reaches({ ...modern, maxVersion: "TLSv1.2" }, { ca: CERTIFICATE })).toBe(true)
  })

  it("fails with a server of another authority, or of another name", async () => {
    expect(await reaches(modern, {})).toBe(false)
    expect(await reaches(modern, { ca: CERTIFICATE }, "127.0.0.1")).toBe(false)
  })

  it("fails with a server that only speaks TLS 1.1, even if the process allows it meanwhile", async () => {
    const before = { version: tls.DEFAULT_MIN_VERSION, ciphers: tls.DEFAULT_CIPHERS }
    const observe = () => {
      tls.DEFAULT_MIN_VERSION = "TLSv1"
      tls.DEFAULT_CIPHERS = "ALL:@SECLEVEL=0"
    }
    const reached = await reaches(old, { ca: CERTIFICATE, observe })
    tls.DEFAULT_MIN_VERSION = before.version
    tls.DEFAULT_CIPHERS = before.ciphers
    expect(reached).toBe(false)
  })
})
