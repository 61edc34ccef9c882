import { setTimeout as wait } from "node:timers/promises"
import { type CrashReport, type KillOptions, newTally } from "./CrashReport.ts"
import { openCrew } from "./Crew.ts"
import { engineOn } from "./engineOn.ts"
import { pickOf } from "./scenes.ts"

/** Kills in one shop, before another is opened: the books of a shop grow, and are read after every death. */
const KILLS_A_SHOP = 18
/**
 * `kill -9` of host processes at random moments: three of them at work beside each other, each killed at a moment of
 * its own and then judged, over and over. At the end of each shop they do what is left, and it is judged again.
 */
export const killHosts = async (
  { uri, database }: { readonly uri: string; readonly database: string },
  options: KillOptions,
): Promise<CrashReport> => {
  const { kills, seed, signal, longestLifeMillis = 2500 } = options
  const core = await engineOn({ uri, database })
  const tally = newTally(options)
  try {
    for (let shop = 0; tally.kills() < kills && !signal?.aborted; shop++) {
      const crew = await openCrew({
        core,
        uri,
        database,
        seed: seed + shop,
        work: "mixed",
        timeLimitMillis: 10_000,
      })
      const until = Math.min(kills, tally.kills() + KILLS_A_SHOP)
      while (tally.kills() < until && !signal?.aborted) {
        const hosts = crew.start()
        const round = tally.kills()
        const killed = await Promise.all(
          hosts.map(async (host, n) => {
            const pick = pickOf(seed, `death ${round} ${n}`)
            // One in eight dies while it starts.
            if (pick(8) !== 0) await host.ready
            await wait(pickOf(seed, `life ${round} ${n}`)(longestLifeMillis))
            const alive = host.kill()
            await host.ended
            return alive
          }),
        )
        tally.note(crew.witness, killed.filter(Boolean).length, await crew.judge())
      }
      tally.note(crew.witness, 0, await crew.finish())
    }
  } finally {
    await core.close()
  }
  return tally.report()
}
