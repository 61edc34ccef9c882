import { randomUUID } from "node:crypto"
import { Driver, PartitionId, type RawEntry } from "@oto-fulfilment/core"
import { Effect, ManagedRuntime } from "effect"
import { MongoClient } from "mongodb"
import { afterAll, inject } from "vitest"
import { type MongoDriverOptions, MongoReadiness, mongoDriver } from "../src/index.ts"

/** The run's server. Fails with advice where none was found. */
const runServer = () => {
  const mongo = inject("mongo")
  if ("problem" in mongo) throw new Error(mongo.problem)
  return mongo
}

/**
 * Options for a database of the test file's own; on a server that lives on it is dropped at the end. The server removes nothing by itself: tests live
 * in times of their own.
 */
export const ownDatabase = (name: string): MongoDriverOptions & { readonly uri: string } => {
  const database = `oto_${name}_${randomUUID().slice(0, 8)}`
  const { uri, lasting } = runServer()
  afterAll(async () => {
    if (!lasting) return
    const client = new MongoClient(uri)
    await client.db(database).dropDatabase()
    await client.close()
  })
  return { uri, database, allowPlainLoopback: true, expireByServer: false }
}

/** A driver for a test file: with the commands that it sends, and the database behind its back. */
export const openDriver = async (options: MongoDriverOptions & { readonly uri: string }) => {
  const commands: Array<string> = []
  const listeners = new Set<(name: string) => void>()
  const runtime = ManagedRuntime.make(
    mongoDriver({
      ...options,
      client: { ...options.client, monitorCommands: true },
      observe: (client) => {
        client.on("commandStarted", ({ commandName }) => commands.push(commandName))
        client.on("commandSucceeded", ({ commandName }) => {
          for (const listener of listeners) listener(commandName)
        })
      },
    }),
  )
  const raw = new MongoClient(options.uri)
  afterAll(async () => {
    await runtime.dispose()
    await raw.close()
  })
  const driver = await runtime.runPromise(Driver.use(Effect.succeed))
  const readiness = await runtime.runPromise(MongoReadiness.use(Effect.succeed))
  return {
    driver,
    readiness,
    /** The database as another program sees it. */
    raw,
    db: raw.db(options.database),
    /** Calls the listener with each command that the driver got an answer to, while `work` runs. */
    onAnswer: (listener: (name: string) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** The names of the commands that `work` sends. */
    commandsOf: async (work: Effect.Effect<unknown, unknown>): Promise<ReadonlyArray<string>> => {
      commands.length = 0
      await Effect.runPromise(Effect.ignore(work))
      return commands.filter((name) => name !== "endSessions")
    },
  }
}

/** A partition that no other test uses. */
export const newPartition = (): PartitionId => {
  const [a = "", b = "", c = "", ...rest] = randomUUID().split("-")
  return PartitionId.make([a, b, `7${c.slice(1)}`, ...rest].join("-"))
}

/** A collection of goods, by name and by count, with a due date. */
export const Goods = {
  name: "goods",
  indexes: {
    name: { kind: "unique", fields: ["name"] },
    kind: { kind: "plain", fields: ["kind", "count"] },
    due: { kind: "due", fields: ["dueAt"] },
  },
} as const

type Body = { readonly [field: string]: unknown }

export const insert = (id: string, body: Body = {}, collection = goods): RawEntry => ({
  kind: "insert",
  collection,
  id,
  body: { id, count: 0, ...body },
})

export const replace = (id: string, version: number, body: Body, collection = goods): RawEntry => ({
  kind: "replace",
  collection,
  id,
  version,
  body: { id, count: 0, ...body },
})

export const remove = (id: string, version: number, collection = goods): RawEntry => ({
  kind: "remove",
  collection,
  id,
  version,
})

export const check = (id: string, version: number, collection = goods): RawEntry => ({
  kind: "check",
  collection,
  id,
  version,
})

export const add = (id: string, delta: number, floor?: number): RawEntry => ({
  kind: "add",
  collection: goods,
  id,
  deltas: { count: delta },
  floors: floor === undefined ? {} : { count: floor },
})

const goods: RawEntry["collection"] = Goods
