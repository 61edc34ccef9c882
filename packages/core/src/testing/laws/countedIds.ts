import * as Effect from "effect/Effect"
import { Ids } from "../../kernel/index.ts"

/** Ids that tell the order in which they were made, the same in each life of a history. */
export const countedIds = (now: () => number): Ids["Service"] => {
  let made = 0
  return Ids.of({
    next: Effect.sync(() => {
      made += 1
      const time = now().toString(16).padStart(12, "0")
      return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${made.toString(16).padStart(12, "0")}`
    }),
  })
}
