import { type ChildProcess, spawn } from "node:child_process"
import { setTimeout as wait } from "node:timers/promises"

/** A program with all that it is started with. */
export interface Program {
  readonly program: string
  readonly args: ReadonlyArray<string>
  readonly env?: { readonly [name: string]: string }
}

/** A program that has said that it is ready. */
export interface RunningProgram {
  /** What the expression's first group matched in the line that said so. */
  readonly said: string
  readonly stop: () => Promise<void>
}

const START_LIMIT_MILLIS = 30_000
const STOP_LIMIT_MILLIS = 5000

/**
 * Starts a program and waits for a line of its output. It ends with this process at the latest.
 *
 * @param own in a group of its own: an interrupt from the terminal does not reach it, so that whoever started it can
 * end its own work first
 */
export const runProgram = async (
  { program, args, env }: Program,
  ready: RegExp,
  own: boolean,
): Promise<RunningProgram> => {
  const child = spawn(program, [...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    detached: own,
  })
  const stop = stopper(child)
  try {
    return { said: await printed(child, ready), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The program as a line to type into a shell. */
export const commandOf = ({ program, args, env = {} }: Program): string =>
  [
    ...Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`),
    ...[program, ...args].map(quoted),
  ].join(" ")

const quoted = (word: string): string =>
  /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

const printed = (child: ChildProcess, line: RegExp): Promise<string> =>
  new Promise((resolve, reject) => {
    let output = ""
    const late = () => reject(new Error(`not ready after ${START_LIMIT_MILLIS} ms: ${output}`))
    const timer = setTimeout(late, START_LIMIT_MILLIS)
    const read = (chunk: Buffer) => {
      output = `${output}${chunk}`.slice(-10_000)
      const found = line.exec(output)
      if (found === null) return
      clearTimeout(timer)
      resolve(found[1] ?? "")
    }
    const fail = (error: Error) => {
      clearTimeout(timer)
      reject(error)
    }
    child.stdout?.on("data", read)
    child.stderr?.on("data", read)
    child.once("error", fail)
    child.once("exit", (code) => fail(new Error(`ended with ${code}: ${output}`)))
  })

const stopper = (child: ChildProcess) => {
  const kill = () => void child.kill("SIGKILL")
  process.once("exit", kill)
  return async (): Promise<void> => {
    process.off("exit", kill)
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
    const ended = new Promise((resolve) => child.once("exit", resolve))
    child.kill("SIGTERM")
    await Promise.race([ended, wait(STOP_LIMIT_MILLIS)])
    kill()
    await ended
  }
}
