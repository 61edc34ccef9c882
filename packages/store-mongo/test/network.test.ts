import { afterAll, afterEach, describe, expect, it } from "vitest"
import { engineOn } from "./hosts/engineOn.ts"
import type { HostLine } from "./hosts/HostJob.ts"
import { judgeBooks } from "./hosts/judgeBooks.ts"
import { openShop, ownerOf } from "./hosts/openShop.ts"
import { playScene } from "./hosts/playScene.ts"
import { readBooks } from "./hosts/readBooks.ts"
import { HOT, MIXED_SKUS, pickOf, skuOf } from "./hosts/scenes.ts"
import { hear, newWitness } from "./hosts/Witness.ts"
import { ownDatabase } from "./mongo.ts"
import { type Fate, startProxy } from "./wireProxy.ts"

const options = { ...ownDatabase("network"), timeLimitMillis: 1500 }
const proxy = await startProxy(options.uri)
/** The engine of a host that has only a bad network. */
const host = await engineOn({ ...options, uri: proxy.uri })
const behind = await engineOn(options)

afterEach(() => proxy.heal())
afterAll(async () => {
  await host.close()
  await behind.close()
  await proxy.close()
})

/** A shop with five units of one SKU, and a basket that wants two of them. */
const openTill = async () => {
  const shop = await openShop(behind, new Map([[HOT, 5]]))
  const document = { kind: "basket", id: "b" }
  const lines = [{ sku: HOT, warehouse: shop.warehouses[0], quantity: 2 }] as const
  const desk = host.desk(ownerOf(shop), shop.merchant).settled
  return {
    commit: () => desk.commitStock({ key: "b", document, lines }),
    /** What is promised, and what is wrong. */
    look: async () => {
      const books = await readBooks(behind, shop)
      const promised = books.commitments.map(({ quantity }) => quantity)
      return { promised, wrong: judgeBooks(books, newWitness()) }
    },
  }
}

describe("a command", () => {
  it("whose commit is never answered finds its receipt, and answers", async () => {
    const { commit, look } = await openTill()
    proxy.lose("commitTransaction", 10_000)
    const first = await commit()
    expect(first).toMatchObject({ ok: true, value: { granted: [{ quantity: 2 }] } })
    expect(await look()).toEqual({ promised: [2], wrong: [] })
    proxy.heal()
    expect(await commit()).toEqual(first)
    expect(await look()).toEqual({ promised: [2], wrong: [] })
  })

  it("that finds no server after its commit fails as unavailable, and has one effect under its key", async () => {
    const { commit, look } = await openTill()
    const struck = proxy.strike("commitTransaction")
    expect(await commit()).toMatchObject({ ok: false, error: { _tag: "StoreUnavailable" } })
    await struck
    expect(await look()).toEqual({ promised: [2], wrong: [] })
    proxy.heal()
    expect(await commit()).toMatchObject({ ok: true, value: { granted: [{ quantity: 2 }] } })
    expect(await look()).toEqual({ promised: [2], wrong: [] })
  })

  it("that never reached the server fails as unavailable, and has one effect under its key", async () => {
    const { commit, look } = await openTill()
    proxy.refuse()
    expect(await commit()).toMatchObject({ ok: false, error: { _tag: "StoreUnavailable" } })
    expect(await look()).toEqual({ promised: [], wrong: [] })
    proxy.heal()
    expect(await commit()).toMatchObject({ ok: true })
    expect(await look()).toEqual({ promised: [2], wrong: [] })
  })
})

/** Of 100 times that bytes pass: 4 cuts before them, 2 inside of them, 10 delays. Commits lose their answers besides. */
const stormy = (seed: number) => {
  let passed = 0
  return (): Fate => {
    passed += 1
    const fate = pickOf(seed, `fate ${passed}`)(100)
    if (fate < 4) return "cut"
    if (fate < 6) return "cut inside"
    return fate < 16 ? pickOf(seed, `delay ${passed}`)(60) : "pass"
  }
}

describe("callers in a storm of cuts and delays", () => {
  it("hear typed errors only, never wait for ever, and have one effect each", async () => {
    const seed = 1
    const goods = Array.from({ length: MIXED_SKUS }, (_, n) => [skuOf(n), 6] as const)
    const shop = await openShop(behind, new Map([[HOT, 10], ...goods]))
    const witness = newWitness()
    const say = (line: HostLine) => {
      hear(witness, line)
      const { answered } = witness.counts
      if (line.type === "answered" && answered % 3 === 0) proxy.lose("commitTransaction")
    }
    const desk = host.desk(ownerOf(shop), shop.merchant).settled
    proxy.storm(stormy(seed))
    const lane = async (n: number) => {
      for (let scene = 0; scene < 2; scene++)
        await playScene({ desk, shop, seed, work: "mixed", say }, n, scene)
    }
    // A call that hangs is ended by the time limit of the test.
    await Promise.all(Array.from({ length: 4 }, (_, n) => lane(n)))
    expect(proxy.lost()).toContain("commitTransaction")
    proxy.heal()
    expect(witness.answers.size).toBeGreaterThan(8)
    expect(judgeBooks(await readBooks(behind, shop), witness)).toEqual([])
  })
})
