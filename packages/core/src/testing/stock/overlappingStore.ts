import * as Effect from "effect/Effect"
import { Store } from "../../store/index.ts"

/**
 * A store whose callers wait before each read and each write, for as many turns of the scheduler as `pace` says, in
 * rotation. A store in this process answers at once, so that its callers would take turns and never meet; behind
 * this one they overlap in many ways, and in the same way each time that the same calls are made.
 */
export const overlappingStore = (
  store: Store["Service"],
  pace: ReadonlyArray<number>,
): Store["Service"] => {
  let calls = 0
  const reach = Effect.gen(function* () {
    const turns = pace[calls++ % pace.length] ?? 0
    for (let waited = 0; waited < turns; waited++) yield* Effect.yieldNow
  })
  return Store.of({
    ...store,
    get: (...asked) => Effect.andThen(reach, store.get(...asked)),
    getMany: (...asked) => Effect.andThen(reach, store.getMany(...asked)),
    find: (...asked) => Effect.andThen(reach, store.find(...asked)),
    commit: (batch) => Effect.andThen(reach, store.commit(batch)),
  })
}
