import * as fs from "node:fs"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { afterEach, describe, expect, it } from "vitest"
import { newKeptPlace } from "../src/keptPlace.ts"

const parent = fs.mkdtempSync(path.join(os.tmpdir(), "oto-places-"))
afterEach(() => fs.rmSync(parent, { recursive: true, force: true }))

const anHourAgo = Date.now() / 1000 - 3600

const listenOn = (port: number): Promise<net.Server> =>
  new Promise((resolve) => {
    const server = net.createServer().listen(port, "127.0.0.1", () => resolve(server))
  })

describe("places where data are kept", () => {
  it("are removed by the next run, unless their server runs or is only starting", async () => {
    const [looked, left, young] = [
      await newKeptPlace(parent),
      await newKeptPlace(parent),
      await newKeptPlace(parent),
    ]
    for (const { folder } of [looked, left]) fs.utimesSync(folder, anHourAgo, anHourAgo)
    const server = await listenOn(looked.port)
    const next = await newKeptPlace(parent)
    server.close()
    const there = fs.readdirSync(parent).map(Number)
    expect(new Set(there)).toEqual(new Set([looked.port, young.port, next.port]))
    expect(there).not.toContain(left.port)
  })

  it("leave alone what is no place of theirs", async () => {
    const other = path.join(parent, "notes")
    fs.mkdirSync(other, { recursive: true })
    fs.utimesSync(other, anHourAgo, anHourAgo)
    await newKeptPlace(parent)
    expect(fs.existsSync(other)).toBe(true)
  })
})
