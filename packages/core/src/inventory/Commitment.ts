import * as Schema from "effect/Schema"
import { Quantity, Sku, Timestamp, Units, Uuid } from "../kernel/index.ts"
import { Collection, due, index } from "../store/index.ts"
import { WarehouseId } from "./Cell.ts"
import { PoolId } from "./StockPool.ts"

export const CommitmentId = Uuid.pipe(Schema.brand("CommitmentId"))
export type CommitmentId = typeof CommitmentId.Type

/** `pending` is live. The others are final: a commitment resolves at most once (R6). */
export const CommitmentState = Schema.Literals(["pending", "posted", "voided", "expired"])
export type CommitmentState = typeof CommitmentState.Type

/**
 * A soft reservation: units of one pool promised to one line of a document. It binds no bin and no lot, so stock
 * can still move. `quantity = allocated + unallocated` while it is live.
 */
export const Commitment = Schema.Struct({
  id: CommitmentId,
  pool: PoolId,
  warehouse: WarehouseId,
  sku: Sku,
  /** The document's kind and id, such as `order`, and the line in it. */
  documentKind: Schema.String,
  documentId: Schema.String,
  line: Schema.String,
  quantity: Quantity,
  allocated: Units,
  unallocated: Units,
  /** Units that were dispatched: `quantity` once posted in full, less after a partial post. */
  posted: Units,
  state: CommitmentState,
  /** For a component of a virtual kit: which kit, and how many units of the component each kit takes. */
  kit: Schema.optionalKey(Schema.Struct({ sku: Sku, ratio: Quantity })),
  createdAt: Timestamp,
  resolvedAt: Schema.optionalKey(Timestamp),
  /** When it lapses by itself; absent once resolved, or when it never does. */
  expiresAt: Schema.optionalKey(Timestamp),
})
export type Commitment = typeof Commitment.Type

export const Commitments = Collection.make("commitments", {
  schema: Commitment,
  key: (commitment) => commitment.id,
  indexes: {
    document: index("documentId", "state", "line"),
    pool: index("pool", "state", "createdAt"),
    expiry: due("expiresAt"),
  },
})
