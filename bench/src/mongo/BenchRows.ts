import { Collection, index } from "@oto-fulfilment/core"
import { Schema } from "effect"

/** Records of a middle size, found by their kind. */
export const BenchRows = Collection.make("bench_rows", {
  schema: Schema.Struct({
    id: Schema.String,
    kind: Schema.String,
    quantity: Schema.Int,
    at: Schema.Int,
    note: Schema.String,
  }),
  key: (record) => record.id,
  indexes: { kind: index("kind") },
})
