import {
  type Actor,
  Core,
  type CurrentActor,
  type CurrentPartition,
  enterPartition,
  type MerchantId,
  openMerchant,
  type PartitionId,
  registerOperator,
} from "@oto-fulfilment/core"
import { memoryPorts } from "@oto-fulfilment/core/memory"
import { type RunningServer, startServer } from "@oto-fulfilment/mongo-server"
import { mongoDriver } from "@oto-fulfilment/store-mongo"
import { Effect, Layer, Logger, ManagedRuntime } from "effect"
import { type CommandStartedEvent, type Db, MongoClient } from "mongodb"
import { BenchRows } from "./BenchRows.ts"

const OPERATOR = "01890a5d-ac96-774b-8cce-b302099a8001" as PartitionId
const DATABASE = `oto_bench_${process.pid}`

type Engine = Layer.Success<typeof Core.layer>

/** The engine on MongoDB with one merchant, and the driver beside it on the same database. */
export interface MongoBench {
  readonly server: RunningServer
  readonly merchant: MerchantId
  /** Does work in the merchant's partition, as its owner. */
  readonly inMerchant: <A, E>(
    work: Effect.Effect<A, E, Engine | CurrentPartition | CurrentActor>,
  ) => Promise<A>
  /** Without the engine: the raw driver, with the write concern that the engine has. */
  readonly raw: MongoClient
  readonly db: Db
  /** The bulks that `work` sends, in a client of its own: watching commands would slow the others down. */
  readonly bulksOf: (
    work: Effect.Effect<unknown, unknown, Engine | CurrentPartition | CurrentActor>,
  ) => Promise<ReadonlyArray<Bulk>>
  readonly close: () => Promise<void>
}

/** A `bulkWrite` command as it was sent. */
export interface Bulk {
  readonly ops: ReadonlyArray<BulkOp>
  readonly nsInfo: ReadonlyArray<{ readonly ns: string }>
}

type BulkOp =
  | { readonly insert: number; readonly document: RawDocument }
  | { readonly update: number; readonly filter: object; readonly updateMods: object }

export interface RawDocument {
  readonly _id: string
  readonly id: string
  readonly b: { readonly [field: string]: unknown }
}

/** Takes the faster stand-in where it was built. */
export const openMongoBench = async (): Promise<MongoBench> => {
  const server = await startServer({ fast: true })
  const runtime = ManagedRuntime.make(engineOn(server))
  const merchant = await runtime.runPromise(open)
  const inMerchant = enterPartition(actorIn(merchant), merchant)
  const raw = new MongoClient(server.uri, { writeConcern: { w: "majority", journal: true } })
  const db = raw.db(DATABASE)
  return {
    server,
    merchant,
    inMerchant: (work) => runtime.runPromise(inMerchant(work)),
    raw,
    db,
    bulksOf: async (work) => {
      const bulks: Array<Bulk> = []
      const watched = ManagedRuntime.make(
        engineOn(server, ({ commandName, command }) => {
          if (commandName === "bulkWrite") bulks.push(command as unknown as Bulk)
        }),
      )
      await watched.runPromise(inMerchant(work))
      await watched.dispose()
      return bulks
    },
    close: async () => {
      await runtime.dispose()
      await db.dropDatabase()
      await raw.close()
      await server.stop()
    },
  }
}

const engineOn = ({ uri }: RunningServer, watch?: (event: CommandStartedEvent) => void) =>
  Core.layerWith([BenchRows]).pipe(
    Layer.provide(
      Layer.merge(
        mongoDriver({
          uri,
          database: DATABASE,
          allowPlainLoopback: true,
          client: { monitorCommands: watch !== undefined },
          observe: (client) => {
            if (watch !== undefined) client.on("commandStarted", watch)
          },
        }),
        memoryPorts.pipe(Layer.provide(Logger.layer([]))),
      ),
    ),
  )

const actorIn = (partition: PartitionId): Actor => ({
  ref: { kind: "user", id: "bench" },
  home: OPERATOR,
  grants: [{ partition, roles: ["owner"] }],
})

const open = Effect.gen(function* () {
  const timeZone = "Europe/London"
  yield* registerOperator({ key: "install", id: OPERATOR, name: "Bench", timeZone })
  const settings = { currency: "GBP", timeZone }
  const { id } = yield* openMerchant({ key: "open", name: "Bench", settings }).pipe(
    enterPartition(actorIn(OPERATOR), OPERATOR),
  )
  return id
})
