import * as net from "node:net"
import { setTimeout as wait } from "node:timers/promises"

/**
 * What becomes of bytes on their way: they pass, they pass after so many milliseconds, or the connection is cut before
 * them or in the middle of them.
 */
export type Fate = "pass" | "cut" | "cut inside" | number

/** What happens to the answer to a command. */
interface Fault {
  readonly command: string
  /**
   * `cut`: the server has done it, and the connection breaks. `hold`: the answer does not come. `strike`: it breaks like
   * that, and with it every other connection.
   */
  readonly way: "cut" | "hold" | "strike"
  left: number
}

/** Passes bytes on, one after the other, as far as they come. */
const road = (to: net.Socket, decide: () => Fate, end: () => void) => {
  const pass = async (bytes: Buffer): Promise<void> => {
    const fate = decide()
    if (fate === "cut") return end()
    if (fate === "cut inside")
      return void to.write(bytes.subarray(0, Math.floor(bytes.length / 2)), end)
    if (typeof fate === "number") await wait(fate)
    if (!to.destroyed) to.write(bytes)
  }
  let before = Promise.resolve()
  return (bytes: Buffer): void => {
    before = before.then(() => pass(bytes))
  }
}

/**
 * A TCP proxy before a MongoDB server. It knows commands by their names in the bytes that pass, which is enough to lose
 * the answer to one of them.
 */
export const startProxy = async (uri: string) => {
  const { hostname, port } = new URL(uri)
  const open = new Set<net.Socket>()
  const struck: Array<string> = []
  let faults: Array<Fault> = []
  let refusing = false
  let struckDown = () => {}
  let weather: (to: "server" | "host") => Fate = () => "pass"
  const refuse = () => {
    refusing = true
    for (const socket of open) socket.destroy()
  }

  const server = net.createServer((near) => {
    if (refusing) return void near.destroy()
    const far = net.connect(Number(port), hostname)
    let way: Fault["way"] | undefined
    const end = () => {
      open.delete(near)
      near.destroy()
      far.destroy()
    }
    const there = road(far, () => weather("server"), end)
    const back = road(near, () => weather("host"), end)
    open.add(near)
    for (const socket of [near, far]) socket.on("error", end).on("close", end)
    near.on("data", (bytes) => {
      // A command is the first field of its document: type, name, NUL.
      const fault = faults.find(({ command, left }) => left > 0 && bytes.includes(`${command}\0`))
      if (fault !== undefined) {
        fault.left -= 1
        way = fault.way
        struck.push(fault.command)
      }
      there(bytes)
    })
    far.on("data", (bytes) => {
      if (way === "strike") {
        refuse()
        struckDown()
      } else if (way === "cut") end()
      else if (way === undefined) back(bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))

  return {
    /** Straight to this server: what it says of itself would lead around the proxy. */
    uri: `mongodb://127.0.0.1:${(server.address() as net.AddressInfo).port}/?directConnection=true`,
    /** Cuts the connection in place of the answers to the next commands of this name. */
    lose: (command: string, times = 1) => void faults.push({ command, way: "cut", left: times }),
    /** Keeps the answer to the next command of this name. */
    hold: (command: string) => void faults.push({ command, way: "hold", left: 1 }),
    /** The commands whose answers were lost since it was asked last. */
    lost: () => struck.splice(0),
    /** Cuts every connection and takes no new one. */
    refuse,
    /**
     * Waits until the server has done a command of this name. Its answer does not pass, nor does anything else from
     * then on.
     */
    strike: (command: string) =>
      new Promise<void>((resolve) => {
        struckDown = resolve
        faults.push({ command, way: "strike", left: 1 })
      }),
    /** Decides from now on what becomes of bytes on their way to the server and to the host. */
    storm: (decide: (to: "server" | "host") => Fate) => {
      weather = decide
    },
    /** Lets everything pass again. */
    heal: () => {
      weather = () => "pass"
      refusing = false
      faults = []
      struck.length = 0
    },
    close: async () => {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
