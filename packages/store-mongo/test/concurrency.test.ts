import type { PartitionId, RawEntry } from "@oto-fulfilment/core"
import { Effect, Result } from "effect"
import { beforeAll, describe, expect, it } from "vitest"
import { add, Goods, insert, newPartition, openDriver, ownDatabase } from "./mongo.ts"

const options = ownDatabase("concurrency")
const hosts = await Promise.all([openDriver(options), openDriver(options)])
const [{ driver }] = hosts
const run = Effect.runPromise

beforeAll(() => run(driver.prepare([Goods])))

/** How the commits of 16 callers end, who share the batches between them on two hosts. */
const sixteen = async (one: PartitionId, batches: ReadonlyArray<ReadonlyArray<RawEntry>>) => {
  let next = 0
  const outcomes: Array<string> = []
  const caller = async (n: number) => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
      const result = await run(Effect.result((hosts[n % 2] ?? hosts[0]).driver.commit(one, batch)))
      outcomes.push(Result.isSuccess(result) ? "committed" : result.failure._tag)
    }
  }
  await Promise.all(Array.from({ length: 16 }, (_, n) => caller(n)))
  return (outcome: string) => outcomes.filter((each) => each === outcome).length
}

const batchesOf = (n: number, make: (i: number) => ReadonlyArray<RawEntry>) =>
  Array.from({ length: n }, (_, i) => make(i))

describe("sixteen callers", () => {
  it("are granted exactly the stock of one counter, each with its row", async () => {
    const one = newPartition()
    await run(driver.commit(one, [insert("hot", { count: 60 })]))
    const count = await sixteen(
      one,
      batchesOf(120, (i) => [insert(`row${i}`), add("hot", -1, 0)]),
    )
    expect([count("committed"), count("Insufficient")]).toEqual([60, 60])
    expect((await run(driver.get(Goods, one, "hot")))?.body).toMatchObject({ count: 0 })
    expect(await run(driver.scan(Goods, one, undefined, 1000))).toHaveLength(61)
  })

  it("are granted exactly the stock of one counter without rows, each with one write", async () => {
    const one = newPartition()
    await run(driver.commit(one, [insert("hot", { count: 60 })]))
    const count = await sixteen(
      one,
      batchesOf(120, () => [add("hot", -1, 0)]),
    )
    expect([count("committed"), count("Insufficient")]).toEqual([60, 60])
  })

  it("take two counters in any order without a deadlock, and drift from nothing", async () => {
    const one = newPartition()
    await run(driver.commit(one, [insert("a", { count: 50 }), insert("b", { count: 50 })]))
    const there = [add("a", -1, 0), add("b", 1, 0)]
    const back = [add("b", -1, 0), add("a", 1, 0)]
    const count = await sixteen(
      one,
      batchesOf(80, (i) => (i % 2 === 0 ? there : back)),
    )
    expect(count("committed")).toBe(80)
    const [a, b] = await Promise.all(["a", "b"].map((id) => run(driver.get(Goods, one, id))))
    expect([a?.body, b?.body]).toMatchObject([{ count: 50 }, { count: 50 }])
  })

  it("who want one name get it once", async () => {
    const one = newPartition()
    const count = await sixteen(
      one,
      batchesOf(32, (i) => [insert(`r${i}`, { name: "same" }), insert(`s${i}`)]),
    )
    expect([count("committed"), count("Duplicate")]).toEqual([1, 31])
    expect(await run(driver.scan(Goods, one, undefined, 1000))).toHaveLength(2)
  })
})
