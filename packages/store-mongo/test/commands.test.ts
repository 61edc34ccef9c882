import { Effect } from "effect"
import { beforeAll, describe, expect, it } from "vitest"
import {
  add,
  check,
  Goods,
  insert,
  newPartition,
  openDriver,
  ownDatabase,
  remove,
  replace,
} from "./mongo.ts"

const options = ownDatabase("commands")
const { driver, commandsOf } = await openDriver(options)

beforeAll(() => Effect.runPromise(driver.prepare([Goods])))

describe("commands sent", () => {
  const one = newPartition()
  const commit = (...entries: ReadonlyArray<Parameters<typeof driver.commit>[1][number]>) =>
    commandsOf(driver.commit(one, entries))

  it("a batch of one entry is one write, without a transaction", async () => {
    expect(await commit(insert("a", { name: "a" }))).toEqual(["insert"])
    expect(await commit(replace("a", 1, { name: "b" }))).toEqual(["update"])
    expect(await commit(add("a", 5, 0))).toEqual(["update"])
    expect(await commit(check("a", 3))).toEqual(["update"])
    expect(await commit(remove("a", 3))).toEqual(["delete"])
  })

  it("any other batch is all writes and the commit: two commands, however many entries", async () => {
    const many = Array.from({ length: 2500 }, (_, i) => insert(`m${i}`, { name: `m${i}` }))
    expect(await commit(insert("b"), insert("c"))).toEqual(["bulkWrite", "commitTransaction"])
    expect(await commit(...many)).toEqual(["bulkWrite", "commitTransaction"])
    expect(await commit(replace("b", 1, {}), check("c", 1), add("m7", 1))).toEqual([
      "bulkWrite",
      "commitTransaction",
    ])
  })

  it("a refused batch is aborted, and reads nothing to say why", async () => {
    expect(await commit(insert("d"), insert("c"))).toEqual(["bulkWrite", "abortTransaction"])
    expect(await commit(insert("d"), check("c", 9))).toEqual(["bulkWrite", "abortTransaction"])
    expect(await commit(add("c", -9, 0))).toEqual(["update"])
  })

  it("a read is one command, a page behind a cursor at most one more for each open field", async () => {
    const query = { index: "kind", equals: [], range: undefined, descending: false, limit: 100 }
    const after = { values: ["k", 1], id: "x" }
    expect(await commandsOf(driver.get(Goods, one, "b"))).toEqual(["find"])
    const ids = Array.from({ length: 1000 }, (_, i) => `m${i}`)
    expect(await commandsOf(driver.getMany(Goods, one, ids))).toEqual(["find"])
    expect(await commandsOf(driver.getMany(Goods, one, ["nowhere"]))).toEqual(["find"])
    expect(await commandsOf(driver.getMany(Goods, one, []))).toEqual([])
    expect(await commandsOf(driver.scan(Goods, one, undefined, 1000))).toEqual(["find"])
    expect(await commandsOf(driver.find(Goods, one, { ...query, after: undefined }))).toEqual([
      "find",
    ])
    expect(await commandsOf(driver.find(Goods, one, { ...query, equals: ["k"], after }))).toEqual([
      "find",
      "find",
    ])
    const due = { index: "due", until: 1, after: undefined, limit: 1000 }
    expect(await commandsOf(driver.due(Goods, due))).toEqual(["find"])
  })

  it("preparing what is prepared sends nothing", async () => {
    expect(await commandsOf(driver.prepare([Goods]))).toEqual([])
  })
})
