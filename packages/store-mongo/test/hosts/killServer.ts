import { setTimeout as wait } from "node:timers/promises"
import { startProxy } from "../wireProxy.ts"
import { type CrashReport, type KillOptions, newTally } from "./CrashReport.ts"
import { type Crew, openCrew } from "./Crew.ts"
import { engineOn } from "./engineOn.ts"
import type { KillableServer } from "./killableServer.ts"
import { pickOf } from "./scenes.ts"

const KILLS_A_SHOP = 5
/** Longer than the server is away: what was at its commit must find out what became of it. */
const timeLimitMillis = 15_000

/**
 * `kill -9` of the server below hosts at work. Every second time at a random moment, and else at the worst one: a
 * commit is done and its answer is not given. The server comes back on its data with no memory of who asked what; hosts
 * live through it, and their callers send again what was not answered.
 */
export const killServer = async (
  server: KillableServer,
  database: string,
  options: KillOptions,
): Promise<CrashReport> => {
  const { kills, seed, signal, longestLifeMillis = 2500 } = options
  const proxy = await startProxy(server.uri)
  const core = await engineOn({ uri: server.uri, database })
  const tally = newTally(options)

  const killOnce = async (crew: Crew): Promise<ReadonlyArray<string>> => {
    const pick = (what: string) => pickOf(seed, `${what} ${tally.kills()}`)
    const hosts = crew.start(2)
    const allEnded = hosts.map(({ ended }) => ended)
    await Promise.all(hosts.map(({ ready }) => ready))
    await wait(pick("life")(longestLifeMillis))
    // The first kill is one of those at a commit.
    if (tally.kills() % 2 === 0)
      await Promise.race([proxy.strike("commitTransaction"), ...allEnded])
    else proxy.refuse()
    await server.kill()
    await wait(pick("death")(400))
    await server.start()
    proxy.heal()
    await wait(200 + pick("afterwards")(600))
    for (const host of hosts) host.ask()
    const unfinished = (await Promise.all(allEnded)).filter((done) => !done).length
    const findings = await crew.judge()
    return unfinished === 0
      ? findings
      : [`${unfinished} hosts did not live through it`, ...findings]
  }

  try {
    for (let shop = 0; tally.kills() < kills && !signal?.aborted; shop++) {
      const work = { seed: seed + shop, work: "steady" } as const
      const crew = await openCrew({ core, uri: proxy.uri, database, ...work, timeLimitMillis })
      const until = Math.min(kills, tally.kills() + KILLS_A_SHOP)
      while (tally.kills() < until && !signal?.aborted)
        tally.note(crew.witness, 1, await killOnce(crew))
      tally.note(crew.witness, 0, await crew.finish())
    }
  } finally {
    await core.close()
    await proxy.close()
  }
  return tally.report()
}
