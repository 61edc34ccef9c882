import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { CurrentActor } from "../access/index.ts"
import { AuditLog } from "../audit/index.ts"
import { Outbox } from "../integration/index.ts"
import { type Ids, now, type Timestamp } from "../kernel/index.ts"
import { Connections } from "../party/index.ts"
import { ErasureLedger, type OrderPii, OrderPiis } from "../privacy/index.ts"
import {
  CurrentPartition,
  insert,
  remove,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import { erasureEvent, tellErased } from "./draftErasure.ts"
import { draftLook, type Look, type Seen } from "./draftLook.ts"
import { type OrderId, Orders } from "./Order.ts"

/** What one pass of retention did to the orders that it was given. */
export interface RetentionReport {
  readonly anonymised: number
  readonly lapsed: number
  readonly stalled: number
  /** Orders that somebody else changed at the same moment: the next pass comes back to them. */
  readonly left: number
}

const NOTHING: RetentionReport = { anonymised: 0, lapsed: 0, stalled: 0, left: 0 }

/** Orders of one batch: a few entries each, so that it stays well inside the limits of a batch. */
const CHUNK = 200

/**
 * Looks at orders of the current partition whose retention is due: takes the buyer's data away from a day before its
 * deadline (R39), freezes a lapse and tells of orders that do not get on (T8). It may run late, twice, or in two
 * processes at once: what is done is left alone, and each order gets one audit event (I4). It asks no standing and needs
 * no key: nothing stops it.
 *
 * @param ids the orders, from `Store.due`
 * @param whether `always` looks at orders that are not due, as when their channel was disconnected (R79)
 * @returns what was done; the erasure ledger has it when this answers (I9)
 */
export const keepRetention = Effect.fn("keepRetention")(function* (
  ids: ReadonlyArray<OrderId>,
  whether: "due" | "always" = "due",
) {
  let report = NOTHING
  for (let from = 0; from < ids.length; from += CHUNK)
    report = sum(report, yield* keepChunk(ids.slice(from, from + CHUNK), whether))
  return report
})

type Needs = Store | Ids | CurrentPartition | CurrentActor | ErasureLedger

const keepChunk = (
  ids: ReadonlyArray<OrderId>,
  whether: "due" | "always",
): Effect.Effect<RetentionReport, StoreUnavailable, Needs> =>
  Effect.gen(function* () {
    const at = yield* now
    const seen = yield* look(ids)
    const looks = [
      ...(yield* Effect.forEach(seen.orders, (each) => draftLook(each, at, whether))),
      ...(yield* Effect.forEach(seen.strays, (stray) => draftStray(stray, at))),
    ]
    const report = reportOf(looks)
    const erasures = looks.flatMap((look) => look.erasures)
    const messages = [
      ...looks.flatMap((look) => look.messages),
      ...(yield* tellErased(erasures, at)),
    ]
    const entries = looks.flatMap((look) => look.entries)
    const committed = yield* Effect.result(
      (yield* Store).commit([...entries, ...messages.map((each) => insert(Outbox, each))]),
    )
    if (Result.isSuccess(committed)) {
      // Before anybody hears that it is done, the ledger has it; after a crash here, the message brings it there.
      yield* (yield* ErasureLedger).append(erasures)
      return report
    }
    const refused = committed.failure
    if (refused._tag === "StoreUnavailable") return yield* refused
    if (refused._tag !== "Conflict" && refused._tag !== "Duplicate")
      return yield* Effect.die(refused)
    // One of them moved: each by itself, so that it keeps none of the others waiting.
    if (ids.length === 1) return { ...NOTHING, left: 1 }
    const each = yield* Effect.forEach(ids, (id) => keepChunk([id], whether))
    return each.reduce(sum, NOTHING)
  })

const look = Effect.fnUntraced(function* (
  ids: ReadonlyArray<OrderId>,
): Effect.fn.Return<
  { readonly orders: ReadonlyArray<Seen>; readonly strays: ReadonlyArray<Stored<OrderPii>> },
  StoreUnavailable,
  Store | CurrentPartition
> {
  const store = yield* Store
  const orders = yield* store.getMany(Orders, ids)
  const sealed = yield* store.getMany<OrderPii, typeof OrderPiis.indexes, string>(OrderPiis, ids)
  const named = new Set([...orders.values()].map(({ value }) => value.connection))
  const connections = yield* store.getMany(Connections, named)
  return {
    orders: [...orders.values()].map((stored) => ({
      stored,
      sealed: sealed.get(stored.value.id),
      connection: connections.get(stored.value.connection)?.value,
    })),
    strays: ids.flatMap((id) => {
      const record = sealed.get(id)
      return record === undefined || orders.get(id)?.value.pii._tag === "Held" ? [] : [record]
    }),
  }
})

/** A sealed record that no order speaks for: of an order that is gone, or that says that it holds none. It goes. */
const draftStray = Effect.fnUntraced(function* (
  stray: Stored<OrderPii>,
  at: Timestamp,
): Effect.fn.Return<Look, never, Ids | CurrentPartition | CurrentActor> {
  const { id: partition } = yield* CurrentPartition
  const { order } = stray.value
  const event = yield* erasureEvent(order, "RetentionEnded", at)
  return {
    entries: [remove(stray), insert(AuditLog, event)],
    messages: [],
    erasures: [{ partition, kind: "buyer", id: order, at }],
    did: "anonymised",
  }
})

const reportOf = (looks: ReadonlyArray<Look>): RetentionReport => {
  const count = (did: Look["did"]) => looks.filter((look) => look.did === did).length
  return {
    anonymised: count("anonymised"),
    lapsed: count("lapsed"),
    stalled: count("stalled"),
    left: 0,
  }
}

const sum = (left: RetentionReport, right: RetentionReport): RetentionReport => ({
  anonymised: left.anonymised + right.anonymised,
  lapsed: left.lapsed + right.lapsed,
  stalled: left.stalled + right.stalled,
  left: left.left + right.left,
})
