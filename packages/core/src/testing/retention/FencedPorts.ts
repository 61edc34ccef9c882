import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { ErasureLedger, KeyRing, KeyRingUnavailable } from "../../privacy/index.ts"
import {
  type CollectionShape,
  Driver,
  type DueRecord,
  type PartitionId,
} from "../../store/index.ts"

/** What goes wrong with the ports of one history, at present, and what they were used for. */
export interface Troubles {
  /** Dies at the so-many-th call of the store from now, before it is done or after it was. */
  crash: { call: number; readonly done: boolean } | undefined
  /** Whether the key ring is out. */
  outage: boolean
  /** The collections that something was written to, by name. */
  readonly written: Map<string, CollectionShape>
  /** How far the store's clock is ahead of the host's, in milliseconds. */
  skewMillis: number
}

/**
 * The host's ports as one history may use them: it sees and sweeps its own partitions only, whatever else lies in the
 * store and in the ledger, and things go wrong as the history says.
 */
export const fencedPorts = (
  own: ReadonlySet<PartitionId>,
  troubles: Troubles,
  now: () => number,
): Layer.Layer<Driver | KeyRing | ErasureLedger, never, Driver | KeyRing | ErasureLedger> =>
  Layer.mergeAll(
    Layer.effect(
      Driver,
      Effect.map(Driver, (driver) => fencedDriver(driver, own, troubles, now)),
    ),
    Layer.effect(
      KeyRing,
      Effect.map(KeyRing, (ring) => failingRing(ring, troubles)),
    ),
    Layer.effect(
      ErasureLedger,
      Effect.map(ErasureLedger, (ledger) => ownLedger(ledger, own)),
    ),
  )

const fencedDriver = (
  driver: Driver["Service"],
  own: ReadonlySet<PartitionId>,
  troubles: Troubles,
  now: () => number,
): Driver["Service"] => {
  const call = <A, E>(work: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.suspend(() => {
      const { crash } = troubles
      if (crash === undefined) return work
      if (crash.call > 0) {
        crash.call -= 1
        return work
      }
      troubles.crash = undefined
      return crash.done ? Effect.andThen(work, Effect.interrupt) : Effect.interrupt
    })
  return {
    ...driver,
    // The history has a time of its own, and the store's clock goes by it.
    clock: Effect.sync(() => now() + troubles.skewMillis),
    get: (...asked) => call(driver.get(...asked)),
    getMany: (...asked) => call(driver.getMany(...asked)),
    find: (...asked) => call(driver.find(...asked)),
    scan: (...asked) => call(driver.scan(...asked)),
    commit: (partition, entries) => {
      for (const { collection } of entries) troubles.written.set(collection.name, collection)
      return call(driver.commit(partition, entries))
    },
    due: (collection, query) => call(ownDue(driver, own, collection, query)),
  }
}

/** What is due in a history's own partitions: pages of others are passed over. */
const ownDue = Effect.fnUntraced(function* (
  driver: Driver["Service"],
  own: ReadonlySet<PartitionId>,
  ...[collection, query]: Parameters<Driver["Service"]["due"]>
) {
  const found: Array<DueRecord> = []
  let { after } = query
  for (;;) {
    const page = yield* driver.due(collection, { ...query, after })
    found.push(...page.filter(({ partition }) => own.has(partition)))
    after = page.at(-1)
    if (page.length < query.limit || found.length >= query.limit) return found.slice(0, query.limit)
  }
})

const failingRing = (ring: KeyRing["Service"], troubles: Troubles): KeyRing["Service"] => {
  const unless = <A, E>(operation: string, work: Effect.Effect<A, E>) =>
    Effect.suspend(
      (): Effect.Effect<A, E | KeyRingUnavailable> =>
        troubles.outage
          ? Effect.fail(new KeyRingUnavailable({ operation, reason: "outage", retryable: true }))
          : work,
    )
  return {
    newKey: (context) => unless("newKey", ring.newKey(context)),
    unwrap: (context, wrapped) => unless("unwrap", ring.unwrap(context, wrapped)),
    rewrap: (context, wrapped) => unless("rewrap", ring.rewrap(context, wrapped)),
    sign: (digest) => unless("sign", ring.sign(digest)),
    verify: (digest, signature) => unless("verify", ring.verify(digest, signature)),
    health: unless("health", ring.health),
  }
}

const ownLedger = (
  ledger: ErasureLedger["Service"],
  own: ReadonlySet<PartitionId>,
): ErasureLedger["Service"] => {
  let appended = false
  return {
    append: (erasures) => {
      appended ||= erasures.length > 0
      return ledger.append(erasures)
    },
    // Partitions that nobody used before have nothing in it.
    all: Stream.suspend(() =>
      appended ? Stream.filter(ledger.all, ({ partition }) => own.has(partition)) : Stream.empty,
    ),
  }
}
