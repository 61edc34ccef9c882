import { type ChildProcess, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import {
  cacheFolder,
  installPythonServer,
  PYTHON_SERVER,
  RUST_SERVER,
} from "@oto-fulfilment/mongo-server"
import { MongoClient } from "mongodb"

/** A stand-in that dies and comes back on the same data. It syncs at every commit. */
export interface KillableServer {
  readonly uri: string
  readonly description: string
  /** `kill -9`. */
  readonly kill: () => Promise<void>
  /** Starts it again, on the same folder and the same port. */
  readonly start: () => Promise<void>
  /** Ends it, and removes its data. */
  readonly stop: () => Promise<void>
}

/**
 * How long the server lets a transaction lie of which nobody says anything: what a dead host held is free after that.
 * MongoDB's own default is 60 seconds.
 */
const TRANSACTION_LIFETIME_SECONDS = 1

interface Program {
  readonly program: string
  readonly args: ReadonlyArray<string>
  readonly env: { readonly [name: string]: string }
  readonly name: string
  /** Whether it starts with the lifetime of transactions; else it is told. */
  readonly lifetimeIsSet: boolean
}

/**
 * Starts a server of the run's own, whatever serves the other suites: nobody else's server is killed.
 *
 * @param options.fast the faster stand-in, where it was built
 */
export const startKillableServer = async ({ fast = false } = {}): Promise<KillableServer> => {
  const { program, args, env, name, lifetimeIsSet } =
    (fast ? fastProgram() : undefined) ?? (await usualProgram())
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "oto-crash-"))
  let child: ChildProcess | undefined
  let port = 0
  const abandon = () => void child?.kill("SIGKILL")
  process.once("exit", abandon)

  const start = async (): Promise<void> => {
    const options = ["--port", String(port), "--storage-path", folder, "--log-level", "INFO"]
    const running = spawn(program, [...args, ...options, "--sync-on-commit"], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      env: { ...process.env, ...env },
    })
    child = running
    port = await listening(running)
    if (!lifetimeIsSet) await setLifetime(`mongodb://127.0.0.1:${port}/`)
  }
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child?.once("exit", resolve))
    child.kill("SIGKILL")
    await ended
  }

  await start()
  return {
    uri: `mongodb://127.0.0.1:${port}/`,
    description: name,
    kill,
    // The port may take a moment to be free.
    start: async () => {
      for (let tries = 1; ; tries++) {
        try {
          return await start()
        } catch (error) {
          if (tries === 20) throw error
          await kill()
          await wait(100)
        }
      }
    },
    stop: async () => {
      process.off("exit", abandon)
      await kill()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

const fastProgram = (): Program | undefined => {
  const program = path.join(cacheFolder(), `secantus-rs-${RUST_SERVER}`, "bin", "secantusd-rs")
  return fs.existsSync(program)
    ? { program, args: [], env: {}, name: `SecantusDB (Rust) ${RUST_SERVER}`, lifetimeIsSet: false }
    : undefined
}

/** It has no option and no command for the lifetime, but the default of an argument. */
const START = [
  "-c",
  [
    "from secantus import server, cli",
    `server.SecantusDBServer.__init__.__kwdefaults__["transaction_lifetime_seconds"] = ${TRANSACTION_LIFETIME_SECONDS}`,
    "cli.main()",
  ].join("\n"),
]

const usualProgram = async (): Promise<Program> => {
  const { program, env } = await installPythonServer(cacheFolder())
  const name = `SecantusDB (Python) ${PYTHON_SERVER}`
  return { program, args: START, env, name, lifetimeIsSet: true }
}

const setLifetime = async (uri: string): Promise<void> => {
  const client = new MongoClient(uri, { directConnection: true })
  try {
    await client
      .db("admin")
      .command({ setParameter: 1, transactionLifetimeLimitSeconds: TRANSACTION_LIFETIME_SECONDS })
  } finally {
    await client.close()
  }
}

/** The port that a server says it listens on. */
const listening = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    let output = ""
    const timer = setTimeout(() => reject(new Error(`not ready after 30 s: ${output}`)), 30_000)
    const read = (chunk: Buffer) => {
      output = `${output}${chunk}`.slice(-5000)
      const found = /listening on 127\.0\.0\.1:(\d+)/.exec(output)
      if (found === null) return
      clearTimeout(timer)
      resolve(Number(found[1]))
    }
    child.stdout?.on("data", read)
    child.stderr?.on("data", read)
    child.once("error", reject)
    child.once("exit", (code) => {
      clearTimeout(timer)
      reject(new Error(`ended with ${code}: ${output}`))
    })
  })
