import * as net from "node:net"

/** What happens to the answer to a command. */
interface Fault {
  readonly command: string
  /** `cut`: the server has done it, and the connection breaks. `hold`: the answer does not come. */
  readonly way: "cut" | "hold"
  left: number
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

  const server = net.createServer((near) => {
    if (refusing) return void near.destroy()
    const far = net.connect(Number(port), hostname)
    let way: Fault["way"] | undefined
    const end = () => {
      open.delete(near)
      near.destroy()
      far.destroy()
    }
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
      far.write(bytes)
    })
    far.on("data", (bytes) => {
      if (way === "cut") end()
      else if (way === undefined) near.write(bytes)
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
    refuse: () => {
      refusing = true
      for (const socket of open) socket.destroy()
    },
    /** Lets everything pass again. */
    heal: () => {
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
