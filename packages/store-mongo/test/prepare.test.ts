import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { Goods, insert, newPartition, openDriver, ownDatabase } from "./mongo.ts"

const options = ownDatabase("prepare")
const { driver, readiness, db, commandsOf } = await openDriver(options)
const another = await openDriver({ ...options, expireByServer: true })
const run = Effect.runPromise

const indexNames = async (collection: string) =>
  (await db.collection(collection).indexes()).map(({ name }) => String(name)).sort()

describe("prepare", () => {
  it("makes collections, validators and indexes that start with the partition", async () => {
    await run(driver.prepare([Goods]))
    const indexes = await db.collection("goods").indexes()
    const keys = Object.fromEntries(
      indexes.map(({ name, key }) => [String(name).split(".")[1], Object.keys(key)]),
    )
    expect(keys).toMatchObject({
      partition: ["p", "_id"],
      name: ["p", "b.name"],
      kind: ["p", "b.kind", "b.count", "id"],
      due: ["b.dueAt", "p", "id"],
    })
    expect(await run(readiness.drift([Goods]))).toEqual(NO_DRIFT)
  })

  it("changes nothing when it runs again, in this host or another one", async () => {
    const names = await indexNames("goods")
    await run(another.driver.prepare([Goods]))
    expect(await indexNames("goods")).toEqual(names)
    const sent = await another.commandsOf(another.driver.prepare([{ ...Goods, indexes: {} }]))
    expect(sent).not.toContain("createIndexes")
    expect(sent).not.toContain("create")
  })

  it("may run in many hosts at once", async () => {
    const shape = { ...Goods, name: "raced" }
    const hosts = await Promise.all([1, 2, 3, 4].map(() => openDriver(options)))
    await Promise.all(hosts.map((host) => run(host.driver.prepare([shape]))))
    expect(await run(readiness.drift([shape]))).toEqual(NO_DRIFT)
  })

  it("makes an index that a newer version declares, and reports the one that it replaces", async () => {
    const older = {
      name: "revised",
      indexes: { state: { kind: "plain", fields: ["state"] } },
    } as const
    const newer = {
      name: "revised",
      indexes: { state: { kind: "plain", fields: ["state", "at"] } },
    } as const
    await run(driver.prepare([older]))
    expect((await run(readiness.drift([newer]))).missing).toEqual([
      expect.stringMatching(/^revised\.state\./),
    ])
    await run(driver.prepare([newer]))
    const drift = await run(readiness.drift([newer]))
    expect(drift).toEqual({
      ...NO_DRIFT,
      extra: [expect.stringMatching(/^revised: revised\.state\./)],
    })
    expect((await run(readiness.drift([older]))).missing).toEqual([])
  })

  it("takes an index under a new name for the same index", async () => {
    const was = {
      name: "renamed",
      indexes: { code: { kind: "unique", fields: ["code"] } },
    } as const
    const is = {
      name: "renamed",
      indexes: { byCode: { kind: "unique", fields: ["code"] } },
    } as const
    await run(driver.prepare([was]))
    await run(driver.prepare([is]))
    expect(await run(readiness.drift([is]))).toEqual(NO_DRIFT)
    const one = newPartition()
    const twice = ["a", "b"].map((id) => ({ ...insert(id, { code: "c" }), collection: is }))
    expect(await run(Effect.flip(driver.commit(one, twice)))).toMatchObject({
      _tag: "Duplicate",
      index: "byCode",
      id: "b",
    })
  })

  it("reports an index that somebody made under a declared one's name", async () => {
    const shape = { ...Goods, name: "tampered" }
    await run(driver.prepare([shape]))
    const [name = ""] = (await indexNames("tampered")).filter((each) => each.includes(".kind."))
    await db.collection("tampered").dropIndex(name)
    await db.collection("tampered").createIndex({ p: 1, "b.kind": 1 }, { name })
    expect(await run(readiness.drift([shape]))).toEqual({
      ...NO_DRIFT,
      missing: [name],
      differing: [name],
    })
  })

  it("gives a collection without our validator one, and leaves a newer layout to newer hosts", async () => {
    const bare = { name: "bare", indexes: {} }
    await db.createCollection("bare")
    expect((await run(readiness.drift([bare]))).unguarded).toEqual(["bare"])
    await run(driver.prepare([bare]))
    expect(await run(readiness.drift([bare]))).toEqual(NO_DRIFT)

    const ahead = { name: "ahead", indexes: {} }
    await db.createCollection("ahead", {
      validator: { $jsonSchema: { bsonType: "object", description: "oto layout 99" } },
    })
    expect(await run(Effect.flip(driver.prepare([ahead])))).toMatchObject({
      _tag: "StoreUnavailable",
      reason: "ahead has layout 99, above this host's 1",
    })
  })

  it("refuses a document that is no record, whoever writes it", async () => {
    await expect(db.collection("goods").insertOne({ p: "x" })).rejects.toMatchObject({ code: 121 })
  })

  it("says which unique index cannot be made over what is there", async () => {
    const plain = { name: "crowded", indexes: {} } as const
    const strict = {
      name: "crowded",
      indexes: { code: { kind: "unique", fields: ["code"] } },
    } as const
    await run(driver.prepare([plain]))
    const one = newPartition()
    const twice = ["a", "b"].map((id) => ({ ...insert(id, { code: "secret" }), collection: plain }))
    await run(driver.commit(one, twice))
    const failure = await run(Effect.flip(driver.prepare([strict])))
    expect(failure.reason).toMatch(/^index crowded\.code\.\w+: DuplicateKey$/)
  })

  it("lets no server remove what is due, unless its collection says that it expires", async () => {
    const pending = {
      name: "pending",
      indexes: { expiry: { kind: "due", fields: ["expiresAt"] } },
    } as const
    await run(another.driver.prepare([pending]))
    const indexes = await db.collection("pending").indexes()
    expect(indexes.filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined)).toEqual([])
  })

  it("lets the server remove records after they expire, unless told not to", async () => {
    const shape = {
      name: "expiring",
      indexes: { expiry: { kind: "due", fields: ["expiresAt"] } },
      expires: "expiresAt",
    } as const
    await run(driver.prepare([shape]))
    expect((await indexNames("expiring")).some((name) => name.includes(".ttl."))).toBe(false)
    await run(another.driver.prepare([shape]))
    const ttl = (await db.collection("expiring").indexes()).find(({ key }) => "x" in key)
    expect(ttl?.expireAfterSeconds).toBe(0)
    const [one, at] = [newPartition(), 4_000_000_000_000]
    await run(
      another.driver.commit(one, [{ ...insert("a", { expiresAt: at }), collection: shape }]),
    )
    expect(await db.collection("expiring").findOne({ id: "a" })).toMatchObject({ x: new Date(at) })
    await run(driver.commit(one, [{ ...insert("b", { expiresAt: at }), collection: shape }]))
    expect(await db.collection("expiring").findOne({ id: "b" })).not.toHaveProperty("x")
  })

  it("drift is read without a change", async () => {
    const sent = await commandsOf(readiness.drift([Goods, { name: "nowhere", indexes: {} }]))
    expect(new Set(sent)).toEqual(new Set(["listCollections", "listIndexes"]))
  })
})

const NO_DRIFT = { missing: [], extra: [], differing: [], unguarded: [] }
