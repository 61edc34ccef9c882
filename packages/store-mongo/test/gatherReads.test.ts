import type { RawRecord } from "@oto-fulfilment/core"
import { Effect } from "effect"
import { beforeAll, describe, expect, it } from "vitest"
import { gatherReads } from "../src/gatherReads.ts"
import { Goods, insert, newPartition, openDriver, ownDatabase } from "./mongo.ts"

const Others = { ...Goods, name: "others" }
const run = Effect.runPromise

/** Reads by id over records that are their own ids, with what was asked at each time. */
const watched = (fail = false) => {
  const asked: Array<ReadonlyArray<string>> = []
  const read = gatherReads(async (shape, _partition, ids) => {
    asked.push(ids)
    if (fail) throw new Error(`${shape.name} does not answer`)
    return ids
      .filter((id) => !id.startsWith("no"))
      .map((id): RawRecord => ({ id, version: 1, body: { id } }))
  })
  return { asked, read }
}

const idsOf = (records: ReadonlyArray<RawRecord>) => records.map(({ id }) => id)

describe("reads by id", () => {
  const one = newPartition()

  it("of callers at the same time are one command, and each gets what it asked for", async () => {
    const { asked, read } = watched()
    const found = await Promise.all([
      read(Goods, one, ["a"]),
      read(Goods, one, ["b", "a"]),
      read(Goods, one, ["nowhere"]),
    ])
    expect(found.map(idsOf)).toEqual([["a"], ["b", "a"], []])
    expect(asked).toEqual([["a", "b", "nowhere"]])
  })

  it("of two partitions or two collections are never one", async () => {
    const { asked, read } = watched()
    const two = newPartition()
    await Promise.all([read(Goods, one, ["a"]), read(Goods, two, ["a"]), read(Others, one, ["a"])])
    expect(asked).toEqual([["a"], ["a"], ["a"]])
  })

  it("that come while a command is on its way are another command", async () => {
    const answers: Array<() => void> = []
    const read = gatherReads(async () => {
      await new Promise<void>((answer) => answers.push(answer))
      return []
    })
    const first = read(Goods, one, ["a"])
    while (answers.length < 1) await new Promise(setImmediate)
    const second = read(Goods, one, ["a"])
    while (answers.length < 2) await new Promise(setImmediate)
    for (const answer of answers) answer()
    expect(await Promise.all([first, second])).toEqual([[], []])
  })

  it("of very many ids go by themselves, and no command asks for more than a hundred together", async () => {
    const { asked, read } = watched()
    const many = Array.from({ length: 500 }, (_, i) => `m${i}`)
    const callers = Array.from({ length: 50 }, (_, i) => [`x${i}`, `y${i}`, `z${i}`])
    const found = await Promise.all([many, ...callers].map((ids) => read(Goods, one, ids)))
    expect(found.map(idsOf)).toEqual([many, ...callers])
    expect(asked.map(({ length }) => length)).toEqual([500, 99, 51])
  })

  it("fail for all who share the command, and not for the next", async () => {
    const { asked, read } = watched(true)
    const outcomes = await Promise.allSettled([read(Goods, one, ["a"]), read(Goods, one, ["b"])])
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"])
    await expect(read(Goods, one, ["a"])).rejects.toThrow("does not answer")
    expect(asked).toHaveLength(2)
  })
})

const { driver, commandsOf } = await openDriver(ownDatabase("gather"))

describe("reads by id on a server", () => {
  const one = newPartition()
  beforeAll(async () => {
    await run(driver.prepare([Goods]))
    await run(driver.commit(one, [insert("a"), insert("b")]))
  })

  it("of sixteen callers at the same time are one command", async () => {
    const reads = Effect.all(
      Array.from({ length: 16 }, (_, i) => driver.get(Goods, one, i % 2 === 0 ? "a" : "b")),
      { concurrency: "unbounded" },
    )
    expect(await commandsOf(reads)).toEqual(["find"])
    expect((await run(reads)).map((record) => record?.id)).toEqual(
      Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? "a" : "b")),
    )
  })

  it("see what was committed before they were asked for, while others read it all the time", async () => {
    let stop = false
    const others = (async () => {
      while (!stop) await run(driver.get(Goods, one, "counted"))
    })()
    for (let i = 0; i < 30; i++) {
      await run(driver.commit(one, [insert(`seen${i}`)]))
      expect((await run(driver.get(Goods, one, `seen${i}`)))?.version).toBe(1)
    }
    stop = true
    await others
  })
})
