// A host process: the engine over MongoDB, and callers at work. `node hostProcess.ts '<HostJob>'`
//
// What it prints is written before the caller goes on, so what the parent read was acknowledged. SIGTERM lets every
// caller play its scene to the end.

import * as fs from "node:fs"
import { type PromiseCore, worker } from "@oto-fulfilment/core"
import { MongoServerError } from "mongodb"
import { engineOn } from "./engineOn.ts"
import type { HostJob, HostLine, Lane } from "./HostJob.ts"
import { ownerOf } from "./openShop.ts"
import { playScene } from "./playScene.ts"
import { subscribers } from "./subscribers.ts"

const NO_SUCH_TRANSACTION = 251

const job = JSON.parse(process.argv[2] ?? "") as HostJob

const say = (line: HostLine): void => {
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(1, bytes, at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error
    }
  }
}

let stopping = false
const asked = new Promise<void>((resolve) =>
  process.once("SIGTERM", () => {
    stopping = true
    resolve()
  }),
)

const deliver = async (core: PromiseCore, signal: AbortSignal): Promise<void> => {
  try {
    await core.run(worker(subscribers(say), { concurrency: 4, pollMillis: 50 }), { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

try {
  const core = await engineOn({
    uri: job.uri,
    database: job.database,
    timeLimitMillis: job.timeLimitMillis,
    client: { monitorCommands: true },
    observe: (client) => {
      client.on("commandFailed", ({ commandName, failure }) => {
        const unknown = failure instanceof MongoServerError && failure.code === NO_SUCH_TRANSACTION
        if (commandName === "commitTransaction" && unknown) say({ type: "forgotten" })
      })
    },
  })
  const { shop, seed, work } = job
  const desk = core.desk(ownerOf(shop), shop.merchant).settled
  const walk = async ({ lane, from, to }: Lane): Promise<void> => {
    for (let scene = from; scene < to && !stopping; scene++)
      await playScene({ desk, shop, seed, work, say }, lane, scene)
  }
  const working = new AbortController()
  const delivering = job.deliver ? deliver(core, working.signal) : undefined
  say({ type: "ready" })
  await Promise.all(job.lanes.map(walk))
  if (job.lanes.length === 0) await asked
  working.abort()
  await delivering
  await core.close()
  say({ type: "ended" })
} catch (error) {
  say({
    type: "broken",
    why: error instanceof Error ? (error.stack ?? error.message) : String(error),
  })
  process.exit(1)
}
