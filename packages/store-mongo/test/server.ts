// The MongoDB server that the suites run on: found on this machine, or installed by the test command itself.
//
//   OTO_MONGODB_URI         this server, used as it is
//   OTO_MONGO_SERVER=rust   only the way of this name (uri, mongod, download, rust, python)

import { type ChildProcess, spawn } from "node:child_process"
import * as fs from "node:fs"
import { createRequire } from "node:module"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { MongoClient } from "mongodb"
import { installPythonServer, PYTHON_SERVER } from "./pythonServer.ts"

/** A server that is ready. */
export interface RunningServer {
  readonly uri: string
  /** Its name, its version and how it was found. */
  readonly description: string
  /** Whether it lives on after the run, so that tests clean up behind them. */
  readonly lasting?: true
  readonly stop: () => Promise<void>
}

/** The version of the faster stand-in that `pnpm mongo:fast` builds. */
export const RUST_SERVER = "0.5.3-beta.196"

/** Where servers are kept between runs, beside no project. */
export const cacheFolder = (): string =>
  path.join(process.env["XDG_CACHE_HOME"] || path.join(os.homedir(), ".cache"), "oto-fulfilment")

const ADVICE = `No MongoDB server was found, and the suites of store-mongo need one. Do one of these:
  - set OTO_MONGODB_URI to a MongoDB 8 replica set
  - put mongod 8 on PATH
  - run \`npx -y pnpm@12 mongo:fast\`, which builds a stand-in with cargo
  - install Python 3.10 to 3.13 with venv or pip; the test command then installs a stand-in itself`

/**
 * The first server of the list that can be had. Fails with advice when there is none.
 *
 * The faster stand-in comes last: it refuses an insert whose unique value an update has freed, as a duplicate.
 *
 * @param options.fast takes the faster stand-in before the other one, for benches and for laws without such inserts
 */
export const startServer = async (options: { fast?: boolean } = {}): Promise<RunningServer> => {
  const only = process.env["OTO_MONGO_SERVER"]
  const order = [
    "uri",
    "mongod",
    "download",
    ...(options.fast ? ["rust", "python"] : ["python", "rust"]),
  ]
  const failures: Array<string> = []
  for (const name of order) {
    if (only !== undefined && only !== name) continue
    try {
      const server = await WAYS[name]?.()
      if (server !== undefined) return { ...server, description: await describe(server) }
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new Error([ADVICE, ...failures].join("\n\n"))
}

type Way = () => Promise<RunningServer | undefined>

const WAYS: { readonly [name: string]: Way } = {
  uri: async () => {
    const uri = process.env["OTO_MONGODB_URI"]
    if (!uri) return undefined
    return { uri, description: "named by OTO_MONGODB_URI", lasting: true, stop: async () => {} }
  },

  mongod: async () => {
    const program = onPath("mongod")
    return program === undefined ? undefined : startMongod(program)
  },

  download: async () => {
    const server = await downloadedServer()
    return server && { ...server, description: "run by mongodb-memory-server-core" }
  },

  python: async () => {
    const { program, args, env, installed } = await installPythonServer(cacheFolder())
    const place = installed ? "installed into the cache folder" : "in the cache folder"
    return startStandIn(program, args, env, `SecantusDB (Python) ${PYTHON_SERVER}, ${place}`)
  },

  rust: async () => {
    const name = exe("secantusd-rs")
    const cached = path.join(cacheFolder(), `secantus-rs-${RUST_SERVER}`, "bin", name)
    const program = fs.existsSync(cached) ? cached : onPath("secantusd-rs")
    if (program === undefined) return undefined
    const place = program === cached ? "in the cache folder" : "on PATH"
    return startStandIn(program, [], {}, `SecantusDB (Rust) ${RUST_SERVER}, ${place}`)
  },
}

/** Starts a stand-in on a port of its choice. It always syncs: otherwise `j: true` would not mean what it says. */
const startStandIn = async (
  program: string,
  args: ReadonlyArray<string>,
  env: { readonly [name: string]: string },
  description: string,
): Promise<RunningServer> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "oto-mongo-"))
  const options = ["--port", "0", "--storage-path", folder, "--log-level", "INFO"]
  const child = spawn(program, [...args, ...options, "--sync-on-commit"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  })
  const stop = stopper(child, folder)
  try {
    const address = await printed(child, /listening on (127\.0\.0\.1:\d+)/)
    return { uri: `mongodb://${address}/`, description, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const startMongod = async (program: string): Promise<RunningServer> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "oto-mongo-"))
  const port = await freePort()
  const args = ["--replSet", "oto", "--port", String(port), "--bind_ip", "127.0.0.1"]
  const child = spawn(program, [...args, "--dbpath", folder], { stdio: ["ignore", "pipe", "pipe"] })
  const stop = stopper(child, folder)
  try {
    await printed(child, /[Ww]aiting for connections/)
    const uri = `mongodb://127.0.0.1:${port}/`
    await initiate(uri, `127.0.0.1:${port}`)
    return { uri: `${uri}?replicaSet=oto`, description: `mongod at ${program}`, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

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

interface MemoryServer {
  readonly MongoMemoryReplSet: {
    readonly create: (options: object) => Promise<{ getUri(): string; stop(): Promise<unknown> }>
  }
}

/** A mongod that mongodb-memory-server-core fetches, where that is installed and its host can be reached. */
const downloadedServer = async (): Promise<Omit<RunningServer, "description"> | undefined> => {
  const load = createRequire(import.meta.url)
  let library: MemoryServer
  try {
    library = load("mongodb-memory-server-core")
  } catch {
    return undefined
  }
  await fetch("https://fastdl.mongodb.org", { method: "HEAD", signal: AbortSignal.timeout(3000) })
  const server = await library.MongoMemoryReplSet.create({
    replSet: { count: 1 },
    binary: { version: "8.0.12" },
  })
  return { uri: server.getUri(), stop: async () => void (await server.stop()) }
}

/** Waits for a line of a program's output. */
const printed = (child: ChildProcess, line: RegExp): Promise<string> =>
  new Promise((resolve, reject) => {
    let output = ""
    const timer = setTimeout(() => reject(new Error(`not ready after 30 s: ${output}`)), 30_000)
    const read = (chunk: Buffer) => {
      output = `${output}${chunk}`.slice(-10_000)
      const found = line.exec(output)
      if (found === null) return
      clearTimeout(timer)
      resolve(found[1] ?? "")
    }
    child.stdout?.on("data", read)
    child.stderr?.on("data", read)
    child.once("error", reject)
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${output}`)))
  })

const stopper = (child: ChildProcess, folder: string) => {
  const kill = () => void child.kill("SIGKILL")
  process.once("exit", kill)
  return async (): Promise<void> => {
    process.off("exit", kill)
    if (child.exitCode === null && child.pid !== undefined) {
      const ended = new Promise((resolve) => child.once("exit", resolve))
      child.kill("SIGTERM")
      await Promise.race([ended, wait(5000)])
      kill()
      await ended
    }
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

const describe = async ({ uri, description }: RunningServer): Promise<string> => {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 10_000 })
  try {
    const { version } = await client.db("admin").command({ buildInfo: 1 })
    return `${description}; speaks as MongoDB ${version}`
  } finally {
    await client.close()
  }
}

const onPath = (name: string): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .map((folder) => path.join(folder, exe(name)))
    .find((file) => fs.existsSync(file))

const exe = (name: string): string => (process.platform === "win32" ? `${name}.exe` : name)

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = net.createServer().once("error", reject)
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as net.AddressInfo
      probe.close(() => resolve(port))
    })
  })
