import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import fc from "fast-check"
import {
  AuditDigests,
  AuditLogBroken,
  expireAuditLog,
  expiryOf,
  LogDays,
} from "../../audit/index.ts"
import { DAY_MILLIS, type Ids } from "../../kernel/index.ts"
import { type KeyRing, sealAuditLog } from "../../privacy/index.ts"
import { remove, Store } from "../../store/index.ts"
import type { Clause, Contract } from "../Contract.ts"
import { expectSame, expectTrue } from "../expectations.ts"
import { forAll, type Trials } from "../forAll.ts"
import { type AuditHistory, auditHistory, type ClockStep } from "./AuditHistory.ts"
import { type AuditWorld, openAuditWorld, setClock, within, writeEvent } from "./AuditWorld.ts"
import { chainTamperings } from "./chainTamperings.ts"
import { eventTamperings } from "./eventTamperings.ts"
import { checkLog, liveBeat } from "./liveBeat.ts"
import { expectWhole, readLog } from "./sealedLog.ts"

type AuditServices = Store | Ids | KeyRing

/**
 * The laws of the audit log as a contract that a host runs on its own composition, key ring included (I11, R44).
 *
 * Histories are generated: events that are written, some late; sealers, sweeps and checks that meet in any order, some
 * cut off, some without an answer of the store; a clock that steps both ways and stops around the instants at which
 * digests may go. Then logs are tampered with, in each of the ways that are known, and the check must name the first
 * place. Each history lives in a partition of its own and leaves it behind.
 *
 * ```ts
 * import { Core } from "@oto-fulfilment/core"
 * import { auditLaws, runContract } from "@oto-fulfilment/core/testing"
 *
 * runContract({ describe, it, afterAll }, auditLaws({ runs: 500 }), Layer.merge(core, keyRing), { share: true })
 * ```
 *
 * @param trials.runs how many histories
 * @param trials.seed from which seed; a new one each time when left out
 */
export const auditLaws = (trials: Trials): Contract<AuditServices> => ({
  name: "laws of the audit log",
  clauses: [
    clause(
      "every event is sealed exactly once, whoever seals, and the chain has no gap",
      "I11",
      () => forAll(auditHistory(8), trials, sealedOnce),
    ),
    clause("whatever is changed in a sealed log is found, at the first place", "I11", () =>
      forAll(tamperedHistory, trials, tamperingFound),
    ),
    clause(
      "a digest goes at its limit, not a millisecond before, and the rest verifies",
      "R44",
      () =>
        forAll(
          fc.constantFrom(366, 400),
          { ...trials, runs: Math.min(4, trials.runs) },
          goesAtLimit,
        ),
    ),
    clause("a log that was tampered with is not let expire", "R44", () =>
      forAll(fc.constant(undefined), { ...trials, runs: 1 }, evidenceStays),
    ),
  ],
})

const clause = (
  name: string,
  law: string,
  check: () => Effect.Effect<void, unknown, AuditServices>,
): Clause<AuditServices> => ({
  name,
  law,
  // Sealing logs each digest: that is the host's to read, and here nobody's.
  check: Effect.suspend(check).pipe(Effect.provide(Logger.layer([]))),
})

const moveClock = Effect.fnUntraced(function* (world: AuditWorld, step: ClockStep) {
  if ("by" in step) return setClock(world, Math.max(0, world.millis + step.by))
  const [oldest] = (yield* readLog).digests
  if (oldest === undefined) return
  setClock(world, expiryOf(oldest.value.newest, LogDays.make(world.days)) + step.toExpiry)
})

const live = Effect.fnUntraced(function* ({ days, beats }: AuditHistory) {
  const world = yield* openAuditWorld(days)
  for (const [step, beat] of beats) {
    yield* within(world)(moveClock(world, step))
    yield* liveBeat(world, beat)
    // Looking at everything takes most of the time on a store that is far away: now and then is enough.
    if (beat.checks > 1) yield* within(world)(expectSound(world))
  }
  return world
})

/** The log is whole, by its own check and by what was written. */
const expectSound = Effect.fnUntraced(function* (world: AuditWorld) {
  const log = yield* readLog
  expectWhole(world, log)
  const { broken, events, unsealed } = yield* checkLog()
  expectSame("the check", broken, undefined)
  const sealed = log.events.filter(({ value }) => value.digest !== undefined).length
  expectSame("sealed events", events, sealed)
  expectSame("unsealed events", unsealed.count, log.events.length - sealed)
})

