import * as fs from "node:fs"
import * as path from "node:path"
import { freePort, isServed } from "./ports.ts"

/** Where a server's data stay when it has ended, and the port that it is to listen on again. */
export interface KeptPlace {
  readonly folder: string
  readonly port: number
}

/** A place this young may be one whose server is still starting. */
const YOUNG_MILLIS = 60_000

/**
 * A new place, a folder of `parent` with the port as its name. Places of earlier runs are removed, but for those whose
 * server runs: somebody is looking at them.
 */
export const newKeptPlace = async (parent: string): Promise<KeptPlace> => {
  for (const name of fs.existsSync(parent) ? fs.readdirSync(parent) : []) {
    const folder = path.join(parent, name)
    const young = Date.now() - fs.statSync(folder).mtimeMs < YOUNG_MILLIS
    if (!/^\d+$/.test(name) || young || (await isServed(Number(name)))) continue
    fs.rmSync(folder, { recursive: true, force: true })
  }
  const port = await freePort()
  const folder = path.join(parent, String(port))
  fs.rmSync(folder, { recursive: true, force: true })
  fs.mkdirSync(folder, { recursive: true })
  return { folder, port }
}
