import { Core, type Driver, type Engine } from "@oto-fulfilment/core"
import { mongoDriver } from "@oto-fulfilment/store-mongo"
import { Cause, Console, Effect, Layer } from "effect"
import { demoPorts } from "../story/demoPorts.ts"
import { closeRoom, type MongoRoom, openRoom } from "./MongoRoom.ts"
import { addPlainTwins } from "./plainTwins.ts"
import { tellLeft, tellServer } from "./tellRoom.ts"

/**
 * Lets the story happen on a MongoDB server, as it would in a host: one layer differs. However it ends, all batches are
 * whole, and what is in the database is told.
 */
export const onMongo = <A, E>(story: Effect.Effect<A, E, Engine | Driver>) =>
  Effect.acquireUseRelease(
    openRoom,
    (room) =>
      Effect.andThen(
        tellServer(room),
        Effect.provide(Effect.andThen(addPlainTwins(room), story), engineIn(room)),
      ),
    (room) =>
      tellLeft(room).pipe(
        Effect.catchCause((cause) => Console.error(Cause.pretty(cause))),
        Effect.andThen(closeRoom(room)),
      ),
  )

const engineIn = ({ server, database }: MongoRoom) => {
  const driver = mongoDriver({ uri: server.uri, database, allowPlainLoopback: true })
  return Core.layer.pipe(Layer.provideMerge(Layer.merge(driver, demoPorts)))
}
