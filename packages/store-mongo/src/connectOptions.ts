import tls from "node:tls"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { MongoClient, type MongoClientOptions } from "mongodb"
import { MongoRefused } from "./mongoErrors.ts"

/**
 * Options of the driver that a host may not set: they weaken TLS, or what this package promises. Certificates are
 * given as `ca`, `cert` and `key`, so that one place makes the TLS context.
 */
const REFUSED = [
  "tlsInsecure",
  "tlsAllowInvalidCertificates",
  "tlsAllowInvalidHostnames",
  "rejectUnauthorized",
  "checkServerIdentity",
  "secureProtocol",
  "secureContext",
  "secureOptions",
  "minVersion",
  "maxVersion",
  "ciphers",
  "ca",
  "cert",
  "crl",
  "key",
  "pfx",
  "passphrase",
  "tlsCAFile",
  "tlsCRLFile",
  "tlsCertificateKeyFile",
  "tlsCertificateKeyFilePassword",
] as const

/** How to reach MongoDB. */
export interface MongoConnection {
  /** A connection string; give it as `Redacted` when it holds a password. */
  readonly uri: string | Redacted.Redacted<string>
  /** The database that holds the store. */
  readonly database: string
  /** Certificates of the authorities that the server's certificate must come from, as PEM; the system's when left out. */
  readonly ca?: string
  /** This host's own certificate and its key, as PEM, for X.509 authentication. */
  readonly cert?: string
  readonly key?: string
  /** Allows a connection without TLS to this machine itself, for development and tests. */
  readonly allowPlainLoopback?: boolean
  /** How long one command may take, and how long a batch is tried again; 20,000 milliseconds when left out. */
  readonly timeLimitMillis?: number
  /** What else the driver shall know: pool sizes, compression, authentication. */
  readonly client?: Omit<MongoClientOptions, (typeof REFUSED)[number]>
}

export const DEFAULT_TIME_LIMIT_MILLIS = 20_000

/** A client that keeps the rules of transport security, not yet connected. */
export const makeClient = (given: MongoConnection): Result.Result<MongoClient, MongoRefused> => {
  const uri = typeof given.uri === "string" ? given.uri : Redacted.value(given.uri)
  const refused = refusedOption(uri, given.client ?? {})
  if (refused !== undefined) return refuse("option", refused)
  if (tls.DEFAULT_MIN_VERSION !== "TLSv1.2" && tls.DEFAULT_MIN_VERSION !== "TLSv1.3")
    return refuse("tls", `the process allows ${tls.DEFAULT_MIN_VERSION}`)
  const client = Result.try({
    try: () => new MongoClient(uri, clientOptions(given)),
    // What the parser says may quote the connection string.
    catch: () => new MongoRefused({ what: "uri", detail: "it cannot be read" }),
  })
  if (Result.isFailure(client)) return client
  const { tls: encrypted, hosts, srvHost } = client.success.options
  if (encrypted) return client
  const far = srvHost ?? hosts.map(String).find((host) => !isLoopback(host))
  if (far !== undefined) return refuse("tls", `TLS is off for ${far}`)
  return given.allowPlainLoopback === true
    ? client
    : refuse("tls", "TLS is off; allowPlainLoopback allows that on one machine")
}

/** Whether an address, with or without port, is this machine itself. */
export const isLoopback = (address: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(address) || address === "::1"

const clientOptions = (given: MongoConnection): MongoClientOptions => {
  const { ca, cert, key, timeLimitMillis = DEFAULT_TIME_LIMIT_MILLIS } = given
  return {
    serverSelectionTimeoutMS: Math.min(10_000, timeLimitMillis),
    connectTimeoutMS: Math.min(10_000, timeLimitMillis),
    ...given.client,
    // What follows is not for the host to choose: the store's promises rest on it.
    socketTimeoutMS: timeLimitMillis,
    waitQueueTimeoutMS: timeLimitMillis,
    retryWrites: true,
    retryReads: true,
    readPreference: "primary",
    // Each by its own name too: one in the connection string would win over the pair.
    writeConcern: { w: "majority", journal: true },
    w: "majority",
    journal: true,
    promoteValues: true,
    promoteLongs: true,
    useBigInt64: false,
    raw: false,
    ignoreUndefined: true,
    secureContext: tls.createSecureContext({
      minVersion: "TLSv1.2",
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    }),
  }
}

const refusedOption = (uri: string, options: object): string | undefined => {
  const query = uri.includes("?") ? uri.slice(uri.indexOf("?") + 1) : ""
  const names = [...new URLSearchParams(query).keys(), ...Object.keys(options)]
  const given = new Set(names.map((name) => name.toLowerCase()))
  return REFUSED.find((name) => given.has(name.toLowerCase()))
}

const refuse = (what: MongoRefused["what"], detail: string) =>
  Result.fail(new MongoRefused({ what, detail }))
