import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { Store, StoreUnavailable } from "../../store/index.ts"
import { type Fault, LEASE } from "./JobHistory.ts"

/** Calls of the store that are under way, and how many there were: nothing happens while neither changes. */
export interface Traffic {
  open: number
  total: number
}

/** What happens to one worker's calls of the store. */
interface Line {
  readonly pace: ReadonlyArray<number>
  readonly fault: Fault | undefined
  readonly traffic: Traffic
  /** The clock of this computer, by which the store itself waits, and the one of the history. */
  readonly clocks: { readonly real: Clock.Clock; readonly stepped: Clock.Clock }
  readonly isCut: () => boolean
  /** Told when a fault strikes. */
  readonly onFault: (kind: Fault["kind"]) => void
}

/** Calls that an outage or a slow time lasts. */
const LASTS = 6

/**
 * The store as one worker sees it: each call takes its turns of the scheduler, and at the fault's call the answer does
 * not come, or comes when the lease is long over, whether the store did what it was asked early or late. A crashed
 * worker reaches it no more.
 */
export const faultyStore = (store: Store["Service"], line: Line): Store["Service"] => {
  const { fault, traffic, clocks } = line
  let calls = 0
  const crawl = Effect.suspend(() => {
    traffic.open -= 1
    return Effect.sleep(LEASE * 1.5).pipe(
      Effect.provideService(Clock.Clock, clocks.stepped),
      Effect.ensuring(count(traffic, 1)),
    )
  })
  const strike = (gone: StoreUnavailable): Effect.Effect<void, StoreUnavailable> =>
    Effect.suspend(() => {
      if (fault === undefined) return Effect.void
      line.onFault(fault.kind)
      return fault.kind === "slow" ? crawl : Effect.fail(gone)
    })

  const call = <A, E, R>(operation: string, work: Effect.Effect<A, E, R>) =>
    Effect.suspend(() => {
      const n = calls++
      const gone = new StoreUnavailable({ operation, reason: "a fault of the history" })
      const unlessCut = Effect.suspend(() => (line.isCut() ? Effect.fail(gone) : Effect.void))
      const strikeIf = (done: boolean) =>
        isStruck(fault, n) && fault?.done === done ? strike(gone) : Effect.void
      traffic.total += 1
      traffic.open += 1
      return turnsPass(line.pace[n % line.pace.length] ?? 0).pipe(
        Effect.andThen(unlessCut),
        Effect.andThen(strikeIf(false)),
        Effect.andThen(unlessCut),
        Effect.andThen(Effect.exit(work)),
        Effect.tap(() => Effect.andThen(strikeIf(true), unlessCut)),
        Effect.flatMap(Exit.match({ onSuccess: Effect.succeed, onFailure: Effect.failCause })),
        Effect.provideService(Clock.Clock, clocks.real),
        Effect.ensuring(count(traffic, -1)),
      )
    })

  return Store.of({
    ...store,
    get: (...asked) => call("get", store.get(...asked)),
    getMany: (...asked) => call("getMany", store.getMany(...asked)),
    find: (...asked) => call("find", store.find(...asked)),
    commit: (batch) => call("commit", store.commit(batch)),
    due: (...asked) =>
      Stream.unwrap(
        Effect.map(call("due", Stream.runCollect(store.due(...asked))), Stream.fromIterable),
      ),
  })
}

const isStruck = (fault: Fault | undefined, call: number): boolean =>
  fault !== undefined &&
  call >= fault.call &&
  call < fault.call + (fault.kind === "crash" ? 1 : LASTS)

const count = (traffic: Traffic, more: number) =>
  Effect.sync(() => {
    traffic.open += more
  })

/** Gives way to others so many times. */
export const turnsPass = Effect.fnUntraced(function* (many: number) {
  for (let waited = 0; waited < many; waited++) yield* Effect.yieldNow
})
