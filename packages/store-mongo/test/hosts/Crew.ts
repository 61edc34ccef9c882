import { setTimeout as wait } from "node:timers/promises"
import type { HostJob, Shop } from "./HostJob.ts"
import { judgeBooks } from "./judgeBooks.ts"
import { type Core, openShop } from "./openShop.ts"
import { readBooks } from "./readBooks.ts"
import { HOT, MIXED_SKUS, skuOf } from "./scenes.ts"
import { type RunningHost, startHost } from "./startHost.ts"
import { newWitness, type Witness } from "./Witness.ts"

/** Hosts that work in one shop, die and come back. */
export interface Crew {
  readonly witness: Witness
  /**
   * Starts hosts. Each lane goes on one scene before the one that it was in: what was answered is sent again, and so
   * is what was not.
   */
  readonly start: (hosts?: number) => ReadonlyArray<RunningHost>
  /** What is wrong with the shop now that no host is alive. */
  readonly judge: () => Promise<ReadonlyArray<string>>
  /** Lets a host do what is left of all scenes, and another deliver all messages, and judges the end. */
  readonly finish: () => Promise<ReadonlyArray<string>>
}

interface CrewOptions {
  readonly core: Core
  /** Where the hosts find the server. */
  readonly uri: string
  readonly database: string
  readonly seed: number
  readonly work: "mixed" | "steady"
  readonly timeLimitMillis: number
}

const HOSTS = 3
const LANES_A_HOST = 3
/** So few goods that some are refused, and that many want the same. */
const STOCK = new Map([
  [HOT, 9],
  ...Array.from({ length: MIXED_SKUS }, (_, n): [string, number] => [skuOf(n), 5]),
])

/** What a server may still have to do for a host that died: it may be at its commit. */
const LAST_WORDS_MILLIS = 500
const MAX_LOOKS = 5
const MAX_DELIVERY_LOOKS = 200

/** Opens a shop for hosts to work in. */
export const openCrew = async (options: CrewOptions): Promise<Crew> => {
  const { core, uri, database, seed, work, timeLimitMillis } = options
  const shop: Shop = await openShop(core, STOCK)
  const witness = newWitness()

  const jobOf = (lanes: HostJob["lanes"]): HostJob => ({
    uri,
    database,
    shop,
    seed,
    work,
    timeLimitMillis,
    lanes,
    deliver: true,
  })

  /** The lanes from `first` on, each where it was when its host died. */
  const lanesFrom = (first: number, count: number, toTheEnd: boolean) =>
    Array.from({ length: count }, (_, at) => {
      const reached = witness.reached.get(first + at) ?? 0
      return {
        lane: first + at,
        from: Math.max(0, reached - 1),
        to: toTheEnd ? reached + 1 : Number.MAX_SAFE_INTEGER,
      }
    })

  const judge: Crew["judge"] = async () => {
    for (let looks = 1; ; looks++) {
      const findings = judgeBooks(await readBooks(core, shop), witness)
      if (findings.length === 0 || looks === MAX_LOOKS) return findings
      await wait(LAST_WORDS_MILLIS)
    }
  }

  /** What is still to be delivered, until it is nothing. */
  const undelivered = async (): Promise<number> => {
    for (let looks = 1; ; looks++) {
      const { messages, jobs } = await readBooks(core, shop)
      const left = messages.length + jobs.length
      if (left === 0 || looks === MAX_DELIVERY_LOOKS) return left
      await wait(200)
    }
  }

  return {
    witness,
    start: (hosts = HOSTS) =>
      Array.from({ length: hosts }, (_, host) =>
        startHost(jobOf(lanesFrom(host * LANES_A_HOST, LANES_A_HOST, false)), witness),
      ),
    judge,
    finish: async () => {
      const deliverer = startHost(jobOf([]), witness)
      const last = startHost(jobOf(lanesFrom(0, HOSTS * LANES_A_HOST, true)), witness)
      const finished = await last.ended
      const left = await undelivered()
      await deliverer.ready
      deliverer.ask()
      await deliverer.ended
      return [
        ...(finished ? [] : ["the last host did not finish"]),
        ...(left === 0 ? [] : [`${left} messages stay undelivered`]),
        ...(await judge()),
      ]
    },
  }
}
