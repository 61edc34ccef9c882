import * as os from "node:os"
import * as path from "node:path"

/** Where servers, and data that a user wants to look at, are kept between runs, beside no project. */
export const cacheFolder = (): string =>
  path.join(process.env["XDG_CACHE_HOME"] || path.join(os.homedir(), ".cache"), "oto-fulfilment")
