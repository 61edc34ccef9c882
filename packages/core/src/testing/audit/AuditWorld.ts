import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import {
  type ActorRef,
  type AuditEvent,
  AuditLog,
  AuditRetention,
  auditEvent,
  LogDays,
} from "../../audit/index.ts"
import { nextId, type Timestamp } from "../../kernel/index.ts"
import { CurrentPartition, insert, openPartition, PartitionId, Store } from "../../store/index.ts"

/** One partition with its log, a clock that may step back, and what was written to the log. */
export interface AuditWorld {
  readonly partition: PartitionId
  readonly days: number
  readonly written: Map<string, AuditEvent>
  /** What the clock shows, and the latest that it has ever shown. */
  millis: number
  latest: number
}

const START = Date.UTC(2027, 9, 30, 22, 30)

/** A new partition with an empty log, on the eve of the end of summer time in a year before a leap year. */
export const openAuditWorld = (days: number) =>
  Effect.map(
    nextId(PartitionId),
    (partition): AuditWorld => ({
      partition,
      days,
      written: new Map(),
      millis: START,
      latest: START,
    }),
  )

/** Sets the world's clock, forwards or back. */
export const setClock = (world: AuditWorld, millis: number): void => {
  world.millis = millis
  world.latest = Math.max(world.latest, millis)
}

/** Runs work in the world's partition, by its clock and under its retention. */
export const within =
  (world: AuditWorld) =>
  <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, Exclude<R, CurrentPartition>> =>
    Effect.flatMap(Clock.Clock, (real) => {
      const nanos = () => BigInt(world.millis) * 1_000_000n
      return work.pipe(
        Effect.provideService(CurrentPartition, openPartition(world.partition)),
        Effect.provideService(AuditRetention, LogDays.make(world.days)),
        Effect.provideService(Clock.Clock, {
          currentTimeMillisUnsafe: () => world.millis,
          currentTimeMillis: Effect.sync(() => world.millis),
          currentTimeNanosUnsafe: nanos,
          currentTimeNanos: Effect.sync(nanos),
          monotonicTimeNanosUnsafe: () => real.monotonicTimeNanosUnsafe(),
          monotonicTimeNanos: real.monotonicTimeNanos,
          sleep: (duration) => real.sleep(duration),
        }),
      )
    }) as Effect.Effect<A, E, Exclude<R, CurrentPartition>>

const ACTORS: ReadonlyArray<ActorRef> = [
  { kind: "user", id: "u-1" },
  { kind: "user", id: "u-2" },
  { kind: "integration", id: "shop" },
]

/** Writes one event, some milliseconds behind the clock, as the batch of a command would. */
export const writeEvent = Effect.fnUntraced(function* (world: AuditWorld, late: number) {
  const place = world.written.size
  const event = yield* auditEvent({
    at: Math.max(0, world.millis - late) as Timestamp,
    actor: ACTORS[place % ACTORS.length] ?? { kind: "system", id: "law" },
    action: place % 3 === 0 ? "reveal" : "recordPick",
    object: { kind: "order", id: `order-${place % 7}` },
    ...(place % 3 === 0 && { purpose: "label" as const }),
    outcome: place % 5 === 4 ? "refused" : "done",
    ...(place % 5 === 4 && { reason: "Forbidden" }),
    correlation: `key-${place}`,
  })
  yield* (yield* Store).commit([insert(AuditLog, event)])
  world.written.set(event.id, event)
})
