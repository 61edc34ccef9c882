import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { type KillableServer, startKillableServer } from "./hosts/killableServer.ts"
import { killHosts } from "./hosts/killHosts.ts"
import { killServer } from "./hosts/killServer.ts"

// Processes start slowly on a busy machine, and nothing here is about how long.
vi.setConfig({ testTimeout: 240_000 })

// A few of the kills that `pnpm crash:mongo` does by the hundred, on a server of their own.
let server: KillableServer
beforeAll(async () => {
  server = await startKillableServer()
})
afterAll(() => server.stop())

describe("after kill -9", () => {
  it("of hosts, nothing is half-done, lost or done twice, and messages are recorded once", async () => {
    const report = await killHosts(
      { uri: server.uri, database: "hosts" },
      {
        kills: 6,
        seed: 1,
        longestLifeMillis: 700,
      },
    )
    expect(report.violations).toEqual([])
    expect(report.kills).toBeGreaterThanOrEqual(6)
    expect(report.acknowledged).toBeGreaterThan(0)
    expect(report.messages).toBeGreaterThan(0)
  })

  it("of the server, the first time between a commit and its answer, the same holds", async () => {
    const report = await killServer(server, "server", {
      kills: 2,
      seed: 1,
      longestLifeMillis: 700,
    })
    expect(report.violations).toEqual([])
    expect(report.kills).toBe(2)
    // The commit that was done is not known any more: its batch is run again, and its receipt refuses it.
    expect(report.counts.forgotten).toBeGreaterThan(0)
    expect(report.counts.repeated).toBeGreaterThan(0)
  })
})
