import { Effect } from "effect"
import { MongoClient } from "mongodb"
import type { MongoRoom } from "./MongoRoom.ts"

const PATIENCE_MILLIS = 5000

/** How many documents each collection of the story's database holds, as a stranger to the engine counts them. */
export const countRecords = ({
  server,
  database,
}: MongoRoom): Effect.Effect<ReadonlyArray<readonly [collection: string, documents: number]>> =>
  Effect.promise(async () => {
    const client = new MongoClient(server.uri, { serverSelectionTimeoutMS: PATIENCE_MILLIS })
    try {
      const db = client.db(database)
      const names = (await db.listCollections({}, { nameOnly: true }).toArray())
        .map(({ name }) => name)
        .sort()
      const counts: Array<readonly [string, number]> = []
      for (const name of names) counts.push([name, await db.collection(name).countDocuments()])
      return counts
    } finally {
      await client.close()
    }
  })
