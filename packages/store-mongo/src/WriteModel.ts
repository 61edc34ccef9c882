import type { ClientBulkWriteModel, Document } from "mongodb"

/** One write of a bulk; its namespace is the collection, without the database. */
export type WriteModel = ClientBulkWriteModel<Record<string, AnyDocument>>

/** A document of any collection of ours. */
export interface AnyDocument extends Document {
  readonly _id: string
}
