import type { NodeHttpHandler } from "@smithy/node-http-handler"
import * as Result from "effect/Result"
import {
  judgeEndpoint,
  judgeRegion,
  type Place,
  ResidencyRefused,
  type ServiceName,
} from "./residency.ts"
import { secureHandler } from "./transport.ts"

/** Credentials of a role that was assumed (R30). */
export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
}

/** How to reach AWS. */
export interface AwsConnection {
  /** `eu-west-1`. It is never taken from the environment. */
  readonly region: string
  /** The address of the service when it is not the region's public one: a VPC endpoint, or an emulator. */
  readonly endpoint?: string
  /** Allows an endpoint on this machine itself, and plain HTTP to it: for development and tests. */
  readonly allowPlainLoopback?: boolean
  /**
   * Where credentials come from: the SDK's own chain (container, instance, SSO, web identity) when left out. A provider,
   * never the credentials themselves: configuration holds no secrets (R33).
   */
  readonly credentials?: () => Promise<AwsCredentials>
  /** Certificates of the authorities that the service's certificate must come from, as PEM; the system's when left out. */
  readonly ca?: string
  /** How long one call may take, with its at most three attempts; 10,000 milliseconds when left out. */
  readonly timeLimitMillis?: number
}

/** What an SDK client is made with. */
export interface ClientSettings {
  readonly region: string
  readonly endpoint: string
  readonly credentials?: () => Promise<AwsCredentials>
  readonly requestHandler: NodeHttpHandler
  readonly maxAttempts: number
  readonly retryMode: string
  readonly useDualstackEndpoint: false
  readonly useFipsEndpoint: false
}

const DEFAULT_TIME_LIMIT_MILLIS = 10_000
const MAX_ATTEMPTS = 3

/** How long a call may take in all. */
export const timeLimitOf = ({ timeLimitMillis }: AwsConnection): number =>
  timeLimitMillis ?? DEFAULT_TIME_LIMIT_MILLIS

/**
 * The settings of a client that stays in its region. Everything that the SDK would otherwise take from the environment
 * or a configuration file and that decides where requests go is set here.
 */
export const clientSettings = (
  given: AwsConnection,
  service: ServiceName,
  place: Place,
): Result.Result<ClientSettings, ResidencyRefused> =>
  Result.gen(function* () {
    const region = yield* judgeRegion(given.region, place)
    const allowed = given.allowPlainLoopback === true
    const endpoint = yield* judgeEndpoint(given.endpoint, service, region, allowed)
    const { credentials } = given
    if (credentials !== undefined && typeof credentials !== "function")
      return yield* Result.fail(
        new ResidencyRefused({
          what: "credentials",
          detail: "give a provider, not the credentials",
        }),
      )
    return {
      region,
      endpoint,
      ...(credentials === undefined ? {} : { credentials }),
      requestHandler: secureHandler(given.ca, Math.ceil(timeLimitOf(given) / MAX_ATTEMPTS)),
      maxAttempts: MAX_ATTEMPTS,
      retryMode: "standard",
      useDualstackEndpoint: false,
      useFipsEndpoint: false,
    }
  })
