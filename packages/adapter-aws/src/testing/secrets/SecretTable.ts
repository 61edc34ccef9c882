import { randomInt } from "node:crypto"
import type { ServiceClock } from "../emulatorServer.ts"
import { ServiceError } from "../ServiceError.ts"

const ACCOUNT = "111122223333"
export const DAY_MILLIS = 86_400_000

/** One value that a secret had. Staging labels move from version to version. */
export interface SecretValue {
  readonly id: string
  readonly text: string | undefined
  readonly binary: string | undefined
  readonly at: number
}

/** A secret in one region. */
export interface EmulatedSecret {
  readonly name: string
  readonly arn: string
  readonly createdAt: number
  readonly description: string | undefined
  readonly kmsKeyId: string | undefined
  readonly versions: Map<string, SecretValue>
  current: string
  previous: string | undefined
  /** When it goes: it cannot be read from the moment that this is set. */
  deletionAt: number | undefined
  deletedAt: number | undefined
}

/** Secrets of all regions by name. */
export class SecretTable {
  private readonly secrets = new Map<string, EmulatedSecret>()
  private readonly clock: ServiceClock

  constructor(clock: ServiceClock) {
    this.clock = clock
  }

  now(): number {
    return this.clock.now()
  }

  add(
    given: Pick<EmulatedSecret, "name" | "description" | "kmsKeyId">,
    value: SecretValue,
    region: string,
  ): EmulatedSecret {
    const secret: EmulatedSecret = {
      ...given,
      arn: `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:${given.name}-${suffix()}`,
      createdAt: this.now(),
      versions: new Map([[value.id, value]]),
      current: value.id,
      previous: undefined,
      deletionAt: undefined,
      deletedAt: undefined,
    }
    this.secrets.set(`${region} ${secret.name}`, secret)
    return secret
  }

  /** The secret by its name, as long as it is not gone for good. */
  named(name: string, region: string): EmulatedSecret | undefined {
    const secret = this.secrets.get(`${region} ${name}`)
    if (secret?.deletionAt === undefined || secret.deletionAt > this.now()) return secret
    this.secrets.delete(`${region} ${name}`)
    return undefined
  }

  /** The secret by its name or complete ARN, marked for deletion or not. */
  find(secretId: string, region: string): EmulatedSecret {
    const name = secretId.startsWith("arn:")
      ? secretId.split(":").slice(6).join(":").slice(0, -7)
      : secretId
    const secret = this.named(name, region)
    if (secret === undefined || (secretId.startsWith("arn:") && secret.arn !== secretId))
      throw new ServiceError(
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret.",
      )
    return secret
  }

  /** The secret, unless it is marked for deletion. */
  readable(secretId: string, region: string): EmulatedSecret {
    const secret = this.find(secretId, region)
    if (secret.deletionAt !== undefined)
      throw new ServiceError(
        "InvalidRequestException",
        "You can't perform this operation on the secret because it was marked for deletion.",
      )
    return secret
  }
}

/** The six characters that the service hangs on each name. */
const suffix = (): string =>
  Array.from({ length: 6 }, () => ALPHANUMERIC[randomInt(ALPHANUMERIC.length)]).join("")

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
