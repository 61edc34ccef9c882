// The MongoDB server that tests, benches and the demo run on: found on this machine, or installed by whoever asks.
//
//   OTO_MONGODB_URI         this server, used as it is, and no other
//   OTO_MONGO_SERVER=rust   only the way of this name (uri, mongod, download, python, rust)

import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { MongoClient } from "mongodb"
import { cacheFolder } from "./cacheFolder.ts"
import { type KeptPlace, newKeptPlace } from "./keptPlace.ts"
import { onPath } from "./onPath.ts"
import { freePort } from "./ports.ts"
import { installPythonServer, PYTHON_SERVER } from "./pythonServer.ts"
import { commandOf, type Program, type RunningProgram, runProgram } from "./runProgram.ts"
import { findRustServer, RUST_SERVER } from "./rustServer.ts"

/** A server that is ready. */
export interface RunningServer {
  readonly uri: string
  /** How it was found: `uri`, `mongod`, `download`, `python` or `rust`. */
  readonly way: string
  /** Its name, its version and where it was found. */
  readonly description: string
  /** Whether it lives on after the run, so that tests clean up behind them. */
  readonly lasting?: true
  /** Where its data stay, and what to type to start it again on them. */
  readonly kept?: { readonly folder: string; readonly command: string }
  readonly stop: () => Promise<void>
}

export interface ServerOptions {
  /** Takes the faster stand-in before the other one, for benches and for laws without the inserts named below. */
  readonly fast?: boolean
  /** A folder for the data of servers that shall stay when they stop, until a later run removes them. */
  readonly keep?: string
}

const ADVICE = `No MongoDB server was found. Do one of these:
  - set OTO_MONGODB_URI to a MongoDB 8 replica set
  - put mongod 8 on PATH
  - run \`npx -y pnpm@12 mongo:fast\`, which builds a stand-in with cargo
  - install Python 3.10 to 3.13 with venv or pip; a stand-in is then installed when it is needed`

/**
 * The first server of the list that can be had. Fails with advice when there is none.
 *
 * The faster stand-in comes last: it refuses an insert whose unique value an update has freed, as a duplicate.
 */
