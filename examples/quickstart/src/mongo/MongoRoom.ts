import * as path from "node:path"
import { cacheFolder, type RunningServer, startServer } from "@oto-fulfilment/mongo-server"
import { Effect, Schema } from "effect"

/** Where the story happens when it happens on MongoDB: a server, and a database that no story was in before. */
export interface MongoRoom {
  readonly server: RunningServer
  readonly database: string
}

/** No server could be found or installed; the message says what to do. */
export class NoMongoServer extends Schema.TaggedError<NoMongoServer>()("NoMongoServer", {
  advice: Schema.String,
}) {
  override get message() {
    return this.advice
  }
}

/**
 * Finds a server as the tests do, the faster stand-in first where it was built. One of the demo's own keeps its data when it is stopped, until a later run of the
 * demo removes them; a server that others run too gets a database with the time in its name.
 */
export const openRoom: Effect.Effect<MongoRoom, NoMongoServer> = Effect.tryPromise({
  try: () => startServer({ fast: true, keep: path.join(cacheFolder(), "demo") }),
  catch: (error) =>
    new NoMongoServer({ advice: error instanceof Error ? error.message : String(error) }),
}).pipe(
  Effect.map((server) => ({
    server,
    database: server.lasting
      ? `oto_demo_${new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14)}`
      : "oto_demo",
  })),
)

export const closeRoom = ({ server }: MongoRoom): Effect.Effect<void> =>
  Effect.promise(() => server.stop().catch(() => {}))
