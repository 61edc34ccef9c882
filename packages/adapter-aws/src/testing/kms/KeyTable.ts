import { randomBytes, randomUUID } from "node:crypto"
import type { KeySpec, KeyUsageType, OriginType, RotationType } from "@aws-sdk/client-kms"
import type { ServiceClock } from "../emulatorServer.ts"
import { ServiceError } from "../ServiceError.ts"

/** The account in which all emulated keys lie. */
const ACCOUNT = "111122223333"
export const DAY_MILLIS = 86_400_000

/** The bytes that a key encrypts with from some moment on. Older ones stay, and decrypt. */
export interface Material {
  readonly id: string
  readonly bytes: Uint8Array
  readonly at: number
  readonly type?: RotationType
}

/** What a multi-Region key shares with its replicas: the material and its rotation. */
interface KeyFamily {
  readonly materials: Array<Material>
  readonly regions: Array<string>
  rotation: { readonly periodDays: number; readonly since: number } | undefined
}

/** A key in one region. */
export interface EmulatedKey {
  readonly id: string
  readonly arn: string
  readonly region: string
  readonly spec: KeySpec
  readonly usage: KeyUsageType
  readonly origin: OriginType
  readonly description: string
  readonly createdAt: number
  readonly multiRegion: boolean
  readonly family: KeyFamily
  state: "Enabled" | "Disabled" | "PendingDeletion" | "PendingImport"
  deletionAt: number | undefined
}

/** Keys and aliases of all regions. A key whose deletion date has come is gone for ever. */
export class KeyTable {
  readonly account = ACCOUNT
  readonly aliases = new Map<string, { readonly keyId: string; readonly at: number }>()
  private readonly keys = new Map<string, EmulatedKey>()
  private readonly clock: ServiceClock

  constructor(clock: ServiceClock) {
    this.clock = clock
  }

  now(): number {
    return this.clock.now()
  }

  add(
    given: Pick<
      EmulatedKey,
      "region" | "spec" | "usage" | "origin" | "description" | "multiRegion"
    >,
    replicaOf?: EmulatedKey,
  ): EmulatedKey {
    const { region } = given
    const id = replicaOf?.id ?? newKeyId(given.multiRegion)
    const family = replicaOf?.family ?? {
      materials: [newMaterial(this.now())],
      regions: [],
      rotation: undefined,
    }
    family.regions.push(region)
    const key: EmulatedKey = {
      ...given,
      id,
      arn: this.arn(region, `key/${id}`),
      createdAt: this.now(),
      family,
      state: given.origin === "AWS_KMS" ? "Enabled" : "PendingImport",
      deletionAt: undefined,
    }
    this.keys.set(key.arn, key)
    return key
  }

  arn(region: string, resource: string): string {
    return `arn:aws:kms:${region}:${this.account}:${resource}`
  }

  /** The key by its id or ARN. Operations that manage a key do not take aliases. */
  managed(keyId: string, region: string): EmulatedKey {
    if (/(^|:)alias\//u.test(keyId))
      throw new ServiceError("NotFoundException", `Invalid keyId ${keyId}`)
    return this.find(keyId, region)
  }

  /** The key by its id, ARN, alias or alias ARN. */
  find(keyId: string, region: string): EmulatedKey {
    const arn = keyId.startsWith("arn:")
      ? keyId
      : this.arn(region, keyId.startsWith("alias/") ? keyId : `key/${keyId}`)
    // A key of another region is not there, whoever asks.
    const found = arn.startsWith(this.arn(region, ""))
      ? this.present(this.resolved(arn))
      : undefined
    if (found === undefined)
      throw new ServiceError("NotFoundException", `Key '${arn}' does not exist`)
    return found
  }

  /** The key in a region by the id that a ciphertext names, if it is still there. */
  named(id: string, region: string): EmulatedKey | undefined {
    return this.present(this.arn(region, `key/${id}`))
  }

  private resolved(arn: string): string {
    const target = this.aliases.get(arn)?.keyId
    return target === undefined ? arn : this.arn(regionOf(arn), `key/${target}`)
  }

  private present(arn: string): EmulatedKey | undefined {
    const key = this.keys.get(arn)
    if (key?.deletionAt === undefined || key.deletionAt > this.now()) return key
    this.keys.delete(arn)
    for (const [alias, { keyId }] of this.aliases)
      if (keyId === key.id && regionOf(alias) === key.region) this.aliases.delete(alias)
    return undefined
  }
}

/** New bytes for a key. */
export const newMaterial = (at: number, type?: RotationType): Material => ({
  id: randomBytes(32).toString("hex"),
  bytes: randomBytes(32),
  at,
  ...(type === undefined ? {} : { type }),
})

/** Refuses a key that may not be used for cryptography at present. */
export const requireUsable = (key: EmulatedKey): void => {
  if (key.state === "Disabled")
    throw new ServiceError("DisabledException", `${key.arn} is disabled.`)
  if (key.state !== "Enabled")
    throw new ServiceError("KMSInvalidStateException", `${key.arn} is pending deletion or import.`)
}

const newKeyId = (multiRegion: boolean): string =>
  multiRegion ? `mrk-${randomBytes(16).toString("hex")}` : randomUUID()

const regionOf = (arn: string): string => arn.split(":")[3] ?? ""