export const startServer = async ({ fast, keep }: ServerOptions = {}): Promise<RunningServer> => {
  const place = keep === undefined ? undefined : () => newKeptPlace(keep)
  const failures: Array<string> = []
  for (const way of waysToTry(fast === true)) {
    try {
      const server = await WAYS[way]?.(place)
      if (server !== undefined) return { ...server, way, description: await describe(server) }
    } catch (error) {
      failures.push(`${way}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new Error([ADVICE, ...failures].join("\n\n"))
}

/** Whoever names a way or a server gets that one or none. */
const waysToTry = (fast: boolean): ReadonlyArray<string> => {
  const only = process.env["OTO_MONGO_SERVER"] || (process.env["OTO_MONGODB_URI"] && "uri")
  return only
    ? [only]
    : ["uri", "mongod", "download", ...(fast ? ["rust", "python"] : ["python", "rust"])]
}

type Found = Omit<RunningServer, "way">

/** Makes the place where data stay, when it is known that there is a server to use it. */
type Keep = (() => Promise<KeptPlace>) | undefined

type Way = (keep: Keep) => Promise<Found | undefined>

const WAYS: { readonly [name: string]: Way } = {
  uri: async () => {
    const uri = process.env["OTO_MONGODB_URI"]
    if (!uri) return undefined
    return { uri, description: "named by OTO_MONGODB_URI", lasting: true, stop: async () => {} }
  },

  mongod: async (keep) => {
    const program = onPath("mongod")
    return program === undefined ? undefined : startMongod(program, `mongod at ${program}`, keep)
  },

  download: async (keep) => {
    const program = await downloadedMongod()
    return startMongod(program, "mongod, downloaded by mongodb-memory-server-core", keep)
  },

  python: async (keep) => {
    const { installed, ...program } = await installPythonServer(cacheFolder())
    const place = installed ? "installed into the cache folder" : "in the cache folder"
    return startStandIn(program, `SecantusDB (Python) ${PYTHON_SERVER}, ${place}`, keep)
  },

  rust: async (keep) => {
    const found = findRustServer()
    if (found === undefined) return undefined
    const { program, place } = found
    const description = `SecantusDB (Rust) ${RUST_SERVER}, ${place}`
    return startStandIn({ program, args: [] }, description, keep)
  },
}

/** Starts a stand-in. It always syncs: otherwise `j: true` would not mean what it says. */
const startStandIn = async (
  { program, args, env = {} }: Program,
  description: string,
  keep: Keep,
): Promise<Found> => {
  const place = await keep?.()
  const folder = place?.folder ?? newFolder()
  const options = ["--port", String(place?.port ?? 0), "--storage-path", folder]
  const server = { program, env, args: [...args, ...options, "--sync-on-commit"] }
  const loud = { ...server, args: [...server.args, "--log-level", "INFO"] }
  const running = await runIn(folder, place, loud, /listening on (127\.0\.0\.1:\d+)/)
  const uri = `mongodb://${running.said}/`
  return { uri, description, stop: running.stop, ...keptAs(place, server) }
}

/** Starts a mongod as a replica set of one. */
const startMongod = async (program: string, description: string, keep: Keep): Promise<Found> => {
  const place = await keep?.()
  const folder = place?.folder ?? newFolder()
  const port = place?.port ?? (await freePort())
  const address = ["--port", String(port), "--bind_ip", "127.0.0.1"]
  const server = { program, args: ["--replSet", "oto", ...address, "--dbpath", folder] }
  const running = await runIn(folder, place, server, /[Ww]aiting for connections/)
  try {
    const uri = `mongodb://127.0.0.1:${port}/`
    await initiate(uri, `127.0.0.1:${port}`)
    const stop = running.stop
    return { uri: `${uri}?replicaSet=oto`, description, stop, ...keptAs(place, server) }
  } catch (error) {
    await running.stop()
    throw error
  }
}

/** Runs a server on a folder, which is removed when it stops unless it is to be kept. */
const runIn = async (
  folder: string,
  kept: KeptPlace | undefined,
  server: Program,
  ready: RegExp,
): Promise<RunningProgram> => {
  const removeFolder = () => {
    if (kept === undefined) fs.rmSync(folder, { recursive: true, force: true })
  }
  try {
    const { said, stop } = await runProgram(server, ready, kept !== undefined)
    return { said, stop: () => stop().finally(removeFolder) }
  } catch (error) {
    removeFolder()
    throw error
  }
}

const keptAs = (place: KeptPlace | undefined, server: Program): Pick<Found, "kept"> =>
  place === undefined ? {} : { kept: { folder: place.folder, command: commandOf(server) } }

const newFolder = (): string => fs.mkdtempSync(path.join(os.tmpdir(), "oto-mongo-"))

const initiate = async (uri: string, host: string): Promise<void> => {
  const client = new MongoClient(uri, { directConnection: true })
  try {
    const admin = client.db("admin")
    const config = { _id: "oto", members: [{ _id: 0, host }] }
    await admin.command({ replSetInitiate: config })
    while (!(await admin.command({ hello: 1 }))["isWritablePrimary"]) await wait(100)
  } finally {
    await client.close()
  }
}

/** A mongod that mongodb-memory-server-core fetches, where its host can be reached. */
const downloadedMongod = async (): Promise<string> => {
  await fetch("https://fastdl.mongodb.org", { method: "HEAD", signal: AbortSignal.timeout(3000) })
  const { MongoBinary } = await import("mongodb-memory-server-core")
  return MongoBinary.getPath({ version: "8.0.12" })
}

const describe = async ({ uri, description }: Found): Promise<string> => {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 10_000 })
  try {
    const { version } = await client.db("admin").command({ buildInfo: 1 })
    return `${description}; speaks as MongoDB ${version}`
  } finally {
    await client.close()
  }
}
