import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import {
  type AuditChain,
  AuditChains,
  type AuditDigest,
  AuditDigests,
  type AuditEvent,
  AuditLog,
  canonicalEvent,
  expiryOf,
  LEAST_LOG_DAYS,
  LogDays,
} from "../../audit/index.ts"
import { Store, type Stored } from "../../store/index.ts"
import { expectSame, expectTrue } from "../expectations.ts"
import type { AuditWorld } from "./AuditWorld.ts"

/** All that a partition's log consists of, read as it is. */
export interface SealedLog {
  readonly chain: Stored<AuditChain> | undefined
  readonly digests: ReadonlyArray<Stored<AuditDigest>>
  readonly events: ReadonlyArray<Stored<AuditEvent>>
}

/** Reads the whole log of the current partition. */
export const readLog = Effect.gen(function* () {
  const store = yield* Store
  const digests = yield* Stream.runCollect(store.scan(AuditDigests))
  return {
    chain: Option.getOrUndefined(yield* store.get(AuditChains, "chain")),
    digests: [...digests].sort((a, b) => a.value.n - b.value.n),
    events: yield* Stream.runCollect(store.scan(AuditLog)),
  } satisfies SealedLog
})

/** The events of one digest, in the order of its hash. */
export const eventsOf = (log: SealedLog, n: number): ReadonlyArray<Stored<AuditEvent>> =>
  log.events
    .filter(({ value }) => value.digest === n)
    .sort((a, b) => a.value.at - b.value.at || (a.id < b.id ? -1 : 1))

/** Throws unless the log holds what was written: every event once, in one digest or in none yet, and none gone early. */
export const expectWhole = (world: AuditWorld, log: SealedLog): void => {
  const first = (log.chain?.value.anchor?.n ?? 0) + 1
  const head = log.chain?.value.head.n ?? 0
  expectSame(
    "the numbers of digests, from the anchor to the head",
    log.digests.map(({ value }) => value.n),
    Array.from({ length: head - first + 1 }, (_, place) => first + place),
  )
  for (const { value } of log.digests)
    expectSame(`events in digest ${value.n}`, eventsOf(log, value.n).length, value.count)
  const kept = new Map(log.events.map(({ value }) => [value.id as string, value]))
  for (const [id, event] of kept) {
    const written = world.written.get(id)
    expectTrue(`event ${id} was written by somebody`, written !== undefined)
    if (written !== undefined)
      expectSame(`event ${id}`, canonicalEvent(event), canonicalEvent(written))
    const { digest } = event
    if (digest !== undefined)
      expectTrue(`event ${id} is in a digest that is there`, digest >= first && digest <= head)
  }
  const least = LogDays.make(LEAST_LOG_DAYS)
  for (const [id, event] of world.written)
    if (!kept.has(id))
      expectTrue(`event ${id} was old enough to go`, expiryOf(event.at, least) <= world.latest)
}
