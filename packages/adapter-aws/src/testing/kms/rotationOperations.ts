import type {
  DisableKeyRotationRequest,
  EnableKeyRotationRequest,
  GetKeyRotationStatusRequest,
  GetKeyRotationStatusResponse,
  ListKeyRotationsRequest,
  ListKeyRotationsResponse,
  RotateKeyOnDemandRequest,
  RotateKeyOnDemandResponse,
} from "@aws-sdk/client-kms"
import type { Operation } from "../Operations.ts"
import { ServiceError } from "../ServiceError.ts"
import {
  DAY_MILLIS,
  type EmulatedKey,
  type KeyTable,
  newMaterial,
  requireUsable,
} from "./KeyTable.ts"

type Empty = Record<never, never>

/** Rotation adds material; what older material encrypted stays open. An on-demand rotation is done at once. */
export const rotationOperations = (keys: KeyTable) => {
  const EnableKeyRotation: Operation<EnableKeyRotationRequest, Empty> = (
    { KeyId = "", RotationPeriodInDays = 365 },
    region,
  ) => {
    if (RotationPeriodInDays < 90 || RotationPeriodInDays > 2560)
      throw new ServiceError("ValidationException", "RotationPeriodInDays is not 90 to 2560")
    const key = keys.managed(KeyId, region)
    requireRotatable(key)
    requireUsable(key)
    key.family.rotation = { periodDays: RotationPeriodInDays, since: keys.now() }
    return {}
  }

  const DisableKeyRotation: Operation<DisableKeyRotationRequest, Empty> = (
    { KeyId = "" },
    region,
  ) => {
    const key = keys.managed(KeyId, region)
    requireRotatable(key)
    requireUsable(key)
    key.family.rotation = undefined
    return {}
  }

  const GetKeyRotationStatus: Operation<
    GetKeyRotationStatusRequest,
    GetKeyRotationStatusResponse
  > = ({ KeyId = "" }, region) => {
    const key = keys.managed(KeyId, region)
    if (key.spec !== "SYMMETRIC_DEFAULT") requireRotatable(key)
    rotateWhenDue(keys, key)
    const { rotation } = key.family
    if (rotation === undefined || key.state === "PendingDeletion")
      return { KeyId: key.arn, KeyRotationEnabled: false }
    return {
      KeyId: key.arn,
      KeyRotationEnabled: true,
      RotationPeriodInDays: rotation.periodDays,
      NextRotationDate: (rotation.since + rotation.periodDays * DAY_MILLIS) / 1000,
    }
  }

  const RotateKeyOnDemand: Operation<RotateKeyOnDemandRequest, RotateKeyOnDemandResponse> = (
    { KeyId = "" },
    region,
  ) => {
    const key = keys.managed(KeyId, region)
    requireRotatable(key)
    requireUsable(key)
    const { materials } = key.family
    if (materials.filter(({ type }) => type === "ON_DEMAND").length >= MAX_ON_DEMAND)
      throw new ServiceError("LimitExceededException", "on-demand rotations")
    materials.push(newMaterial(keys.now(), "ON_DEMAND"))
    return { KeyId: key.arn }
  }

  const ListKeyRotations: Operation<ListKeyRotationsRequest, ListKeyRotationsResponse> = (
    { KeyId = "", IncludeKeyMaterial = "ROTATIONS_ONLY", Limit = 100, Marker = "0" },
    region,
  ) => {
    const key = keys.managed(KeyId, region)
    requireRotatable(key)
    rotateWhenDue(keys, key)
    const { materials } = key.family
    const listed = materials.filter(
      ({ type }) => type !== undefined || IncludeKeyMaterial === "ALL_KEY_MATERIAL",
    )
    const from = Number(Marker)
    const page = listed.slice(from, from + Limit)
    const more = from + page.length < listed.length
    return {
      Rotations: page.map(({ id, at, type }) => ({
        KeyId: key.arn,
        KeyMaterialId: id,
        KeyMaterialState: id === materials.at(-1)?.id ? "CURRENT" : "NON_CURRENT",
        ...(type === undefined ? {} : { RotationDate: at / 1000, RotationType: type }),
      })),
      Truncated: more,
      ...(more ? { NextMarker: String(from + page.length) } : {}),
    }
  }

  return {
    EnableKeyRotation,
    DisableKeyRotation,
    GetKeyRotationStatus,
    RotateKeyOnDemand,
    ListKeyRotations,
  }
}

/** Adds the material that automatic rotation has made by now. */
export const rotateWhenDue = (keys: KeyTable, key: EmulatedKey): void => {
  for (;;) {
    const { rotation } = key.family
    if (rotation === undefined || key.state !== "Enabled") return
    const due = rotation.since + rotation.periodDays * DAY_MILLIS
    if (due > keys.now()) return
    key.family.materials.push(newMaterial(due, "AUTOMATIC"))
    key.family.rotation = { ...rotation, since: due }
  }
}

const MAX_ON_DEMAND = 25

/** HMAC keys, asymmetric keys and imported material have no automatic rotation. */
const requireRotatable = ({ arn, spec, origin }: EmulatedKey): void => {
  if (spec !== "SYMMETRIC_DEFAULT" || origin !== "AWS_KMS")
    throw new ServiceError("UnsupportedOperationException", `${arn} has no rotation.`)
}
