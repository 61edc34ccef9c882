import type { Connection, ConnectionId, MerchantId, OperatorId } from "../../src/party/index.ts"
import type { PartitionId } from "../../src/store/index.ts"

declare const operator: OperatorId
declare const merchant: MerchantId

// A merchant's id is its partition.
export const partition: PartitionId = merchant

// @ts-expect-error a raw string is nobody's id
export const raw: MerchantId = "01890a5d-ac96-774b-8cce-b302099a8057"

// @ts-expect-error an operator is no merchant
export const other: MerchantId = operator

declare const somebodys: PartitionId
// @ts-expect-error a partition need not be a merchant's
export const any: MerchantId = somebodys

// @ts-expect-error a merchant is no connection
export const connection: ConnectionId = merchant

// @ts-expect-error a connection holds no credentials
export type Credentials = Connection["credentials"]
