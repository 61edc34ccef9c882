import type {
  CancelKeyDeletionRequest,
  CancelKeyDeletionResponse,
  CreateKeyRequest,
  CreateKeyResponse,
  DescribeKeyRequest,
  DescribeKeyResponse,
  DisableKeyRequest,
  EnableKeyRequest,
  KeyMetadata,
  ReplicateKeyRequest,
  ReplicateKeyResponse,
  ScheduleKeyDeletionRequest,
  ScheduleKeyDeletionResponse,
} from "@aws-sdk/client-kms"
import type { Operation } from "../Operations.ts"
import { ServiceError } from "../ServiceError.ts"
import type { Wire } from "../serviceModel.ts"
import { currentMaterial } from "./ciphertextBlob.ts"
import { DAY_MILLIS, type EmulatedKey, type KeyTable } from "./KeyTable.ts"

type Empty = Record<never, never>

/** Making, describing, switching and deleting keys. */
export const keyOperations = (keys: KeyTable) => {
  const CreateKey: Operation<CreateKeyRequest, CreateKeyResponse> = (request, region) => {
    const { KeySpec = "SYMMETRIC_DEFAULT", KeyUsage = "ENCRYPT_DECRYPT" } = request
    const { Description = "", MultiRegion = false, Origin = "AWS_KMS" } = request
    if (KeySpec.startsWith("HMAC_") !== (KeyUsage === "GENERATE_VERIFY_MAC"))
      throw new ServiceError("ValidationException", "KeyUsage does not fit KeySpec")
    const key = keys.add({
      region,
      spec: KeySpec,
      usage: KeyUsage,
      origin: Origin,
      description: Description,
      multiRegion: MultiRegion,
    })
    return { KeyMetadata: metadataOf(keys, key) }
  }

  const DescribeKey: Operation<DescribeKeyRequest, DescribeKeyResponse> = (
    { KeyId = "" },
    region,
  ) => ({
    KeyMetadata: metadataOf(keys, keys.find(KeyId, region)),
  })

  const EnableKey: Operation<EnableKeyRequest, Empty> = ({ KeyId = "" }, region) => {
    const key = keys.managed(KeyId, region)
    refusePending(key)
    key.state = "Enabled"
    return {}
  }

  const DisableKey: Operation<DisableKeyRequest, Empty> = ({ KeyId = "" }, region) => {
    const key = keys.managed(KeyId, region)
    refusePending(key)
    key.state = "Disabled"
    return {}
  }

  const ScheduleKeyDeletion: Operation<ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse> = (
    { KeyId = "", PendingWindowInDays = 30 },
    region,
  ) => {
    if (PendingWindowInDays < 7 || PendingWindowInDays > 30)
      throw new ServiceError("ValidationException", "PendingWindowInDays is not between 7 and 30")
    const key = keys.managed(KeyId, region)
    if (key.state === "PendingDeletion") refusePending(key)
    key.state = "PendingDeletion"
    key.deletionAt = keys.now() + PendingWindowInDays * DAY_MILLIS
    return {
      KeyId: key.arn,
      KeyState: key.state,
      DeletionDate: key.deletionAt / 1000,
      PendingWindowInDays,
    }
  }

  const CancelKeyDeletion: Operation<CancelKeyDeletionRequest, CancelKeyDeletionResponse> = (
    { KeyId = "" },
    region,
  ) => {
    const key = keys.managed(KeyId, region)
    if (key.state !== "PendingDeletion")
      throw new ServiceError("KMSInvalidStateException", `${key.arn} is not pending deletion.`)
    // As the service does: who wants to use the key again must enable it.
    key.state = "Disabled"
    key.deletionAt = undefined
    return { KeyId: key.arn }
  }

  const ReplicateKey: Operation<ReplicateKeyRequest, ReplicateKeyResponse> = (
    { KeyId = "", ReplicaRegion = "", Description = "" },
    region,
  ) => {
    const primary = keys.managed(KeyId, region)
    if (!primary.multiRegion)
      throw new ServiceError("UnsupportedOperationException", `${primary.arn} is not multi-Region.`)
    if (primary.family.regions.includes(ReplicaRegion))
      throw new ServiceError("AlreadyExistsException", `${ReplicaRegion} has one.`)
    const { spec, usage, origin } = primary
    const replica = keys.add(
      { region: ReplicaRegion, spec, usage, origin, description: Description, multiRegion: true },
      primary,
    )
    return { ReplicaKeyMetadata: metadataOf(keys, replica) }
  }

  return {
    CreateKey,
    DescribeKey,
    EnableKey,
    DisableKey,
    ScheduleKeyDeletion,
    CancelKeyDeletion,
    ReplicateKey,
  }
}

const refusePending = ({ arn, state }: EmulatedKey): void => {
  if (state === "PendingDeletion" || state === "PendingImport")
    throw new ServiceError("KMSInvalidStateException", `${arn} is pending deletion or import.`)
}

const metadataOf = (keys: KeyTable, key: EmulatedKey): Wire<KeyMetadata> => ({
  AWSAccountId: keys.account,
  KeyId: key.id,
  Arn: key.arn,
  CreationDate: key.createdAt / 1000,
  Description: key.description,
  Enabled: key.state === "Enabled",
  KeyState: key.state,
  KeyManager: "CUSTOMER",
  KeySpec: key.spec,
  KeyUsage: key.usage,
  Origin: key.origin,
  MultiRegion: key.multiRegion,
  ...(key.spec === "SYMMETRIC_DEFAULT"
    ? { EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"], CurrentKeyMaterialId: currentMaterial(key).id }
    : {}),
  ...(key.deletionAt === undefined ? {} : { DeletionDate: key.deletionAt / 1000 }),
  ...(key.multiRegion ? { MultiRegionConfiguration: regionsOf(keys, key) } : {}),
})

const regionsOf = (
  keys: KeyTable,
  { id, region, family }: EmulatedKey,
): Wire<NonNullable<KeyMetadata["MultiRegionConfiguration"]>> => {
  const [primary = "", ...replicas] = family.regions
  const entry = (each: string) => ({ Arn: keys.arn(each, `key/${id}`), Region: each })
  return {
    MultiRegionKeyType: region === primary ? "PRIMARY" : "REPLICA",
    PrimaryKey: entry(primary),
    ReplicaKeys: replicas.map(entry),
  }
}
