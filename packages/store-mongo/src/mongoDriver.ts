import {
  type CollectionShape,
  type CommitRefused,
  Driver,
  type StoreUnavailable,
} from "@oto-fulfilment/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type MongoClient, ReadConcern } from "mongodb"
import { type CommitTarget, commitBatch } from "./commit.ts"
import { DEFAULT_TIME_LIMIT_MILLIS, type MongoConnection, makeClient } from "./connectOptions.ts"
import { gatherReads } from "./gatherReads.ts"
import { indexesOf } from "./layout.ts"
import { failure, fromDriver, type MongoRefused } from "./mongoErrors.ts"
import { type MongoDrift, prepare, readDrift } from "./prepare.ts"
import { findByIndex, findDue, readById, scanById } from "./read.ts"
import { judgeServer, type MongoServer, readClock, readServer } from "./readiness.ts"

/** How the store uses MongoDB. */
export interface MongoDriverOptions extends MongoConnection {
  /**
   * Lets the server remove records by itself where a collection declares that it `expires`: the wall behind the
   * sweepers. True when left out; tests that run on a clock of their own turn it off.
   */
  readonly expireByServer?: boolean
  /** Sees the client before it connects, to attach listeners for metrics and traces. */
  readonly observe?: (client: MongoClient) => void
}

/** What a readiness check asks: the server, and how its database differs from the declarations. */
export class MongoReadiness extends Context.Service<
  MongoReadiness,
  {
    /** Asks anew. Refused as at boot when the server may no longer be used. */
    readonly server: Effect.Effect<MongoServer, MongoRefused | StoreUnavailable>
    /** Compares indexes and validators; changes nothing. */
    readonly drift: (
      collections: ReadonlyArray<CollectionShape>,
    ) => Effect.Effect<MongoDrift, StoreUnavailable>
  }
>()("@oto-fulfilment/store-mongo/MongoReadiness") {}

/**
 * The store's driver over MongoDB 8. Opens a client with the layer and closes it with it.
 *
 * Fails as `MongoRefused` where the connection or the server cannot keep the store's promises: TLS off or weakened, no
 * replica set, a version below 8.0, a clock that is five minutes off. Fails as `StoreUnavailable` where nobody answers.
 */
export const mongoDriver = (
  options: MongoDriverOptions,
): Layer.Layer<Driver | MongoReadiness, StoreUnavailable | MongoRefused> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const client = yield* connect(options)
      const readiness = readinessOf(client, options)
      const server = yield* readiness.server
      return Context.make(Driver, driverOf(client, options, server)).pipe(
        Context.add(MongoReadiness, readiness),
      )
    }),
  )

const connect = (options: MongoDriverOptions) =>
  Effect.acquireRelease(
    Effect.gen(function* () {
      const client = yield* Effect.fromResult(makeClient(options))
      options.observe?.(client)
      return yield* fromDriver("connect", () => client.connect()).pipe(
        Effect.onError(() => close(client)),
      )
    }),
    close,
  )

const close = (client: MongoClient): Effect.Effect<void> =>
  Effect.promise(() => client.close().catch(() => {}))

const readinessOf = (
  client: MongoClient,
  { database, expireByServer = true }: MongoDriverOptions,
): MongoReadiness["Service"] => ({
  server: Effect.flatMap(
    fromDriver("readiness", () => readServer(client)),
    (server) => judgeServer(server, client.options.tls),
  ),
  drift: (collections) =>
    fromDriver("readiness", () => readDrift(client.db(database), collections, expireByServer)),
})

const driverOf = (
  client: MongoClient,
  options: MongoDriverOptions,
  { version, topology }: MongoServer,
): Driver["Service"] => {
  const { expireByServer = true, timeLimitMillis = DEFAULT_TIME_LIMIT_MILLIS } = options
  // What a reader sees has been acknowledged by most of the replica set: it is never taken back.
  const db = client.db(options.database, { readConcern: new ReadConcern("majority") })
  const target: CommitTarget = { client, db, timeLimitMillis, expireByServer }
  const prepared = new Set<string>()
  const readTogether = gatherReads((...asked) => readById(db, ...asked))

  return Driver.of({
    name: `mongodb ${version} (${topology})`,
    clock: fromDriver("clock", () => readClock(client)),
    prepare: (collections) =>
      Effect.suspend(() => {
        const open = collections.filter(
          (shape) => !prepared.has(signatureOf(shape, expireByServer)),
        )
        if (open.length === 0) return Effect.void
        return fromDriver("prepare", async () => {
          await prepare(db, open, expireByServer)
          for (const shape of open) prepared.add(signatureOf(shape, expireByServer))
        })
      }),
    get: (collection, partition, id) =>
      reading("get", collection, async () => (await readTogether(collection, partition, [id]))[0]),
    getMany: (collection, partition, ids) =>
      reading("getMany", collection, () => readTogether(collection, partition, ids)),
    find: (collection, partition, query) =>
      reading("find", collection, (signal) =>
        findByIndex(db, collection, partition, query, signal),
      ),
    commit: (partition, entries) =>
      committing((signal) => commitBatch(target, partition, entries, signal)),
    due: (collection, query) =>
      reading("due", collection, (signal) => findDue(db, collection, query, signal)),
    scan: (collection, partition, after, limit) =>
      reading("scan", collection, (signal) =>
        scanById(db, collection, partition, after, limit, signal),
      ),
  })
}

const reading = <A>(
  operation: string,
  { name }: CollectionShape,
  read: (signal: AbortSignal) => Promise<A>,
): Effect.Effect<A, StoreUnavailable> => fromDriver(`${operation} ${name}`, read)

/** An interruption waits for the command in flight and the abort of the transaction: nothing stays open. */
const committing = (
  commit: (signal: AbortSignal) => Promise<CommitRefused | undefined>,
): Effect.Effect<void, CommitRefused | StoreUnavailable> =>
  Effect.callback((resume) => {
    const controller = new AbortController()
    const settled = commit(controller.signal).then(
      (refused) => resume(refused === undefined ? Effect.void : Effect.fail(refused)),
      (error: unknown) => resume(failure("commit", error)),
    )
    return Effect.promise(() => {
      controller.abort()
      return settled
    })
  })

const signatureOf = (shape: CollectionShape, expireByServer: boolean): string =>
  [shape.name, ...indexesOf(shape, expireByServer).map(({ name }) => name)].join(" ")
