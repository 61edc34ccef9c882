import type { PartitionId, RawEntry } from "@oto-fulfilment/core"
import { Effect, Result } from "effect"
import { beforeAll, describe, expect, it } from "vitest"
import {
  check,
  Goods,
  insert,
  newPartition,
  openDriver,
  ownDatabase,
  remove,
  replace,
} from "./mongo.ts"

const options = ownDatabase("fence")
const { driver, db, commandsOf } = await openDriver(options)
const run = Effect.runPromise

/** One record a partition, which everything checks; also as it was before it was fenced, and with many slots. */
const Gates = { name: "gates", indexes: {}, fence: 8 } as const
const UnfencedGates = { name: "gates", indexes: {} } as const
/** As many slots as a standing has. */
const WideGates = { ...Gates, fence: 32 } as const

beforeAll(() => run(driver.prepare([Goods, Gates])))

const gate = (id: string) => insert(id, {}, Gates)
const pass = (id: string, version: number) => check(id, version, Gates)
const change = (id: string, version: number) => replace(id, version, {}, Gates)
const addToGate = (id: string): RawEntry => ({
  kind: "add",
  collection: Gates,
  id,
  deltas: { count: 1 },
  floors: {},
})

const withGates = async (...ids: ReadonlyArray<string>): Promise<PartitionId> => {
  const one = newPartition()
  await run(driver.commit(one, ids.map(gate)))
  return one
}

const outcome = async (partition: PartitionId, ...entries: ReadonlyArray<RawEntry>) => {
  const result = await run(Effect.result(driver.commit(partition, entries)))
  return Result.isSuccess(result) ? "committed" : result.failure._tag
}

const goodsOf = async (partition: PartitionId) =>
  (await run(driver.scan(Goods, partition, undefined, 1000))).map(({ id }) => id)

const slots = (partition: PartitionId) =>
  db.collection("oto.fences").find({ p: partition }).toArray()

describe("a fenced record", () => {
  it("is checked by batches at once, none of which waits for another", async () => {
    const one = await withGates("g")
    const sent = await commandsOf(
      Effect.forEach(
        [1, 2, 3, 4, 5, 6],
        (n) => driver.commit(one, [insert(`n${n}`), pass("g", 1)]),
        {
          concurrency: "unbounded",
        },
      ),
    )
    expect([...sent].sort()).toEqual([
      ...Array(6).fill("bulkWrite"),
      ...Array(6).fill("commitTransaction"),
    ])
    expect(await goodsOf(one)).toHaveLength(6)
  })

  it("that changed in any way refuses a check of what it was", async () => {
    const one = await withGates("g")
    expect(await outcome(one, insert("a"), pass("g", 1))).toBe("committed")
    expect(await outcome(one, change("g", 1))).toBe("committed")
    expect(await outcome(one, insert("b"), pass("g", 1))).toBe("Conflict")
    expect(await outcome(one, insert("b"), pass("g", 2))).toBe("committed")
    expect(await outcome(one, addToGate("g"))).toBe("committed")
    expect(await outcome(one, insert("c"), pass("g", 2))).toBe("Conflict")
    expect(await outcome(one, insert("c"), pass("g", 3), addToGate("g"))).toBe("committed")
    expect(await outcome(one, remove("g", 4, Gates))).toBe("committed")
    expect(await outcome(one, insert("d"), pass("g", 4))).toBe("Conflict")
    expect(await slots(one)).toEqual([])
    expect(await outcome(one, gate("g"), insert("d"))).toBe("committed")
    expect(await outcome(one, insert("e"), pass("g", 1))).toBe("committed")
    expect(await goodsOf(one)).toEqual(["a", "b", "c", "d", "e"])
  })

  it("is not confused with one whose id goes on", async () => {
    const one = await withGates("g", "g#1", "g#")
    expect(await outcome(one, change("g", 1), insert("a"))).toBe("committed")
    expect(await outcome(one, pass("g#1", 1), pass("g#", 1), pass("g", 2), insert("b"))).toBe(
      "committed",
    )
  })

  it("allows no write skew: of two that rest on what the other changes, one succeeds at most", async () => {
    for (let round = 0; round < 20; round++) {
      const one = await withGates("a", "b")
      const both = await Promise.all([
        outcome(one, pass("a", 1), change("b", 1)),
        outcome(one, pass("b", 1), change("a", 1)),
      ])
      expect(both.toSorted()).toEqual(["Conflict", "committed"])
    }
  })
})

describe("closing a fence", () => {
  it("comes through while many pass, and nothing gets in behind it", async () => {
    const hosts = await Promise.all([1, 2, 3].map(() => openDriver(options)))
    const closer = await openDriver({ ...options, timeLimitMillis: 3000 })
    for (let round = 0; round < 3; round++) {
      const one = newPartition()
      await run(closer.driver.commit(one, [insert("g", {}, WideGates)]))
      let passed = 0
      const caller = async (host: typeof driver, name: string) => {
        for (let n = 0; ; n++) {
          const entries = [insert(`${name}-${n}`), check("g", 1, WideGates)]
          const result = await run(Effect.result(host.commit(one, entries)))
          if (Result.isFailure(result)) return result.failure._tag
          passed += 1
        }
      }
      const callers = Array.from({ length: 30 }, (_, n) =>
        caller((hosts[n % 3] ?? closer).driver, `c${n}`),
      )
      while (passed < 30) await new Promise((resolve) => setTimeout(resolve, 1))
      const closing = [replace("g", 1, {}, WideGates), insert("closed")]
      const closed = await run(Effect.result(closer.driver.commit(one, closing)))
      const inside = await goodsOf(one)
      // Stops the callers in any case: they are refused as soon as the gate has moved.
      if (Result.isFailure(closed)) await db.collection("oto.fences").deleteMany({ p: one })
      if (Result.isFailure(closed)) await db.collection("gates").deleteMany({ p: one })
      expect(new Set(await Promise.all(callers))).toEqual(new Set(["Conflict"]))
      expect(closed._tag).toBe("Success")
      expect(await goodsOf(one)).toEqual(inside)
    }
  })
})

describe("a fence that was left behind", () => {
  it("shut is opened again by those who wait", async () => {
    const one = await withGates("g")
    await db.collection("oto.fences").updateMany({ p: one }, { $set: { s: true } })
    expect(await outcome(one, insert("a"), pass("g", 1))).toBe("committed")
    expect((await slots(one)).filter(({ s }) => s !== undefined)).toEqual([])
  })

  it("without slots gets them, as for a record from before it was fenced", async () => {
    const one = newPartition()
    await run(driver.commit(one, [insert("g", {}, UnfencedGates)]))
    expect(await outcome(one, insert("a"), pass("g", 1))).toBe("committed")
    expect(await slots(one)).toHaveLength(8)
    expect(await outcome(one, change("g", 1), insert("b"))).toBe("committed")
    expect(await outcome(one, insert("c"), pass("g", 1))).toBe("Conflict")
  })

  it("is open again after a change that was refused", async () => {
    const one = await withGates("g")
    const contended = [change("g", 1), insert("a")]
    const results = await Promise.all(Array.from({ length: 6 }, () => outcome(one, ...contended)))
    expect(results.filter((result) => result === "committed")).toHaveLength(1)
    expect((await slots(one)).filter(({ s }) => s !== undefined)).toEqual([])
    expect(await outcome(one, insert("b"), pass("g", 2))).toBe("committed")
  })
})
