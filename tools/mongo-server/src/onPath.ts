import * as fs from "node:fs"
import * as path from "node:path"

/** Where PATH has a program. */
export const onPath = (name: string): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .map((folder) => path.join(folder, exe(name)))
    .find((file) => fs.existsSync(file))

/** A program's file name. */
export const exe = (name: string): string => (process.platform === "win32" ? `${name}.exe` : name)
