import * as Effect from "effect/Effect"
import type { MongoClient } from "mongodb"
import { isLoopback } from "./connectOptions.ts"
import { MongoRefused } from "./mongoErrors.ts"

/** What a server says about itself. */
export interface MongoServer {
  readonly version: string
  readonly topology: "replica set" | "sharded"
  /** How far the server's clock is ahead of this host's, in milliseconds. */
  readonly clockSkewMillis: number
}

/** MongoDB 8.0, the first whose `bulkWrite` command takes a batch of several collections. */
const LEAST_WIRE_VERSION = 25

/** Deadlines are compared across hosts: clocks further apart than five minutes are refused (T6). */
const MAX_CLOCK_SKEW_MILLIS = 300_000

interface Hello {
  readonly setName?: string
  readonly msg?: string
  readonly maxWireVersion: number
  readonly localTime: Date
  readonly hosts?: ReadonlyArray<string>
}

/** Asks a connected server what it is. */
export const readServer = async (client: MongoClient) => {
  const admin = client.db("admin")
  const before = Date.now()
  const hello = (await admin.command({ hello: 1 })) as unknown as Hello
  // The host's real clock, whatever clock its effects run on.
  const between = (before + Date.now()) / 2
  const { version } = await admin.command({ buildInfo: 1 })
  return { hello, version: String(version), skew: Math.round(hello.localTime.getTime() - between) }
}

/** The server's own time, in milliseconds. */
export const readClock = async (client: MongoClient): Promise<number> => {
  const { localTime } = (await client.db("admin").command({ hello: 1 })) as unknown as Hello
  return localTime.getTime()
}

/** Refuses a server that cannot keep the store's promises. */
export const judgeServer = (
  { hello, version, skew }: Awaited<ReturnType<typeof readServer>>,
  encrypted: boolean,
): Effect.Effect<MongoServer, MongoRefused> => {
  const refuse = (what: MongoRefused["what"], detail: string) =>
    Effect.fail(new MongoRefused({ what, detail }))
  const sharded = hello.msg === "isdbgrid"
  if (!sharded && hello.setName === undefined)
    return refuse("topology", "a standalone server has no transactions; run it as a replica set")
  if (hello.maxWireVersion < LEAST_WIRE_VERSION) return refuse("version", `${version} is below 8.0`)
  if (Math.abs(skew) > MAX_CLOCK_SKEW_MILLIS)
    return refuse("clock", `the server's clock is ${skew} milliseconds from this host's`)
  const far = encrypted ? undefined : hello.hosts?.find((host) => !isLoopback(host))
  if (far !== undefined) return refuse("tls", `TLS is off for ${far}`)
  return Effect.succeed({
    version,
    topology: sharded ? "sharded" : "replica set",
    clockSkewMillis: skew,
  })
}
