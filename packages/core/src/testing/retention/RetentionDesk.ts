import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import type { Engine } from "../../host/index.ts"
import { Ids } from "../../kernel/index.ts"
import type { ErasureLedger, KeyRing } from "../../privacy/index.ts"
import { type Driver, type PartitionId, Store } from "../../store/index.ts"
import { countedIds } from "../laws/countedIds.ts"
import { type MovableClock, movableClock } from "../stock/MovableClock.ts"
import { overlappingStore } from "../stock/overlappingStore.ts"
import { inside } from "../stock/StockWorld.ts"
import { fencedPorts, type Troubles } from "./FencedPorts.ts"
import { markedChannels } from "./MarkedChannel.ts"
import { plainText } from "./plainText.ts"
import { copyOf, type RawCopy } from "./RawCopy.ts"
import type { Who } from "./RetentionAct.ts"
import type { RetentionEngine } from "./RetentionEngine.ts"
import type { RetentionHistory } from "./RetentionHistory.ts"
import { type Ending, type MerchantBooks, readMerchant } from "./RetentionTrace.ts"
import { furnish, nextMerchants } from "./RetentionWorld.ts"
import { type TellTale, tellTale } from "./TellTale.ts"

/** What a host gives of its own, for its laws of retention. */
export type RetentionPorts = Driver | KeyRing | ErasureLedger

/** The place where a history is lived: two merchants, an engine over the host's ports, a clock and what goes wrong. */
export interface RetentionDesk {
  readonly merchants: readonly [PartitionId, PartitionId]
  readonly clock: MovableClock
  readonly troubles: Troubles
  readonly watch: TellTale
  readonly engine: RetentionEngine
  /** Builds the engine anew, as a process that starts does: with what the ledger says applied to the store. */
  readonly boot: Effect.Effect<Ending>
  /** Runs work of the engine's; what becomes of it is an ending, whatever it is. */
  readonly run: <A, E extends { readonly _tag: string }>(
    work: Effect.Effect<A, E, Engine>,
  ) => Effect.Effect<Ending>
  /** Work with the engine's services, without anything going wrong. */
  readonly quietly: <A, E>(work: Effect.Effect<A, E, Engine | Driver>) => Effect.Effect<A, E>
  /** The books of a merchant. */
  readonly read: (who: Who) => Effect.Effect<MerchantBooks, unknown>
  /** All that the store holds of both merchants. */
  readonly copy: Effect.Effect<RawCopy, unknown>
  readonly close: Effect.Effect<void>
}

/** Opens a place for a history. */
export const openRetentionDesk = Effect.fnUntraced(function* (
  engine: RetentionEngine,
  history: RetentionHistory,
): Effect.fn.Return<RetentionDesk, unknown, RetentionPorts> {
  const host = yield* Effect.context<RetentionPorts>()
  const merchants = yield* Effect.provide(nextMerchants, Ids.layer)
  const clock = yield* movableClock(history.start)
  const troubles: Troubles = {
    crash: undefined,
    outage: false,
    skewMillis: 0,
    written: new Map(),
  }
  const scope = yield* Scope.make()
  const watch = tellTale()
  const ids = countedIds(clock.now)
  const atTime = Effect.provideService(Clock.Clock, clock.clock)
  const ports = yield* Layer.buildWithMemoMap(
    Layer.merge(fencedPorts(new Set(merchants), troubles, clock.now), markedChannels),
    Layer.makeMemoMapUnsafe(),
    scope,
  ).pipe(Effect.provideContext(host))
  const layer = engine.layer.pipe(Layer.provide(Layer.succeedContext(ports)))

  let life = yield* Scope.make()
  let core: Context.Context<Engine> | undefined
  const start = Effect.gen(function* () {
    yield* Scope.close(life, Exit.void)
    life = yield* Scope.make()
    core = yield* Layer.buildWithMemoMap(layer, Layer.makeMemoMapUnsafe(), life)
  }).pipe(Effect.provide(watch.layer), atTime)

  const services = Effect.suspend(() => {
    if (core === undefined) return Effect.die("not booted")
    const store = overlappingStore(Context.get(core, Store), history.pace)
    return Effect.succeed(
      core.pipe(Context.add(Ids, ids), Context.add(Store, store)) as Context.Context<Engine>,
    )
  })
  const run = <A, E extends { readonly _tag: string }>(work: Effect.Effect<A, E, Engine>) =>
    Effect.flatMap(services, (context) => endingOf(Effect.provideContext(work, context))).pipe(
      Effect.provide(watch.layer),
      atTime,
    )
  const quietly = <A, E>(work: Effect.Effect<A, E, Engine | Driver>) =>
    Effect.suspend(() => {
      const context = Context.merge(host, core as Context.Context<Engine>)
      return Effect.provideContext(
        work,
        Context.add(context, Ids, ids) as Context.Context<Engine | Driver>,
      )
    }).pipe(atTime)

  yield* start
  for (const merchant of merchants) yield* quietly(furnish(merchant, history.start))
  return {
    merchants,
    clock,
    troubles,
    watch,
    engine,
    boot: endingOf(start),
    run: (work) => Effect.tap(run(work), (ending) => Effect.sync(() => watch.hear(ending))),
    quietly,
    read: (who) => quietly(inside(merchants[who])(readMerchant)),
    copy: Effect.suspend(() => quietly(copyOf(merchants, [...troubles.written.values()]))),
    close: Effect.suspend(() =>
      Effect.andThen(Scope.close(life, Exit.void), Scope.close(scope, Exit.void)),
    ),
  }
})

/** How work ended. An interruption is a crash: nothing but the history interrupts. */
const endingOf = <A, E>(work: Effect.Effect<A, E>): Effect.Effect<Ending> =>
  Effect.map(Effect.exit(work), (exit): Ending => {
    if (Exit.isSuccess(exit)) return { end: "done", answer: exit.value }
    const fail = exit.cause.reasons.find(Cause.isFailReason)
    if (fail !== undefined) return refusalOf(fail.error)
    return Cause.hasInterruptsOnly(exit.cause)
      ? { end: "crashed" }
      : { end: "died", why: String(Cause.squash(exit.cause)).split("\n", 3).join(" ") }
  })

const refusalOf = (error: unknown): Ending => ({
  end: "refused",
  tag: String((error as { readonly _tag?: unknown })._tag),
  says: `${String(error)} ${plainText(error)}`,
})
