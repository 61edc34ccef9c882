import { afterAll, describe, expect, it, vi } from "vitest"
import { engineOn } from "./hosts/engineOn.ts"
import type { Work } from "./hosts/HostJob.ts"
import { judgeBooks } from "./hosts/judgeBooks.ts"
import { openShop } from "./hosts/openShop.ts"
import { type Books, readBooks } from "./hosts/readBooks.ts"
import { HOT, LANES, SPREAD_SKUS, skuOf } from "./hosts/scenes.ts"
import { startHost } from "./hosts/startHost.ts"
import { newWitness, type Witness } from "./hosts/Witness.ts"
import { ownDatabase } from "./mongo.ts"

// Processes start slowly on a busy machine, and nothing here is about how long.
vi.setConfig({ testTimeout: 240_000 })

const { uri, database } = ownDatabase("processes")
const core = await engineOn({ uri, database })
afterAll(() => core.close())

const HOSTS = 4

/** Four hosts with four callers each, all of whom play so many scenes in one shop. */
const fourHosts = async (work: Work, scenes: number, stock: ReadonlyMap<string, number>) => {
  const shop = await openShop(core, stock)
  const witness = newWitness()
  const hosts = Array.from({ length: HOSTS }, (_, host) =>
    startHost(
      {
        uri,
        database,
        shop,
        seed: 1,
        work,
        timeLimitMillis: 20_000,
        deliver: false,
        lanes: Array.from({ length: LANES / HOSTS }, (_, at) => ({
          lane: host + HOSTS * at,
          from: 0,
          to: scenes,
        })),
      },
      witness,
    ),
  )
  expect(await Promise.all(hosts.map(({ ended }) => ended))).toEqual(Array(HOSTS).fill(true))
  return { witness, books: await readBooks(core, shop) }
}

const grantedBy = ({ answers }: Witness) =>
  [...answers.values()].filter(({ command }) => command === "commitStock").length

const unpromised = ({ pools }: Books) => pools.filter(({ uncommitted }) => uncommitted !== 0)

describe("sixteen callers in four processes", () => {
  it("are granted the stock of one SKU and no unit more, each with one event and one receipt", async () => {
    const { witness, books } = await fourHosts("rush", 4, new Map([[HOT, 40]]))
    expect([grantedBy(witness), witness.counts.refused]).toEqual([40, 4 * LANES - 40])
    expect(unpromised(books)).toEqual([])
    expect(judgeBooks(books, witness)).toEqual([])
  })

  it("are granted the stock of 200 SKUs and no unit more, and no message is lost", async () => {
    const goods = Array.from({ length: SPREAD_SKUS }, (_, n) => [skuOf(n), 1] as const)
    const { witness, books } = await fourHosts("spread", 15, new Map([[HOT, 1], ...goods]))
    const asked = 15 * LANES
    expect([grantedBy(witness), witness.counts.refused]).toEqual([200, asked - 200])
    expect(unpromised(books).map(({ sku }) => sku)).toEqual([HOT])
    expect(books.messages).toHaveLength(1 + 200 + 3 * LANES)
    expect(judgeBooks(books, witness)).toEqual([])
  })
})
