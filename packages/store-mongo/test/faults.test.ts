import { type PartitionId, StoreUnavailable } from "@oto-fulfilment/core"
import { Effect, Fiber } from "effect"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { add, Goods, insert, newPartition, openDriver, ownDatabase } from "./mongo.ts"
import { startProxy } from "./wireProxy.ts"

const options = { ...ownDatabase("faults"), timeLimitMillis: 1500 }
const proxy = await startProxy(options.uri)
const { driver, commandsOf, onAnswer } = await openDriver({ ...options, uri: proxy.uri })
const { driver: behind, db, raw } = await openDriver(options)
const run = Effect.runPromise

beforeAll(() => run(behind.prepare([Goods])))
afterEach(() => proxy.heal())
afterAll(() => proxy.close())

/** A partition with two goods, five of each. */
const stocked = async (): Promise<PartitionId> => {
  const one = newPartition()
  await run(behind.commit(one, [insert("a", { count: 5 }), insert("b", { count: 5 })]))
  return one
}

const versionsOf = (partition: PartitionId, ...ids: ReadonlyArray<string>) =>
  Promise.all(ids.map(async (id) => (await run(behind.get(Goods, partition, id)))?.version))

describe("an answer that is lost", () => {
  it("to a single write is asked for again, and the write happens once", async () => {
    const one = await stocked()
    proxy.lose("update")
    await run(driver.commit(one, [add("a", -1, 0)]))
    expect(proxy.lost()).toEqual(["update"])
    expect(await run(behind.get(Goods, one, "a"))).toMatchObject({ version: 2, body: { count: 4 } })
  })

  it("to the writes of a transaction starts it anew, and they happen once", async () => {
    const one = await stocked()
    proxy.lose("bulkWrite")
    await run(driver.commit(one, [add("a", -1, 0), add("b", -1, 0)]))
    expect(proxy.lost()).toEqual(["bulkWrite"])
    expect(await versionsOf(one, "a", "b")).toEqual([2, 2])
  })

  it("to a commit is asked for again, and the batch happens once", async () => {
    const one = await stocked()
    proxy.lose("commitTransaction", 3)
    await run(driver.commit(one, [insert("c"), add("a", -1, 0)]))
    expect(proxy.lost()).toEqual(Array(3).fill("commitTransaction"))
    expect(await versionsOf(one, "c", "a")).toEqual([1, 2])
  })

  it("to a commit, for good, is an unknown outcome that is told within the time limit", async () => {
    const one = await stocked()
    proxy.lose("commitTransaction", 10_000)
    const failure = await run(Effect.flip(driver.commit(one, [insert("c"), add("a", -1, 0)])))
    expect(failure).toBeInstanceOf(StoreUnavailable)
    expect(failure).toMatchObject({ reason: expect.stringContaining("the outcome is unknown") })
    // Here it had happened. The caller repeats the command under its key, and finds the receipt.
    expect(await versionsOf(one, "c", "a")).toEqual([1, 2])
  })

  it("to a read is asked for again", async () => {
    const one = await stocked()
    proxy.lose("find")
    expect(await run(driver.get(Goods, one, "a"))).toMatchObject({ id: "a", version: 1 })
    expect(proxy.lost()).toEqual(["find"])
  })
})

describe("connections that break all at once, as in an election", () => {
  it.each(["bulkWrite", "commitTransaction"])(
    "%s: every batch comes through, once",
    async (command) => {
      const one = await stocked()
      const hosts = ["c", "d", "e", "f"]
      for (const _ of hosts) proxy.hold(command)
      const committing = hosts.map((id) => run(driver.commit(one, [insert(id), insert(`${id}2`)])))
      for (let held = 0; held < hosts.length; held += proxy.lost().length)
        await new Promise((resolve) => setTimeout(resolve, 10))
      proxy.refuse()
      proxy.heal()
      // A batch that was done when it was run again finds its own records.
      const outcomes = await Promise.allSettled(committing)
      for (const outcome of outcomes)
        if (outcome.status === "rejected")
          expect(outcome.reason).toMatchObject({ _tag: "Duplicate" })
      expect(await versionsOf(one, ...hosts)).toEqual([1, 1, 1, 1])
    },
  )
})

