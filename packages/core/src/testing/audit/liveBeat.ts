import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import {
  type AuditLogBroken,
  type DigestMark,
  expireAuditLog,
  verifyDigests,
} from "../../audit/index.ts"
import type { Ids } from "../../kernel/index.ts"
import { KeyRing, type KeyRingUnavailable, sealAuditLog } from "../../privacy/index.ts"
import {
  type CommitRefused,
  type CurrentPartition,
  Store,
  StoreUnavailable,
  type TooLarge,
} from "../../store/index.ts"
import { expectSame } from "../expectations.ts"
import { overlappingStore } from "../stock/overlappingStore.ts"
import type { AuditBeat } from "./AuditHistory.ts"
import { type AuditWorld, within, writeEvent } from "./AuditWorld.ts"

/** Checks the log with the key ring that signed it. */
export const checkLog = Effect.fnUntraced(function* (marks: ReadonlyArray<DigestMark> = []) {
  const { verify } = yield* KeyRing
  return yield* verifyDigests({ signed: verify, marks })
})

type Work<R> = Effect.Effect<
  unknown,
  AuditLogBroken | KeyRingUnavailable | CommitRefused | TooLarge | StoreUnavailable,
  R | Store | CurrentPartition
>

/** Lives one beat: all of it at once, the first worker perhaps cut off, one commit perhaps without an answer. */
export const liveBeat = Effect.fnUntraced(function* (world: AuditWorld, beat: AuditBeat) {
  const store = overlappingStore(yield* Store, beat.pace)
  const workers: ReadonlyArray<Work<KeyRing>> = [
    ...Array.from({ length: beat.sealers }, () => sealAuditLog({ limit: beat.limit })),
    ...Array.from({ length: beat.sweeps }, () => expireAuditLog),
  ]
  const others: ReadonlyArray<Work<KeyRing | Ids>> = [
    ...beat.writes.map((late) => writeEvent(world, late)),
    ...Array.from({ length: beat.checks }, () =>
      Effect.map(checkLog(), ({ broken }) => expectSame("a check meanwhile", broken, undefined)),
    ),
  ]
  const working = workers.map((work) =>
    work.pipe(
      // A worker whose store did not answer is done; a next one goes on from what is there.
      Effect.catchTag("StoreUnavailable", () => Effect.void),
      Effect.provideService(Store, losingAnswers(store, beat.fault)),
      within(world),
    ),
  )
  const other = others.map((work) => work.pipe(Effect.provideService(Store, store), within(world)))
  const cut = beat.cut
  const [first, ...rest] = working
  const all = [
    ...(first === undefined ? [] : [cut === undefined ? first : cutOff(first, cut)]),
    ...rest,
    ...other,
  ]
  yield* Effect.all(all, { concurrency: "unbounded", discard: true })
})

const cutOff = <E, R>(work: Effect.Effect<unknown, E, R>, turns: number) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(work)
    for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
    yield* Fiber.interrupt(fiber)
  })

/** A store that fails to answer one commit, which it has carried out or not. */
const losingAnswers = (store: Store["Service"], fault: AuditBeat["fault"]): Store["Service"] => {
  let commits = 0
  const lost = new StoreUnavailable({ operation: "commit", reason: "law" })
  return Store.of({
    ...store,
    commit: (batch) =>
      Effect.suspend(() => {
        commits += 1
        if (commits !== fault?.commit) return store.commit(batch)
        return fault.written
          ? Effect.andThen(store.commit(batch), Effect.fail(lost))
          : Effect.fail(lost)
      }),
  })
}
