import type {
  CreateSecretRequest,
  CreateSecretResponse,
  DeleteSecretRequest,
  DeleteSecretResponse,
  DescribeSecretRequest,
  DescribeSecretResponse,
  GetSecretValueRequest,
  GetSecretValueResponse,
  PutSecretValueRequest,
  PutSecretValueResponse,
  RestoreSecretRequest,
  RestoreSecretResponse,
} from "@aws-sdk/client-secrets-manager"
import type { Operation } from "../Operations.ts"
import { ServiceError } from "../ServiceError.ts"
import {
  DAY_MILLIS,
  type EmulatedSecret,
  type SecretTable,
  type SecretValue,
} from "./SecretTable.ts"

const MAX_BYTES = 65_536
const CURRENT = "AWSCURRENT"
const PREVIOUS = "AWSPREVIOUS"

/**
 * Storing, reading and deleting secrets.
 *
 * @param purgeMillis how long the service is at work on a forced deletion: unreadable already, its name not yet free
 */
export const secretOperations = (secrets: SecretTable, purgeMillis: number) => {
  const CreateSecret: Operation<CreateSecretRequest, CreateSecretResponse> = (request, region) => {
    const { Name = "", Description, KmsKeyId } = request
    if (!/^[\w/+=.@-]{1,512}$/u.test(Name)) throw new ServiceError("ValidationException", "Name")
    const value = newValue(request, secrets.now())
    const there = secrets.named(Name, region)
    if (there?.deletionAt !== undefined)
      throw new ServiceError(
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      )
    if (there !== undefined && !isSame(there.versions.get(value.id), value))
      throw new ServiceError("ResourceExistsException", "The secret already exists.")
    const secret =
      there ??
      secrets.add({ name: Name, description: Description, kmsKeyId: KmsKeyId }, value, region)
    return { ARN: secret.arn, Name, VersionId: value.id }
  }

  const PutSecretValue: Operation<PutSecretValueRequest, PutSecretValueResponse> = (
    request,
    region,
  ) => {
    const secret = secrets.readable(request.SecretId ?? "", region)
    const value = newValue(request, secrets.now())
    const there = secret.versions.get(value.id)
    if (there !== undefined && !isSame(there, value))
      throw new ServiceError("ResourceExistsException", "The version already exists.")
    if (there === undefined) {
      secret.versions.set(value.id, value)
      secret.previous = secret.current
      secret.current = value.id
    }
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: value.id,
      VersionStages: stagesOf(secret, value.id),
    }
  }

  const GetSecretValue: Operation<GetSecretValueRequest, GetSecretValueResponse> = (
    { SecretId = "", VersionId, VersionStage },
    region,
  ) => {
    const secret = secrets.readable(SecretId, region)
    const staged = VersionStage === PREVIOUS ? secret.previous : secret.current
    const value = secret.versions.get(VersionId ?? staged ?? "")
    if (value === undefined)
      throw new ServiceError(
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret value for VersionId",
      )
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: value.id,
      VersionStages: stagesOf(secret, value.id),
      CreatedDate: value.at / 1000,
      ...(value.text === undefined ? {} : { SecretString: value.text }),
      ...(value.binary === undefined ? {} : { SecretBinary: value.binary }),
    }
  }

  const DescribeSecret: Operation<DescribeSecretRequest, DescribeSecretResponse> = (
    { SecretId = "" },
    region,
  ) => {
    const secret = secrets.find(SecretId, region)
    const { arn, name, createdAt, deletedAt, kmsKeyId, description, versions } = secret
    return {
      ARN: arn,
      Name: name,
      CreatedDate: createdAt / 1000,
      VersionIdsToStages: Object.fromEntries(
        [...versions.keys()].map((id) => [id, stagesOf(secret, id)]),
      ),
      ...(kmsKeyId === undefined ? {} : { KmsKeyId: kmsKeyId }),
      ...(description === undefined ? {} : { Description: description }),
      ...(deletedAt === undefined ? {} : { DeletedDate: deletedAt / 1000 }),
    }
  }

  const DeleteSecret: Operation<DeleteSecretRequest, DeleteSecretResponse> = (
    { SecretId = "", RecoveryWindowInDays, ForceDeleteWithoutRecovery = false },
    region,
  ) => {
    if (ForceDeleteWithoutRecovery && RecoveryWindowInDays !== undefined)
      throw new ServiceError("InvalidParameterException", "Force and a recovery window")
    return ForceDeleteWithoutRecovery
      ? deleteAtOnce(SecretId, region)
      : deleteLater(SecretId, RecoveryWindowInDays ?? 30, region)
  }

  const deleteLater = (secretId: string, days: number, region: string) => {
    if (days < 7 || days > 30)
      throw new ServiceError("InvalidParameterException", "Recovery window")
    return marked(secrets.readable(secretId, region), days * DAY_MILLIS)
  }

  const deleteAtOnce = (secretId: string, region: string) => {
    // What is not there is no error, as the service documents.
    if (secrets.named(secretId, region) === undefined && !secretId.startsWith("arn:"))
      return { Name: secretId, DeletionDate: secrets.now() / 1000 }
    const secret = secrets.find(secretId, region)
    secret.versions.clear()
    return marked(secret, purgeMillis)
  }

  const marked = (secret: EmulatedSecret, wait: number) => {
    secret.deletedAt = secrets.now()
    secret.deletionAt = secret.deletedAt + wait
    return { ARN: secret.arn, Name: secret.name, DeletionDate: secret.deletionAt / 1000 }
  }

  const RestoreSecret: Operation<RestoreSecretRequest, RestoreSecretResponse> = (
    { SecretId = "" },
    region,
  ) => {
    const secret = secrets.find(SecretId, region)
    if (secret.versions.size === 0) throw new ServiceError("InvalidRequestException", "forced")
    secret.deletionAt = undefined
    secret.deletedAt = undefined
    return { ARN: secret.arn, Name: secret.name }
  }

  return {
    CreateSecret,
    PutSecretValue,
    GetSecretValue,
    DescribeSecret,
    DeleteSecret,
    RestoreSecret,
  }
}

const stagesOf = (secret: EmulatedSecret, id: string): Array<string> => {
  if (id === secret.current) return [CURRENT]
  return id === secret.previous ? [PREVIOUS] : []
}

const isSame = (left: SecretValue | undefined, right: SecretValue): boolean =>
  left !== undefined && left.text === right.text && left.binary === right.binary

const newValue = (
  given: {
    readonly ClientRequestToken?: string | undefined
    readonly SecretString?: string | undefined
    readonly SecretBinary?: string | undefined
  },
  at: number,
): SecretValue => {
  const { ClientRequestToken: id = "", SecretString: text, SecretBinary: binary } = given
  if (id.length < 32 || id.length > 64)
    throw new ServiceError(
      "InvalidParameterException",
      "You must provide a ClientRequestToken value.",
    )
  if ((text === undefined) === (binary === undefined))
    throw new ServiceError("InvalidParameterException", "Either SecretString or SecretBinary")
  const bytes = text === undefined ? Buffer.from(binary ?? "", "base64") : Buffer.from(text)
  if (bytes.length < 1 || bytes.length > MAX_BYTES)
    throw new ServiceError("ValidationException", `1 to ${MAX_BYTES} bytes`)
  return { id, text, binary, at }
}
