import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { CommandServices } from "../../command/index.ts"
import { Ids } from "../../kernel/index.ts"
import { type PartitionId, Store } from "../../store/index.ts"
import { countedIds } from "../laws/countedIds.ts"
import { movableClock } from "../stock/MovableClock.ts"
import { overlappingStore } from "../stock/overlappingStore.ts"
import { inside, START } from "../stock/StockWorld.ts"
import { openShop } from "./OrderShop.ts"

/** Where the commands of one merchant are sent from: with a clock and ids of its own. */
interface Desk {
  readonly merchant: PartitionId
  readonly now: () => number
  readonly moveTo: (millis: number) => void
  readonly run: <A, E>(work: Effect.Effect<A, E, CommandServices>) => Effect.Effect<A, E>
}

/** Opens a new shop, over a store whose callers overlap. */
export const openDesk = (pace: ReadonlyArray<number>): Effect.Effect<Desk, unknown, Store | Ids> =>
  Effect.gen(function* () {
    const store = overlappingStore(yield* Store, pace)
    const clock = yield* movableClock(START)
    const ids = countedIds(clock.now)
    const merchant = yield* openShop
    return {
      merchant,
      now: clock.now,
      moveTo: clock.moveTo,
      run: (work) =>
        inside(merchant)(work).pipe(
          Effect.provideService(Store, store),
          Effect.provideService(Ids, ids),
          Effect.provideService(Clock.Clock, clock.clock),
        ),
    }
  })
