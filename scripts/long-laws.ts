// Runs the published laws on MongoDB, on many more histories than the test command has time for.
//
//   pnpm laws:mongo [CONTRACT ...] [--runs 1000] [--seed N] [--store mongo|memory]
//
// On the embedded store histories come by 500 on a store, each 500 with the next seed. It names the server and the seed, prints a line for each clause, and a table at the end. Ctrl-C ends it with the table
// of what was done. It exits with 1 if a clause broke, and with 130 if it was interrupted.

import { parseArgs } from "node:util"
import { type Effect, Exit, Layer, ManagedRuntime } from "effect"
import * as Cause from "effect/Cause"
import { Core, type Driver, type Engine } from "../packages/core/src/index.ts"
import { memoryPorts, storeDriver } from "../packages/core/src/memory/index.ts"
import {
  type Clause,
  type Contract,
  jobLaws,
  type LawTrials,
  orderLaws,
  retentionLaws,
  stockLaws,
} from "../packages/core/src/testing/index.ts"
import { mongoDriver } from "../packages/store-mongo/src/index.ts"
import { startServer } from "../tools/mongo-server/src/index.ts"

type Services = Engine | Driver
type Laws = (trials: LawTrials) => Contract<Services>

/** The contracts, by the name that picks them. */
const CONTRACTS: ReadonlyArray<readonly [name: string, laws: Laws]> = [
  ["stock", stockLaws],
  ["orders", orderLaws],
  ["jobs", jobLaws],
  ["retention", retentionLaws],
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "1000" },
    seed: { type: "string" },
    store: { type: "string", default: "mongo" },
  },
})
const runs = Number(values.runs)
const seed = Number(values.seed ?? Math.floor(Math.random() * 0x7fff_ffff))
const wanted = CONTRACTS.filter(([name]) => positionals.length === 0 || positionals.includes(name))
const unknown = positionals.find((name) => !CONTRACTS.some(([known]) => known === name))
if (
  unknown !== undefined ||
  !["mongo", "memory"].includes(values.store) ||
  !Number.isSafeInteger(runs) ||
  runs < 1 ||
  !Number.isSafeInteger(seed)
)
  throw new TypeError(
    `[${CONTRACTS.map(([name]) => name).join("|")}] [--runs N] [--seed N] [--store mongo|memory]`,
  )

interface Row {
  readonly contract: string
  readonly clause: string
  readonly held: boolean
  readonly seconds: number
}

const rows: Array<Row> = []
const interrupted = new AbortController()
process.once("SIGINT", () => interrupted.abort())
process.once("SIGTERM", () => interrupted.abort())

/** Histories that one store in memory takes. */
const PORTION = 500

if (values.store === "memory") {
  console.log(`embedded store\n${runs} histories, seed ${seed}`)
  for (const [name, laws] of wanted) await runInMemory(name, laws)
} else {
  const server = await startServer({ fast: true })
  try {
    console.log(`${server.description}\n${runs} histories, seed ${seed}`)
    for (const [name, laws] of wanted)
      if (!interrupted.signal.aborted) await runLaws(name, laws, server)
  } finally {
    await server.stop()
  }
}
printTable()
const broken = rows.some(({ held }) => !held)
process.exitCode = interrupted.signal.aborted ? 130 : broken ? 1 : 0

/** Runs the clauses of one contract over one database, which is dropped where its server lives on. */
async function runLaws(
  name: string,
  laws: Laws,
  server: Awaited<ReturnType<typeof startServer>>,
): Promise<void> {
  const database = `oto_laws_${name}_${Date.now().toString(36)}`
  const contract = laws({ runs, seed, onHistory: progressOf(name) })
  let drop = async (): Promise<unknown> => undefined
  const driver = mongoDriver({
    uri: server.uri,
    database,
    allowPlainLoopback: true,
    // Histories live in times of their own.
    expireByServer: false,
    observe: (client) => {
      drop = () => client.db(database).dropDatabase()
    },
  })
  const runtime = ManagedRuntime.make(
    Core.layer.pipe(Layer.provideMerge(Layer.merge(driver, memoryPorts))),
  )
  console.log(`\n${contract.name}`)
  try {
    for (const clause of contract.clauses) {
      if (interrupted.signal.aborted) return
      await runClause(name, clause, (work) =>
        runtime.runPromiseExit(work, { signal: interrupted.signal }),
      )
    }
  } finally {
    if (server.lasting) await drop()
    await runtime.dispose()
  }
}

/** Runs the clauses of one contract in this process's memory, on a new store for each 500 histories. */
async function runInMemory(name: string, laws: Laws): Promise<void> {
  const start = performance.now()
  for (let from = 0; from < runs && !interrupted.signal.aborted; from += PORTION) {
    const some = Math.min(PORTION, runs - from)
    const contract = laws({ runs: some, seed: seed + from / PORTION })
    const runtime = ManagedRuntime.make(
      Core.layer.pipe(Layer.provideMerge(Layer.merge(storeDriver, memoryPorts))),
    )
    console.log(`\n${contract.name}: ${from + some} of ${runs}, seed ${seed + from / PORTION}`)
    try {
      for (const clause of contract.clauses)
        await runClause(name, clause, (work) =>
          runtime.runPromiseExit(work, { signal: interrupted.signal }),
        )
    } finally {
      await runtime.dispose()
    }
    console.log(`  ${((performance.now() - start) / 1000).toFixed(0)} s so far`)
  }
}

async function runClause(
  contract: string,
  clause: Clause<Services>,
  run: (work: Effect.Effect<void, unknown, Services>) => Promise<Exit.Exit<void, unknown>>,
): Promise<void> {
  const start = performance.now()
  const exit = await run(clause.check)
  const seconds = (performance.now() - start) / 1000
  if (interrupted.signal.aborted) return
  const held = Exit.isSuccess(exit)
  rows.push({ contract, clause: clause.name, held, seconds })
  console.log(`  ${held ? "held  " : "BROKEN"} ${seconds.toFixed(1).padStart(7)} s  ${clause.name}`)
  if (!held) console.log(`${String(Cause.squash(exit.cause))}\n`)
}

/** Tells twice a minute how many histories were lived. */
function progressOf(name: string): (lived: number, of: number) => void {
  let last = performance.now()
  return (lived, of) => {
    if (performance.now() - last < 30_000) return
    last = performance.now()
    console.log(`  …      ${lived} of ${of} histories of ${name}`)
  }
}

function printTable(): void {
  console.log("\ncontract   clauses  held  broken  seconds")
  for (const [name] of wanted) {
    const own = rows.filter(({ contract }) => contract === name)
    const held = own.filter((row) => row.held).length
    const seconds = own.reduce((sum, row) => sum + row.seconds, 0)
    const cells = [own.length, held, own.length - held, seconds.toFixed(0)].map(String)
    const [clauses = "", kept = "", lost = "", time = ""] = cells
    console.log(
      `${name.padEnd(11)}${clauses.padStart(7)}${kept.padStart(6)}${lost.padStart(8)}${time.padStart(9)}`,
    )
  }
  if (interrupted.signal.aborted)
    console.log("interrupted: the table says what was done until then")
}
