import {
  DescribeKeyCommand,
  GetKeyRotationStatusCommand,
  type KeyMetadata,
  type KMSClient,
} from "@aws-sdk/client-kms"
import { KeyRingUnavailable } from "@oto-fulfilment/core"
import * as Effect from "effect/Effect"
import { type AwsFailure, callAws } from "./callAws.ts"

/** A client of one region with its time limit. */
export interface RegionalKms {
  readonly client: KMSClient
  readonly region: string
  readonly timeLimitMillis: number
}

/**
 * What is wrong with a key: absent, not enabled, of a kind that has no rotation, rotation off, or not to be asked about
 * (R31, R34). Where a backup region is given, its replica is judged alike (R58).
 */
export const faultsOfKey = (
  keyId: string,
  primary: RegionalKms,
  backup: RegionalKms | undefined,
): Effect.Effect<ReadonlyArray<string>, KeyRingUnavailable> =>
  Effect.gen(function* () {
    const here = yield* judge(keyId, primary)
    if (backup === undefined || here.key === undefined) return here.faults
    const { Arn = "", KeyId = "", MultiRegion } = here.key
    if (MultiRegion !== true)
      return [
        ...here.faults,
        `${keyId}: it is not multi-Region, so ${backup.region} cannot open what it wrapped`,
      ]
    const replica = Arn.split(":").with(3, backup.region).join(":")
    const there = yield* judge(replica, backup)
    // The ARN was made from the key's own: this holds unless the service answers for another key.
    const same = there.key === undefined || there.key.KeyId === KeyId
    return [...here.faults, ...there.faults, ...(same ? [] : [`${replica}: it is not a replica`])]
  })

interface Judged {
  readonly key: KeyMetadata | undefined
  readonly faults: ReadonlyArray<string>
}

const judge = (keyId: string, kms: RegionalKms): Effect.Effect<Judged, KeyRingUnavailable> =>
  Effect.gen(function* () {
    const described = yield* ask(keyId, "cannot be described", kms, (abortSignal) =>
      kms.client.send(new DescribeKeyCommand({ KeyId: keyId }), { abortSignal }),
    )
    const key = described.answer?.KeyMetadata
    if (key === undefined) return { key, faults: described.faults }
    const unfit = unfitness(key)
    if (unfit !== undefined) return { key, faults: [`${keyId}: ${unfit}`] }
    // The rotation of an alias cannot be asked for, only that of a key.
    const status = yield* ask(keyId, "its rotation cannot be read", kms, (abortSignal) =>
      kms.client.send(new GetKeyRotationStatusCommand({ KeyId: key.Arn }), { abortSignal }),
    )
    const off = status.answer !== undefined && status.answer.KeyRotationEnabled !== true
    return { key, faults: off ? [`${keyId}: rotation is off`] : status.faults }
  })

/** Why a key may not be in use, if there is a reason. */
const unfitness = ({ KeyState, KeySpec, KeyUsage, Origin }: KeyMetadata): string | undefined => {
  if (KeySpec !== "SYMMETRIC_DEFAULT" || KeyUsage !== "ENCRYPT_DECRYPT")
    return `a key of kind ${KeySpec} has no rotation`
  if (Origin !== "AWS_KMS") return `material of origin ${Origin} has no automatic rotation`
  return KeyState === "Enabled" ? undefined : `it is ${KeyState}`
}

/** What passes makes the whole question fail; a refusal is a fault of the key: what cannot be read is not met (R34). */
const ask = <A>(
  keyId: string,
  doubt: string,
  { timeLimitMillis }: RegionalKms,
  send: (abortSignal: AbortSignal) => Promise<A>,
): Effect.Effect<
  { readonly answer: A | undefined; readonly faults: ReadonlyArray<string> },
  KeyRingUnavailable
> =>
  Effect.matchEffect(callAws(send, timeLimitMillis), {
    onSuccess: (answer) => Effect.succeed({ answer, faults: [] }),
    onFailure: ({ reason, retryable }: AwsFailure) =>
      retryable
        ? Effect.fail(new KeyRingUnavailable({ operation: "health", reason, retryable }))
        : Effect.succeed({ answer: undefined, faults: [`${keyId}: ${doubt}: ${reason}`] }),
  })
