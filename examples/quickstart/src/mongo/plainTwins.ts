import { Effect } from "effect"
import { MongoClient } from "mongodb"
import type { MongoRoom } from "./MongoRoom.ts"

/**
 * Gives the cells of stock a second index, without the condition that the first one has.
 *
 * For SecantusDB's Python server only: it never uses a partial index, so that each look for a SKU's cells would read
 * all of them. MongoDB uses the index that is there. Nothing else differs.
 */
export const addPlainTwins = ({ server, database }: MongoRoom): Effect.Effect<void> =>
  Effect.promise(async () => {
    if (server.way !== "python") return
    const client = new MongoClient(server.uri)
    try {
      const cells = client.db(database).collection("stock_balances")
      await cells.createIndex({ p: 1, "b.warehouse": 1, "b.sku": 1, "b.condition": 1 })
    } finally {
      await client.close()
    }
  })
