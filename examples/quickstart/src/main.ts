// The demo: `pnpm demo`. slice/ makes orders of the data set, story/ has the steps, telling/ prints.

import { Core } from "@oto-fulfilment/core"
import { Cause, Effect, Exit, Layer } from "effect"
import { readSlice } from "./slice/readSlice.ts"
import { overlappingDriver } from "./story/overlappingDriver.ts"
import { tellStory } from "./telling/tellStory.ts"

const stop = new AbortController()
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort())

const engine = Core.layer.pipe(Layer.provide(overlappingDriver))
const demo = Effect.flatMap(readSlice, tellStory)
const exit = await Effect.runPromiseExit(Effect.provide(demo, engine), {
  signal: stop.signal,
})

if (Exit.isFailure(exit)) {
  const interrupted = Cause.hasInterruptsOnly(exit.cause)
  console.error(interrupted ? "\nStopped. Nothing is left behind." : Cause.pretty(exit.cause))
  process.exitCode = interrupted ? 130 : 1
}
