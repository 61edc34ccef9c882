import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { HostJob, HostLine } from "./HostJob.ts"
import { hear, type Witness } from "./Witness.ts"

/** A host process at work. */
export interface RunningHost {
  /** Settles when its engine is ready, or when it ended before. */
  readonly ready: Promise<void>
  /** Settles when it ended and all that it said was heard: whether it ended by itself, with its work done. */
  readonly ended: Promise<boolean>
  /** Asks it to end, after the scenes that are being played. */
  readonly ask: () => void
  /** `kill -9`. False when it had ended. */
  readonly kill: () => boolean
}

const PROGRAM = fileURLToPath(new URL("./hostProcess.ts", import.meta.url))

/** Starts a host, whose callers' answers the witness hears. */
export const startHost = (job: HostJob, witness: Witness): RunningHost => {
  const child = spawn(
    process.execPath,
    ["--conditions=@oto-fulfilment/source", PROGRAM, JSON.stringify(job)],
    // In a group of its own: who stops the run at a terminal does not stop the hosts with it.
    { stdio: ["ignore", "pipe", "pipe"], detached: true },
  )
  const abandon = () => void child.kill("SIGKILL")
  process.once("exit", abandon)
  let errors = ""
  child.stderr.on("data", (chunk: Buffer) => {
    errors = `${errors}${chunk}`.slice(-5000)
  })
  let becameReady = () => {}
  const ready = new Promise<void>((resolve) => {
    becameReady = resolve
  })
  let last: HostLine["type"] | undefined
  const heard = new Promise<void>((resolve) => {
    createInterface(child.stdout)
      .on("line", (text) => {
        const line = parse(text)
        if (line === undefined) return
        last = line.type
        if (line.type === "ready") becameReady()
        hear(witness, line)
      })
      .on("close", resolve)
  })
  const closed = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once("close", (code, signal) => resolve({ code, signal })),
  )
  const ended = Promise.all([heard, closed]).then(([, { code, signal }]) => {
    process.off("exit", abandon)
    becameReady()
    if (code !== 0 && signal === null && last !== "broken")
      witness.findings.push(`a host ended with ${code}: ${errors}`)
    return code === 0 && last === "ended"
  })
  return {
    ready,
    ended,
    ask: () => void child.kill("SIGTERM"),
    kill: () => child.exitCode === null && child.signalCode === null && child.kill("SIGKILL"),
  }
}

/** A line that was cut short by the death of its host was not said. */
const parse = (text: string): HostLine | undefined => {
  try {
    return JSON.parse(text) as HostLine
  } catch {
    return undefined
  }
}
