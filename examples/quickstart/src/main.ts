// The demo: `pnpm demo`. slice/ makes orders of the data set, story/ has the steps, telling/ prints.

import { Core } from "@oto-fulfilment/core"
import { Cause, Effect, Exit, Layer, Option, Result } from "effect"
import { type DemoOptions, readOptions } from "./options.ts"
import { readSlice } from "./slice/readSlice.ts"
import { demoPorts, inItsTime } from "./story/demoPorts.ts"
import { overlappingDriver } from "./story/overlappingDriver.ts"
import { tellStory } from "./telling/tellStory.ts"

const story = Effect.flatMap(readSlice, tellStory)

const options = readOptions(process.argv.slice(2))
if (Result.isFailure(options)) {
  console.error(options.failure)
  process.exitCode = 2
} else {
  await run(options.success)
}

async function run({ store }: DemoOptions): Promise<void> {
  const stop = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort())
  const demo = store === "mongo" ? await onMongo() : onMemory()
  const exit = await Effect.runPromiseExit(inItsTime(demo), { signal: stop.signal })
  if (Exit.isSuccess(exit)) return
  const interrupted = Cause.hasInterruptsOnly(exit.cause)
  const left = store === "mongo" ? "What was done is whole." : "Nothing is left behind."
  console.error(interrupted ? `\nStopped. ${left}` : inWords(exit.cause))
  process.exitCode = interrupted ? 130 : 1
}

/** Of a server that is not there or not fit, the message says all. */
function inWords(cause: Cause.Cause<{ readonly _tag: string; readonly message: string }>): string {
  const failure = Option.getOrUndefined(Cause.findErrorOption(cause))
  return failure?._tag === "NoMongoServer" || failure?._tag === "MongoRefused"
    ? failure.message
    : Cause.pretty(cause)
}

function onMemory() {
  return Effect.provide(
    story,
    Core.layer.pipe(Layer.provideMerge(Layer.merge(overlappingDriver, demoPorts))),
  )
}

async function onMongo() {
  // The driver for MongoDB is loaded by those who ask for it.
  return (await import("./mongo/onMongo.ts")).onMongo(story)
}
