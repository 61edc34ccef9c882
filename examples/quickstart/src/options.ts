import { parseArgs } from "node:util"
import { Result } from "effect"

/** What the command line may ask for. */
export interface DemoOptions {
  /** Where the story happens: on the embedded store, or on a MongoDB server. */
  readonly store: "memory" | "mongo"
}

const HOW = "The demo knows one option: --store memory (as without it) or --store mongo."

/** Reads the command line. Fails with what is wrong with it, in words. */
export const readOptions = (args: ReadonlyArray<string>): Result.Result<DemoOptions, string> => {
  // Some package managers hand on the mark that ends their own options.
  const own = args[0] === "--" ? args.slice(1) : [...args]
  const read = Result.try({
    try: () => parseArgs({ args: own, options: { store: { type: "string" } } }).values,
    catch: (error) => (error instanceof Error ? error.message : String(error)),
  })
  if (Result.isFailure(read)) return Result.fail(`${read.failure}\n${HOW}`)
  const { store = "memory" } = read.success
  return store === "memory" || store === "mongo"
    ? Result.succeed({ store })
    : Result.fail(`There is no store "${store}".\n${HOW}`)
}
