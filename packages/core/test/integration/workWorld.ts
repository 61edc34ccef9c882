import { Effect, Fiber, Layer, Schedule, Schema, Stream } from "effect"
import { AuditEventId, AuditLog } from "../../src/audit/index.ts"
import {
  type JobHandler,
  JobQueue,
  Jobs,
  offer,
  type WorkOptions,
  work,
} from "../../src/integration/index.ts"
import { Ids, nextId, now } from "../../src/kernel/index.ts"
import { storeDriver } from "../../src/memory/storeDriver.ts"
import {
  type AnyCollection,
  CurrentPartition,
  type Entry,
  insert,
  openPartition,
  type PartitionId,
  type RecordOf,
  Store,
} from "../../src/store/index.ts"
import { MERCHANT_A } from "../world.ts"

/** A queue that is tried three times, a second apart. */
export const Packing = JobQueue.make("packing", {
  payload: Schema.Struct({ parcel: Schema.Int }),
  maxAttempts: 3,
  retrySchedule: Schedule.spaced("1 second"),
  leaseMillis: 3000,
  timeLimitMillis: 10_000,
})

export class TapeMissing extends Schema.TaggedError<TapeMissing>()("TapeMissing", {
  of: Schema.String,
}) {
  override get message() {
    return `no tape for the parcel of ${this.of}`
  }
}

const surroundings = Layer.mergeAll(Store.layer([]).pipe(Layer.provide(storeDriver)), Ids.layer)

export const within =
  (partition: PartitionId) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.provideService(effect, CurrentPartition, openPartition(partition))

/** A new world, in which the rest happens in the partition of merchant A. */
export const inWorld = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  effect.pipe(within(MERCHANT_A), Effect.provide(surroundings, { local: true }))

export const commit = (...batch: ReadonlyArray<Entry>) =>
  Effect.flatMap(Store, (store) => store.commit(batch))

/** Offers jobs to pack these parcels, now. */
export const pack = (...parcels: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const at = yield* now
    for (const parcel of parcels) yield* commit(yield* offer(Packing, { parcel }, { at }))
  })

/** Everything that the partition has of a collection. */
export const all = <C extends AnyCollection>(collection: C) =>
  Effect.flatMap(Store, (store) => Stream.runCollect(store.scan(collection))).pipe(
    Effect.map((found) => found.map(({ value }) => value as RecordOf<C>)),
  )

/** The one job that there is. */
export const theJob = Effect.map(all(Jobs), ([job]) => job)

/** An event that says that something was done: an effect that a test can count. */
export const noted = (action: string, id: string) =>
  Effect.gen(function* () {
    return insert(AuditLog, {
      id: yield* nextId(AuditEventId),
      at: yield* now,
      actor: { kind: "system", id: "worker" },
      action,
      object: { kind: "parcel", id },
      outcome: "done",
    })
  })

/** A worker that runs until the test ends, or until it is interrupted. */
export const hire = <R>(handlers: ReadonlyArray<JobHandler<R>>, options?: WorkOptions) =>
  Effect.forkChild(work(handlers, options))

/** Ends a worker as its host does. */
export const dismiss = Fiber.interrupt
