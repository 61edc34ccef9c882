import * as fs from "node:fs"
import * as path from "node:path"
import { cacheFolder } from "./cacheFolder.ts"
import { exe, onPath } from "./onPath.ts"

/** The version of the faster stand-in that `pnpm mongo:fast` builds. */
export const RUST_SERVER = "0.5.3-beta.196"

/** Where cargo installs the faster stand-in. */
export const rustHome = (): string => path.join(cacheFolder(), `secantus-rs-${RUST_SERVER}`)

/** The program as `pnpm mongo:fast` leaves it. */
export const builtRustServer = (): string => path.join(rustHome(), "bin", exe("secantusd-rs"))

/** The faster stand-in, where somebody has built it. */
export const findRustServer = ():
  | { readonly program: string; readonly place: string }
  | undefined => {
  const built = builtRustServer()
  if (fs.existsSync(built)) return { program: built, place: "in the cache folder" }
  const program = onPath("secantusd-rs")
  return program === undefined ? undefined : { program, place: "on PATH" }
}
