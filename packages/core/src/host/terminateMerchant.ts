import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import {
  authorise,
  CurrentActor,
  type Forbidden,
  NotFound,
  readStanding,
  StandingRefused,
  Standings,
} from "../access/index.ts"
import { AuditChains, AuditDigests, AuditLog, auditEvent, SecurityReviews } from "../audit/index.ts"
import { type InvalidInput, invalidInput, noInput } from "../command/index.ts"
import { type Ids, now } from "../kernel/index.ts"
import { MerchantDirectory, Merchants } from "../party/index.ts"
import { ErasureLedger, MerchantKeys, OrderPiis, Vault } from "../privacy/index.ts"
import {
  type AnyCollection,
  CurrentPartition,
  type Entry,
  insert,
  openPartition,
  type PartitionId,
  remove,
  Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { collections, HostRecords } from "./collections.ts"
import type { OnProgress } from "./throughPartitions.ts"

/** What outlives a merchant: the log, for its 12 months, with its seals (R44), and that the merchant is closed. */
const KEPT: ReadonlySet<string> = new Set(
  [AuditLog, AuditDigests, AuditChains, SecurityReviews, Standings].map(({ name }) => name),
)

/** Records that are removed in one batch. */
const CHUNK = 500

/** What a termination removed, by collection. */
export interface Termination {
  readonly partition: PartitionId
  readonly removed: { readonly [collection: string]: number }
}

/**
 * Removes everything that a closed merchant had: orders, stock, catalogue, credentials, buyers and keys,
 * and what the host's own record types hold of it (R40). The keys
 * go first, so that whatever was sealed is unreadable from then on, in backups too. What stays is the audit log for its
 * time, and the standing that fences whatever still comes in. It may be interrupted: run it again, as often as one
 * likes. The erasure ledger remembers it, so that a restored backup is emptied again (I9).
 *
 * Fails with `StandingRefused` for a merchant that is not closed; `closeMerchant` before. `NotFound` for none at all.
 *
 * @param input nothing: `{}`
 */
export const terminateMerchant = Effect.fn("terminateMerchant")(function* (
  input: typeof noInput.Encoded,
): Effect.fn.Return<
  Termination,
  Forbidden | InvalidInput | NotFound | StandingRefused | StoreUnavailable,
  Store | Ids | CurrentPartition | CurrentActor | ErasureLedger | Vault
> {
  yield* authorise("terminateMerchant")
  const decoded = decodeNothing(input)
  if (Result.isFailure(decoded)) return yield* invalidInput("terminateMerchant", decoded.failure)
  const { id: partition } = yield* CurrentPartition
  const standing = yield* readStanding
  if (Option.isNone(standing)) return yield* new NotFound({ kind: "merchant", id: partition })
  const { state } = standing.value.value
  if (state !== "closed")
    return yield* new StandingRefused({ command: "terminateMerchant", state, allowed: ["closed"] })
  const at = yield* now
  yield* (yield* ErasureLedger).append([{ partition, kind: "merchant", id: partition, at }])
  yield* delist
  return yield* emptyPartition()
})

const decodeNothing = Schema.decodeUnknownResult(noInput)

/** Takes the merchant out of its operator's directory. */
const delist = Effect.gen(function* () {
  const store = yield* Store
  const { id } = yield* CurrentPartition
  const merchant = yield* store.get(Merchants, id)
  if (Option.isNone(merchant)) return
  const inOperator = Effect.provideService(
    CurrentPartition,
    openPartition(merchant.value.value.operator),
  )
  const entry = yield* store.get(MerchantDirectory, id).pipe(inOperator)
  if (Option.isSome(entry)) yield* removeAll([remove(entry.value)]).pipe(inOperator)
})

/**
 * Empties the current partition of a merchant that is closed, but for what is kept. Nothing in it can have changed, but
 * for sweeps.
 *
 * @param onProgress told after each batch
 */
export const emptyPartition = Effect.fnUntraced(function* (onProgress: OnProgress = () => {}) {
  const store = yield* Store
  const { id: partition } = yield* CurrentPartition
  const removed: { [collection: string]: number } = {}
  const first: ReadonlyArray<AnyCollection> = [MerchantKeys, OrderPiis]
  const rest = [...collections, ...(yield* HostRecords)].filter(
    (each) => !KEPT.has(each.name) && !first.includes(each) && (each as unknown) !== Merchants,
  )
  // The merchant's own record goes last: while it is there, there may be more.
  for (const collection of [...first, ...rest, Merchants as AnyCollection]) {
    const count = yield* store.scan(collection).pipe(
      Stream.grouped(CHUNK),
      Stream.mapEffect((records) =>
        Effect.map(removeAll(records.map((record) => remove(record))), () => {
          onProgress(partition, records.length)
          return records.length
        }),
      ),
      Stream.runFold(
        () => 0,
        (total, some) => total + some,
      ),
    )
    if (count > 0) removed[collection.name] = count
    if (collection === first[0]) yield* (yield* Vault).forget
  }
  if (Object.keys(removed).length > 0) yield* recordTermination
  return { partition, removed } satisfies Termination
})

const recordTermination = Effect.gen(function* () {
  const { id } = yield* CurrentPartition
  const event = yield* auditEvent({
    at: yield* now,
    actor: (yield* CurrentActor).ref,
    action: "terminateMerchant",
    object: { kind: "merchant", id },
    outcome: "done",
  })
  yield* (yield* Store).commit([insert(AuditLog, event)]).pipe(
    Effect.catchTags({
      Conflict: Effect.die,
      Duplicate: Effect.die,
      Insufficient: Effect.die,
      TooLarge: Effect.die,
    }),
  )
})

/** Removes records; one by one where one of them moved. */
const removeAll = (
  removals: ReadonlyArray<Entry>,
): Effect.Effect<void, StoreUnavailable, Store | CurrentPartition> =>
  Effect.gen(function* () {
    const committed = yield* Effect.result((yield* Store).commit(removals))
    if (Result.isSuccess(committed)) return
    const refused = committed.failure
    if (refused._tag === "StoreUnavailable") return yield* refused
    if (refused._tag !== "Conflict") return yield* Effect.die(refused)
    if (removals.length === 1) return
    yield* Effect.forEach(removals, (removal) => removeAll([removal]), { discard: true })
  })
