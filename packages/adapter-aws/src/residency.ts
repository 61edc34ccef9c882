import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/**
 * An option would take keys or secrets out of their region, or over the network unprotected (R20, R22, R57, R58).
 * Nothing was sent. `detail` names the region, host or option at fault, never a credential.
 */
export class ResidencyRefused extends Schema.TaggedError<ResidencyRefused>()("ResidencyRefused", {
  what: Schema.Literals(["region", "key", "endpoint", "credentials"]),
  detail: Schema.String,
}) {
  override get message() {
    return `AWS is refused (${this.what}): ${this.detail}`
  }
}

/** Where data lies, and where its backups do. There is no option that adds a region: a host can only be stricter. */
export type Place = "primary" | "backup"

const REGION: { readonly [P in Place]: string } = { primary: "eu-west-1", backup: "eu-west-2" }

/** The services of this package, as their host names have them. */
export type ServiceName = "kms" | "secretsmanager"

/** The region of a place, if it is the one given. */
export const judgeRegion = (
  region: string | undefined,
  place: Place,
): Result.Result<string, ResidencyRefused> =>
  region === REGION[place]
    ? Result.succeed(region)
    : refuse("region", `${shown(region)} is not ${REGION[place]}, the ${place} region`)

/** A key, if its ARN lies in the region of the place. Bare ids and aliases name no region and are refused. */
export const judgeKey = (
  keyId: string | undefined,
  place: Place,
): Result.Result<string, ResidencyRefused> => {
  const region = ARN.exec(keyId ?? "")?.groups?.["region"]
  if (region === undefined)
    return refuse(
      "key",
      `${shown(keyId)} is not the ARN of a KMS key or alias, so it names no region`,
    )
  return Result.map(judgeRegion(region, place), () => keyId ?? "")
}

/**
 * The address of a service in a region: the public one when none is given.
 *
 * Refused are addresses that do not name the region (the global ones, private names), other services, plain HTTP, and
 * whatever else could be in a URL. This machine itself may be addressed where that is allowed.
 */
export const judgeEndpoint = (
  endpoint: string | undefined,
  service: ServiceName,
  region: string,
  allowPlainLoopback: boolean,
): Result.Result<string, ResidencyRefused> => {
  if (endpoint === undefined) return Result.succeed(`https://${service}.${region}.amazonaws.com`)
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:"))
    return refuse("endpoint", "it is not a URL of HTTPS")
  const { hostname, protocol } = url
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    return refuse("endpoint", `${hostname}: only a host may be given`)
  if (url.pathname !== "/") return refuse("endpoint", `${hostname}: only a host may be given`)
  if (isLoopback(hostname))
    return allowPlainLoopback
      ? Result.succeed(endpoint)
      : refuse("endpoint", `${hostname}: allowPlainLoopback allows this machine itself`)
  if (protocol === "http:") return refuse("endpoint", `${hostname}: TLS is off`)
  return judgeHost(url, service, region)
}

const ARN =
  /^arn:aws:kms:(?<region>[a-z0-9-]+):\d{12}:(?:key\/[A-Za-z0-9-]+|alias\/[A-Za-z0-9/_-]+)$/u

/** Public, FIPS, dual-stack and VPC endpoints. */
const HOST =
  /^(?:vpce-[a-z0-9-]+\.)?(?<service>[a-z]+)(?:-fips)?\.(?<region>[a-z]+(?:-[a-z]+)+-\d+)\.(?:(?:vpce\.)?amazonaws\.com|api\.aws)$/u

const judgeHost = (
  { hostname, port, origin }: URL,
  service: ServiceName,
  region: string,
): Result.Result<string, ResidencyRefused> => {
  const named = HOST.exec(hostname)?.groups
  if (named === undefined) return refuse("endpoint", `${hostname} names no region`)
  if (named["service"] !== service) return refuse("endpoint", `${hostname} is not of ${service}`)
  if (named["region"] !== region) return refuse("endpoint", `${hostname} is not in ${region}`)
  return port === "" ? Result.succeed(origin) : refuse("endpoint", `${hostname}: a port is given`)
}

const isLoopback = (hostname: string): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u.test(hostname)

/** What was given in place of a region or an ARN, unless it is so long that it may be something else. */
const shown = (given: string | undefined): string => {
  if (given === undefined || given === "") return "nothing"
  return given.length <= 128 ? given : "what was given"
}

const refuse = (what: ResidencyRefused["what"], detail: string) =>
  Result.fail(new ResidencyRefused({ what, detail }))
