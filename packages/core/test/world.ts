import { Effect, Layer } from "effect"
import { CurrentActor, type Role, type StandingState, Standings } from "../src/access/index.ts"
import { Ids, type Timestamp } from "../src/kernel/index.ts"
import { storeDriver } from "../src/memory/storeDriver.ts"
import { CurrentPartition, insert, openPartition, PartitionId, Store } from "../src/store/index.ts"

/** Two merchants of one operator, by fixed ids. */
export const MERCHANT_A = PartitionId.make("01890a5d-ac96-774b-8cce-b302099a8057")
export const MERCHANT_B = PartitionId.make("01890a5d-ac96-774b-8cce-b302099a8058")

/** What operations need besides a partition and an actor, over the embedded driver. Build it anew for each test. */
export const surroundings = Layer.mergeAll(
  Store.layer([]).pipe(Layer.provide(storeDriver)),
  Ids.layer,
)

/** Runs `work` in one partition as an actor with `roles` there. */
export const inside =
  (partition: PartitionId, roles: ReadonlyArray<Role> = ["owner"]) =>
  <A, E, R>(work: Effect.Effect<A, E, R>) =>
    work.pipe(
      Effect.provideService(CurrentPartition, openPartition(partition)),
      Effect.provideService(CurrentActor, { ref: { kind: "user", id: "tester" }, roles }),
    )

/** Runs `work` in merchant A as the person of this id, with `roles` there. */
export const asActor =
  (id: string, roles: ReadonlyArray<Role>) =>
  <A, E, R>(work: Effect.Effect<A, E, R>) =>
    work.pipe(
      Effect.provideService(CurrentPartition, openPartition(MERCHANT_A)),
      Effect.provideService(CurrentActor, { ref: { kind: "user", id }, roles }),
    )

/** Opens the current partition for commands, as opening a merchant does. */
export const opened = (state: StandingState = "active") =>
  Effect.flatMap(Store, (store) =>
    store.commit([insert(Standings, { id: "standing", state, since: 0 as Timestamp })]),
  )

/** Runs `work` as somebody with the run of the place in merchant A, in a new world where merchants A and B are open. */
export const inWorld = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    yield* inside(MERCHANT_A)(opened())
    yield* inside(MERCHANT_B)(opened())
    return yield* inside(MERCHANT_A, ["owner", "platform_admin"])(work)
  }).pipe(Effect.provide(surroundings, { local: true }))
