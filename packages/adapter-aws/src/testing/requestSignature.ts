import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import type { IncomingHttpHeaders } from "node:http"
import { ServiceError } from "./ServiceError.ts"

/** The one caller whom the emulators know. It opens nothing but them. */
const CALLER = {
  accessKeyId: "AKIDEMULATOR00000000",
  secretAccessKey: "emulated-secret-access-key-which-opens-nothing",
}

/** Credentials for the emulators, in the form that `credentials` takes. */
export const emulatorCredentials = (): Promise<{
  readonly accessKeyId: string
  readonly secretAccessKey: string
}> => Promise.resolve(CALLER)

/** How far apart the clocks of caller and service may be: five minutes. */
const MAX_SKEW_MILLIS = 300_000

/** A request as it must be signed. */
interface SignedRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
}

/**
 * Checks the signature of a request (AWS Signature Version 4) as the service does, over all that was signed.
 *
 * @param now the service's clock, in milliseconds
 * @returns the region for which the request was signed
 */
export const regionOfSigned = (request: SignedRequest, service: string, now: number): string => {
  const { authorization } = request.headers
  if (authorization === undefined) throw new ServiceError("MissingAuthenticationTokenException", "")
  const parts = AUTHORIZATION.exec(authorization)?.groups
  if (parts === undefined) throw new ServiceError("IncompleteSignatureException", "")
  const { accessKeyId, day = "", region = "", name, signedHeaders = "", signature = "" } = parts
  if (accessKeyId !== CALLER.accessKeyId)
    throw new ServiceError("UnrecognizedClientException", "The security token is invalid.")
  if (name !== service)
    throw invalid(`Credential should be scoped to correct service: '${service}'.`)
  const date = String(request.headers["x-amz-date"])
  const at = Date.parse(date.replace(DATE, "$1-$2-$3T$4:$5:$6Z"))
  if (!(Math.abs(now - at) <= MAX_SKEW_MILLIS)) throw invalid(`Signature expired: ${date}.`)
  if (!date.startsWith(day)) throw invalid("Date in Credential scope does not match.")
  for (const header of ["host", "x-amz-date", "x-amz-target", "content-type"])
    if (!signedHeaders.split(";").includes(header)) throw invalid(`${header} must be signed.`)

  const scope = `${day}/${region}/${service}/aws4_request`
  const toSign = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical(request, signedHeaders))}`
  const expected = hmac(signingKey(day, region, service), toSign)
  if (!isSame(expected, Buffer.from(signature, "hex")))
    throw invalid("The request signature we calculated does not match.")
  return region
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=(?<accessKeyId>[^/]+)\/(?<day>\d{8})\/(?<region>[^/]+)\/(?<name>[^/]+)\/aws4_request, SignedHeaders=(?<signedHeaders>[^,]+), Signature=(?<signature>[0-9a-f]{64})$/u
const DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/u

const canonical = ({ method, path, headers, body }: SignedRequest, signed: string): string =>
  [
    method,
    path,
    "",
    ...signed.split(";").map((name) => `${name}:${String(headers[name]).trim()}`),
    "",
    signed,
    sha256(body),
  ].join("\n")

const signingKey = (day: string, region: string, service: string): Uint8Array =>
  [day, region, service, "aws4_request"].reduce<Uint8Array>(
    (key, part) => hmac(key, part),
    Buffer.from(`AWS4${CALLER.secretAccessKey}`),
  )

const sha256 = (data: string | Uint8Array): string =>
  createHash("sha256").update(data).digest("hex")

const hmac = (key: Uint8Array, data: string): Uint8Array =>
  createHmac("sha256", key).update(data).digest()

const isSame = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && timingSafeEqual(left, right)

const invalid = (message: string) => new ServiceError("InvalidSignatureException", message)