const tamperings = [...eventTamperings, ...chainTamperings]

const sealedOnce = Effect.fnUntraced(function* (history: AuditHistory) {
  const world = yield* live(history)
  yield* Effect.gen(function* () {
    yield* sealAuditLog()
    yield* expectSound(world)
    expectSame("unsealed events at last", (yield* checkLog()).unsealed.count, 0)
    yield* expireAuditLog
    yield* expectSound(world)
    const [oldest] = (yield* readLog).digests
    const due = oldest && expiryOf(oldest.value.newest, LogDays.make(world.days))
    expectTrue("no digest is past its time after a sweep", due === undefined || due > world.millis)
  }).pipe(within(world))
})

interface TamperedHistory {
  readonly history: AuditHistory
  /** Whether what it has sealed has expired, when somebody lays hands on it. */
  readonly aged: boolean
  readonly how: number
  readonly picks: ReadonlyArray<number>
}

const tamperedHistory: fc.Arbitrary<TamperedHistory> = fc.record({
  history: auditHistory(3),
  aged: fc.boolean(),
  how: fc.nat(),
  picks: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
})

/** Lets all expire that there is, two digests at least. */
const age = Effect.fnUntraced(function* (world: AuditWorld) {
  yield* writeEvent(world, 0)
  yield* writeEvent(world, 0)
  yield* sealAuditLog({ limit: 1 })
  setClock(world, world.latest + (world.days + 1) * DAY_MILLIS)
  yield* expireAuditLog
})

const tamperingFound = Effect.fnUntraced(function* ({
  history,
  aged,
  how,
  picks,
}: TamperedHistory) {
  const world = yield* live(history)
  yield* Effect.gen(function* () {
    if (aged) yield* age(world)
    for (const late of [0, 1, 2, 0, 3]) yield* writeEvent(world, late)
    yield* sealAuditLog({ limit: 2 })
    const log = yield* readLog
    const able = tamperings.flatMap(({ name, tamper }) => {
      let used = 0
      const pick = (below: number) => (picks[used++ % picks.length] ?? 0) % below
      const made = tamper({ world, log, pick })
      return made === undefined ? [] : [{ name, ...made }]
    })
    const chosen = able[how % able.length]
    expectTrue("something can be tampered with", chosen !== undefined)
    if (chosen === undefined) return
    for (const batch of chosen.batches) yield* (yield* Store).commit(batch)
    const { broken } = yield* checkLog(chosen.marks)
    expectSame(chosen.name, broken, chosen.finds)
  }).pipe(within(world))
})

const goesAtLimit = Effect.fnUntraced(function* (days: number) {
  const world = yield* openAuditWorld(days)
  yield* Effect.gen(function* () {
    yield* writeEvent(world, 0)
    yield* sealAuditLog()
    setClock(world, world.millis + 1)
    yield* writeEvent(world, 0)
    yield* sealAuditLog()
    const limit = world.millis - 1 + days * DAY_MILLIS
    for (const [offset, left] of [
      [-1, 2],
      [0, 1],
      [1, 0],
    ] as const) {
      setClock(world, limit + offset)
      yield* expireAuditLog
      expectSame(`digests at ${offset} ms`, (yield* readLog).digests.length, left)
      yield* expectSound(world)
    }
  }).pipe(within(world))
})

const evidenceStays = Effect.fnUntraced(function* () {
  const world = yield* openAuditWorld(366)
  yield* Effect.gen(function* () {
    yield* writeEvent(world, 0)
    yield* sealAuditLog()
    const { events, digests } = yield* readLog
    const [event] = events
    if (event === undefined) throw new Error("nothing was sealed")
    const store = yield* Store
    yield* store.commit([remove(event)])
    setClock(world, world.millis + 367 * DAY_MILLIS)
    const broken = yield* Effect.flip(expireAuditLog)
    expectTrue("expiry stops at the break", broken instanceof AuditLogBroken)
    expectSame("what is left", (yield* store.get(AuditDigests, digests[0]?.id ?? ""))._tag, "Some")
  }).pipe(within(world))
})