describe("a server that is gone", () => {
  it("is told as unavailable by every member, within the time limit", async () => {
    const one = await stocked()
    proxy.refuse()
    const query = {
      index: "kind",
      equals: [],
      range: undefined,
      descending: false,
      after: undefined,
    }
    const due = { index: "due", until: 1, after: undefined, limit: 1 }
    const failures = await Promise.all([
      run(Effect.flip(driver.get(Goods, one, "a"))),
      run(Effect.flip(driver.find(Goods, one, { ...query, limit: 1 }))),
      run(Effect.flip(driver.due(Goods, due))),
      run(Effect.flip(driver.scan(Goods, one, undefined, 1))),
      run(Effect.flip(driver.commit(one, [insert("c")]))),
      run(Effect.flip(driver.commit(one, [insert("c"), insert("d")]))),
    ])
    for (const failure of failures) expect(failure._tag).toBe("StoreUnavailable")
  })

  it("works again when it is back", async () => {
    const one = await stocked()
    proxy.refuse()
    await run(Effect.flip(driver.get(Goods, one, "a")))
    proxy.heal()
    await run(driver.commit(one, [insert("c"), add("a", -1, 0)]))
    expect(await versionsOf(one, "c", "a")).toEqual([1, 2])
  })
})

describe("a batch in another one's way", () => {
  it("waits for it and comes through", async () => {
    const one = await stocked()
    const session = raw.startSession({ causalConsistency: false })
    session.startTransaction()
    await db.collection("goods").updateOne({ id: "a", p: one }, { $inc: { c: 1 } }, { session })
    const committing = run(driver.commit(one, [insert("c"), add("a", -1, 0)]))
    await new Promise((resolve) => setTimeout(resolve, 100))
    await session.commitTransaction()
    await committing
    expect(await versionsOf(one, "c", "a")).toEqual([1, 2])
  })

  it("gives up at the time limit, with nothing written", async () => {
    const one = await stocked()
    const session = raw.startSession({ causalConsistency: false })
    session.startTransaction()
    await db.collection("goods").updateOne({ id: "a", p: one }, { $inc: { c: 1 } }, { session })
    const failure = await run(Effect.flip(driver.commit(one, [insert("c"), add("a", -1, 0)])))
    expect(failure).toMatchObject({ reason: expect.stringContaining("nothing was written") })
    await session.abortTransaction()
    expect(await versionsOf(one, "c", "a")).toEqual([undefined, 1])
  })
})

describe("an interruption", () => {
  it("before the commit aborts the transaction before it returns", async () => {
    const one = await stocked()
    const fiber = Effect.runFork(driver.commit(one, [insert("c"), add("a", -1, 0)]))
    const answered = new Promise<void>((resolve) => {
      const stop = onAnswer((command) => {
        if (command !== "bulkWrite") return
        stop()
        Effect.runFork(Fiber.interrupt(fiber))
        resolve()
      })
    })
    const sent = await commandsOf(
      Effect.promise(() => answered.then(() => run(Fiber.await(fiber)))),
    )
    expect(sent).toEqual(["bulkWrite", "abortTransaction"])
    expect(await versionsOf(one, "c", "a")).toEqual([undefined, 1])
    // Nothing holds the record: the next batch needs one try.
    expect(await commandsOf(driver.commit(one, [insert("c"), add("a", -1, 0)]))).toEqual([
      "bulkWrite",
      "commitTransaction",
    ])
  })

  it("while it waits to try again ends the waiting", async () => {
    const one = await stocked()
    const session = raw.startSession({ causalConsistency: false })
    session.startTransaction()
    await db.collection("goods").updateOne({ id: "a", p: one }, { $inc: { c: 1 } }, { session })
    const fiber = Effect.runFork(driver.commit(one, [insert("c"), add("a", -1, 0)]))
    await new Promise((resolve) => setTimeout(resolve, 100))
    await run(Fiber.interrupt(fiber))
    await session.commitTransaction()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await versionsOf(one, "c", "a")).toEqual([undefined, 1])
  })

  it("of a read ends it", async () => {
    const one = await stocked()
    proxy.hold("find")
    const fiber = Effect.runFork(driver.get(Goods, one, "a"))
    await new Promise((resolve) => setTimeout(resolve, 100))
    await run(Fiber.interrupt(fiber))
    expect(await run(driver.get(Goods, one, "a"))).toMatchObject({ id: "a" })
  })
})
