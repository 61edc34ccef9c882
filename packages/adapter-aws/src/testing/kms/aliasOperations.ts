import type {
  CreateAliasRequest,
  DeleteAliasRequest,
  ListAliasesRequest,
  ListAliasesResponse,
  UpdateAliasRequest,
} from "@aws-sdk/client-kms"
import type { Operation } from "../Operations.ts"
import { ServiceError } from "../ServiceError.ts"
import type { KeyTable } from "./KeyTable.ts"

type Empty = Record<never, never>

/** Names for keys, one region each. */
export const aliasOperations = (keys: KeyTable) => {
  const point = (name: string, target: string, region: string): void => {
    const key = keys.managed(target, region)
    if (key.state === "PendingDeletion")
      throw new ServiceError("KMSInvalidStateException", `${key.arn} is pending deletion.`)
    keys.aliases.set(keys.arn(region, name), { keyId: key.id, at: keys.now() })
  }

  const known = (name: string, region: string): string => {
    const arn = keys.arn(region, name)
    if (!keys.aliases.has(arn))
      throw new ServiceError("NotFoundException", `Alias ${arn} is not found.`)
    return arn
  }

  const CreateAlias: Operation<CreateAliasRequest, Empty> = (
    { AliasName = "", TargetKeyId = "" },
    region,
  ) => {
    if (!/^alias\/(?!aws\/)[\w/-]{1,250}$/u.test(AliasName))
      throw new ServiceError("InvalidAliasNameException", "")
    if (keys.aliases.has(keys.arn(region, AliasName)))
      throw new ServiceError(
        "AlreadyExistsException",
        `An alias with the name ${AliasName} exists.`,
      )
    point(AliasName, TargetKeyId, region)
    return {}
  }

  const UpdateAlias: Operation<UpdateAliasRequest, Empty> = (
    { AliasName = "", TargetKeyId = "" },
    region,
  ) => {
    known(AliasName, region)
    point(AliasName, TargetKeyId, region)
    return {}
  }

  const DeleteAlias: Operation<DeleteAliasRequest, Empty> = ({ AliasName = "" }, region) => {
    keys.aliases.delete(known(AliasName, region))
    return {}
  }

  const ListAliases: Operation<ListAliasesRequest, ListAliasesResponse> = ({ KeyId }, region) => {
    const only = KeyId === undefined ? undefined : keys.managed(KeyId, region).id
    const here = keys.arn(region, "")
    return {
      Aliases: [...keys.aliases]
        .filter(([arn, { keyId }]) => arn.startsWith(here) && (only ?? keyId) === keyId)
        .map(([arn, { keyId, at }]) => ({
          AliasName: arn.slice(here.length),
          AliasArn: arn,
          TargetKeyId: keyId,
          CreationDate: at / 1000,
          LastUpdatedDate: at / 1000,
        })),
      Truncated: false,
    }
  }

  return { CreateAlias, UpdateAlias, DeleteAlias, ListAliases }
}
