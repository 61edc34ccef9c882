import { execFile } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { promisify } from "node:util"

/** The version of the stand-in that the test command installs from PyPI. */
export const PYTHON_SERVER = "0.7.0b3"

/** How to run the stand-in, up to its own options. */
interface PythonServer {
  readonly program: string
  readonly args: ReadonlyArray<string>
  readonly env: { readonly [name: string]: string }
  /** Whether it was installed just now. */
  readonly installed: boolean
}

const run = promisify(execFile)
const TIME_LIMIT = 180_000
const START = ["-c", "from secantus.cli import main; main()"]

/**
 * Finds or installs the Python server in `cache`. Two test commands may do so at once: each installs into a folder of
 * its own, and the first one to finish gives its folder the final name.
 */
export const installPythonServer = async (cache: string): Promise<PythonServer> => {
  const { python, version } = await findPython()
  const home = path.join(cache, `secantus-${PYTHON_SERVER}-py${version}`)
  const known = found(python, home)
  if (known !== undefined) return { ...known, installed: false }
  fs.mkdirSync(cache, { recursive: true })
  const workshop = fs.mkdtempSync(`${home}.`)
  try {
    await install(python, workshop)
    if (found(python, home) === undefined) {
      // A folder that cannot run, such as one whose Python is gone, makes room.
      if (fs.existsSync(home)) fs.renameSync(home, `${workshop}.old`)
      fs.renameSync(workshop, home)
    }
  } catch (error) {
    if (found(python, home) === undefined) throw error
  } finally {
    fs.rmSync(workshop, { recursive: true, force: true })
    fs.rmSync(`${workshop}.old`, { recursive: true, force: true })
  }
  const made = found(python, home)
  if (made === undefined) throw new Error(`the installation in ${home} is incomplete`)
  return { ...made, installed: true }
}

/** A virtual environment where Python can make one, else a plain folder of packages. */
const install = async (python: string, folder: string): Promise<void> => {
  const wanted = `SecantusDB==${PYTHON_SERVER}`
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
  const venv = path.join(folder, "venv")
  try {
    await run(python, ["-m", "venv", venv], { timeout: TIME_LIMIT })
  } catch {
    fs.rmSync(venv, { recursive: true, force: true })
    const target = ["--target", path.join(folder, "site"), wanted]
    await run(python, ["-m", "pip", "install", ...quiet, ...target], { timeout: TIME_LIMIT })
    return
  }
  await run(inVenv(venv), ["-m", "pip", "install", ...quiet, wanted], { timeout: TIME_LIMIT })
}

const found = (python: string, home: string): Omit<PythonServer, "installed"> | undefined => {
  const venv = path.join(home, "venv")
  const site = path.join(home, "site")
  if (fs.existsSync(inVenv(venv))) return { program: inVenv(venv), args: START, env: {} }
  return fs.existsSync(site)
    ? { program: python, args: START, env: { PYTHONPATH: site } }
    : undefined
}

const inVenv = (venv: string): string =>
  process.platform === "win32"
    ? path.join(venv, "Scripts", "python.exe")
    : path.join(venv, "bin", "python")

/** A Python for which the stand-in has wheels. */
const findPython = async (): Promise<{ readonly python: string; readonly version: string }> => {
  const minors = [13, 12, 11, 10]
  for (const python of ["python3", "python", ...minors.map((minor) => `python3.${minor}`)]) {
    try {
      const print = "import sys; print('%d.%d' % sys.version_info[:2])"
      const version = (await run(python, ["-c", print], { timeout: 10_000 })).stdout.trim()
      if (minors.some((minor) => version === `3.${minor}`)) return { python, version }
    } catch {
      // Not there, or a name without a program behind it.
    }
  }
  throw new Error("there is no Python 3.10 to 3.13")
}
