import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { mongoDriver } from "../src/index.ts"
import { judgeServer } from "../src/readiness.ts"
import { openDriver, ownDatabase } from "./mongo.ts"

const good = {
  hello: {
    setName: "rs0",
    maxWireVersion: 27,
    localTime: new Date(),
    hosts: ["db1.example.com:27017"],
  },
  version: "8.2.1",
  skew: 3,
}

const judged = (change: { hello?: object; skew?: number; version?: string }, encrypted = true) =>
  Effect.runPromise(
    Effect.match(
      judgeServer({ ...good, ...change, hello: { ...good.hello, ...change.hello } }, encrypted),
      { onFailure: ({ what }) => what, onSuccess: ({ topology }) => topology },
    ),
  )

describe("a server", () => {
  it("of a replica set or behind mongos is taken", async () => {
    expect(await judged({})).toBe("replica set")
    expect(await judged({ hello: { setName: undefined, msg: "isdbgrid" } })).toBe("sharded")
  })

  it("that stands alone is refused: it has no transactions", async () => {
    expect(await judged({ hello: { setName: undefined } })).toBe("topology")
  })

  it("below 8.0 is refused", async () => {
    expect(await judged({ hello: { maxWireVersion: 24 }, version: "7.3.4" })).toBe("version")
    expect(await judged({ hello: { maxWireVersion: 25 } })).toBe("replica set")
  })

  it("whose clock is more than five minutes off is refused, on either side", async () => {
    expect(await judged({ skew: 300_000 })).toBe("replica set")
    expect(await judged({ skew: 300_001 })).toBe("clock")
    expect(await judged({ skew: -300_001 })).toBe("clock")
  })

  it("that leads a plain connection away from this machine is refused", async () => {
    expect(await judged({}, false)).toBe("tls")
    expect(await judged({ hello: { hosts: ["127.0.0.1:1", "localhost:2"] } }, false)).toBe(
      "replica set",
    )
  })
})

describe("readiness", () => {
  it("tells the server that the suites run on", async () => {
    const { driver, readiness } = await openDriver(ownDatabase("readiness"))
    const server = await Effect.runPromise(readiness.server)
    expect(driver.name).toBe(`mongodb ${server.version} (${server.topology})`)
    expect(Math.abs(server.clockSkewMillis)).toBeLessThan(60_000)
  })

  it("is no layer where nobody answers", async () => {
    const uri = "mongodb://127.0.0.1:1"
    const layer = mongoDriver({
      uri,
      database: "x",
      allowPlainLoopback: true,
      timeLimitMillis: 300,
    })
    const failure = await Effect.runPromise(
      Effect.flip(Effect.scoped(Effect.provide(Effect.void, layer))),
    )
    expect(failure).toMatchObject({
      _tag: "StoreUnavailable",
      operation: "connect",
      reason: expect.stringContaining("ECONNREFUSED"),
    })
  })
})
