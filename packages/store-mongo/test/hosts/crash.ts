// Kills host processes, and the server below them, and sees whether anything was half-done, lost or done twice.
//
//   pnpm crash:mongo [--hosts 200] [--server 20] [--seed 1] [--stand-in python|rust]
//
// It may be stopped at any time: what was killed so far is judged, and the table is printed.

import { parseArgs } from "node:util"
import type { CrashReport, Progress } from "./CrashReport.ts"
import { startKillableServer } from "./killableServer.ts"
import { killHosts } from "./killHosts.ts"
import { killServer } from "./killServer.ts"

const { values } = parseArgs({
  options: {
    hosts: { type: "string", default: "200" },
    server: { type: "string", default: "20" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    "stand-in": { type: "string" },
  },
})
const [hostKills, serverKills, seed] = [values.hosts, values.server, values.seed].map(Number) as [
  number,
  number,
  number,
]
const print = (line = ""): void => void process.stdout.write(`${line}\n`)

const stop = new AbortController()
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    print("stopping after this round …")
    stop.abort()
  })

interface Run {
  readonly what: "hosts" | "server"
  readonly fast: boolean
  readonly kills: number
}

/** Hosts on the faster stand-in, where it was built; the server on both by halves. */
const runsOf = (standIn: string | undefined): ReadonlyArray<Run> => {
  const fast = standIn !== "python"
  const half = standIn === undefined ? Math.floor(serverKills / 2) : 0
  return [
    { what: "hosts", fast, kills: hostKills },
    { what: "server", fast, kills: serverKills - half },
    { what: "server", fast: false, kills: half },
  ]
}

print(`seed ${seed}: \`pnpm crash:mongo --seed ${seed}\` sends the same again`)
const table: Array<Row> = []
const violations: Array<string> = []

for (const { what, fast, kills } of runsOf(values["stand-in"])) {
  if (kills === 0 || stop.signal.aborted) continue
  const server = await startKillableServer({ fast })
  print(`\nkill -9 of ${what === "hosts" ? "hosts" : "the server"}, on ${server.description}`)
  const onProgress = ({ kills: done, of, acknowledged, fresh }: Progress): void => {
    print(`  ${done}/${of} kills, ${acknowledged} commands acknowledged`)
    for (const finding of fresh) print(`  VIOLATION ${finding}`)
  }
  const options = { kills, seed, onProgress, signal: stop.signal }
  try {
    const report =
      what === "hosts"
        ? await killHosts({ uri: server.uri, database: "crash" }, options)
        : await killServer(server, "crash", options)
    table.push(rowOf(what, server.description, report))
    violations.push(...report.violations)
  } finally {
    await server.stop()
  }
}

print()
for (const line of columns(table)) print(line)
for (const violation of violations) print(`VIOLATION ${violation}`)
print(
  violations.length > 0
    ? `seed ${seed}`
    : "nothing half-done, nothing lost that was acknowledged, nothing done twice",
)
if (violations.length > 0) process.exitCode = 1
else if (stop.signal.aborted) process.exitCode = 130

type Row = { readonly [column: string]: string | number }

function rowOf(killed: string, server: string, report: CrashReport): Row {
  const { acknowledged, counts, deliveries, kills, messages, seconds } = report
  return {
    killed,
    server,
    kills,
    acknowledged,
    "sent again": counts.repeated,
    "no answer": counts.again,
    "run again": counts.forgotten,
    messages,
    deliveries,
    "longest call ms": counts.longestMillis,
    seconds,
    violations: report.violations.length,
  }
}

function columns(rows: ReadonlyArray<Row>): ReadonlyArray<string> {
  const names = Object.keys(rows[0] ?? {})
  const widths = names.map((name) =>
    Math.max(name.length, ...rows.map((row) => String(row[name]).length)),
  )
  const line = (cells: ReadonlyArray<string | number | undefined>) =>
    cells.map((cell, at) => String(cell).padStart(widths[at] ?? 0)).join("  ")
  return [line(names), ...rows.map((row) => line(names.map((name) => row[name])))]
}
