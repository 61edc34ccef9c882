import * as Result from "effect/Result"
import type { AnyCollection } from "./Collection.ts"
import type { PartitionId } from "./CurrentPartition.ts"
import type { RawEntry, RawRecord } from "./Driver.ts"
import type { Entry, Stored } from "./Entry.ts"
import { illFormedPaths } from "./illFormedText.ts"
import { TooLarge } from "./storeErrors.ts"

/** Entries a batch: the largest real order known (1,114 lines) commits as one. */
export const MAX_ENTRIES = 2500
/** Bytes a record, as JSON in UTF-8. */
export const MAX_RECORD_BYTES = 1_048_576
/** Characters an id. */
export const MAX_ID_LENGTH = 512

type Writing = Exclude<RawEntry, { readonly kind: "check" }>
type Checking = Extract<RawEntry, { readonly kind: "check" }>

/**
 * Turns a batch into what drivers take: encoded, inside the limits, `add`s to one record made one,
 * in the order inserts, replaces, removes, checks, adds, each by collection and id, so that every
 * batch takes its records in one order.
 */
export const encodeBatch = (
  batch: ReadonlyArray<Entry>,
  partition: PartitionId,
): Result.Result<ReadonlyArray<RawEntry>, TooLarge> => {
  const writes = new Map<string, Writing>()
  const checks = new Map<string, Checking>()
  for (const entry of batch) {
    const raw = encodeEntry(entry, partition)
    if (Result.isFailure(raw)) return Result.fail(raw.failure)
    const step = raw.success
    const place = `${step.collection.name} ${step.id}`
    if (step.kind === "check") checks.set(place, olderOf(checks.get(place), step))
    else writes.set(place, merge(writes.get(place), step))
  }
  // A write that holds the same version is a check already. Another version was read at another time: the check
  // stays, and refuses what was decided on two states of one record.
  for (const [place, write] of writes) {
    if ("version" in write && write.version === checks.get(place)?.version) checks.delete(place)
  }
  const entries = [...writes.values(), ...checks.values()].sort(inCommitOrder)
  return entries.length > MAX_ENTRIES
    ? Result.fail(tooLarge("batch", entries[0]?.collection.name ?? "", entries.length, MAX_ENTRIES))
    : Result.succeed(entries)
}

const olderOf = (first: Checking | undefined, second: Checking): Checking =>
  first !== undefined && first.version < second.version ? first : second

const encodeEntry = (entry: Entry, partition: PartitionId): Result.Result<RawEntry, TooLarge> => {
  switch (entry.kind) {
    case "insert":
      return Result.map(encodeRecord(entry.collection, entry.value), ({ id, body }) => ({
        kind: "insert",
        collection: entry.collection,
        id,
        body,
      }))
    case "replace": {
      const { collection, id, version } = held(entry.stored, partition)
      return Result.map(encodeRecord(collection, entry.value), (record) => {
        if (record.id !== id) throw new TypeError(`${collection.name} ${id}: a record keeps its id`)
        return { kind: "replace", collection, id, version, body: record.body }
      })
    }
    case "remove":
    case "check": {
      const { collection, id, version } = held(entry.stored, partition)
      return Result.succeed({ kind: entry.kind, collection, id, version })
    }
    case "add": {
      for (const amount of [...Object.values(entry.deltas), ...Object.values(entry.floors)]) {
        if (!Number.isSafeInteger(amount))
          throw new TypeError(`${entry.collection.name} ${entry.id}: amounts are whole numbers`)
      }
      const { collection, id, deltas, floors } = entry
      requireWellFormed(collection, "id", id)
      return Result.succeed({ kind: "add", collection, id, deltas, floors })
    }
  }
}

const held = (stored: Stored<unknown>, partition: PartitionId): Stored<unknown> => {
  if (stored.partition !== partition)
    throw new TypeError(`${stored.collection.name} ${stored.id} was read in another partition`)
  return stored
}

const encodeRecord = (
  collection: AnyCollection,
  value: unknown,
): Result.Result<{ readonly id: string; readonly body: RawRecord["body"] }, TooLarge> => {
  const body = collection.encode(value)
  // The message names paths, never values. Input is checked at the border: this is a defect of the caller.
  if (Result.isFailure(body))
    throw new TypeError(`${collection.name}: not a record: ${body.failure.message}`)
  const id = collection.key(value)
  if (id.length === 0 || id.length > MAX_ID_LENGTH)
    return Result.fail(tooLarge("id", collection.name, id.length, MAX_ID_LENGTH))
  requireWellFormed(collection, "id", id)
  const text = JSON.stringify(body.success)
  // Half a surrogate pair is written as an escape; so is a backslash before such letters, which is well-formed.
  if (text.includes("\\ud")) requireWellFormed(collection, "record", body.success)
  const size = bytesOf(text)
  return size > MAX_RECORD_BYTES
    ? Result.fail(tooLarge("record", collection.name, size, MAX_RECORD_BYTES))
    : Result.succeed({ id, body: body.success })
}

const merge = (first: Writing | undefined, second: Writing): Writing => {
  if (first === undefined) return second
  if (first.kind !== "add" || second.kind !== "add")
    throw new TypeError(`${second.collection.name} ${second.id}: a batch writes a record once`)
  const deltas: Record<string, number> = { ...first.deltas }
  for (const [counter, delta] of Object.entries(second.deltas))
    deltas[counter] = (deltas[counter] ?? 0) + delta
  const floors: Record<string, number> = { ...first.floors }
  for (const [counter, floor] of Object.entries(second.floors))
    floors[counter] = Math.max(floors[counter] ?? floor, floor)
  return { ...second, deltas, floors }
}

const RANK = { insert: 0, replace: 1, remove: 2, check: 3, add: 4 } as const

const inCommitOrder = (a: RawEntry, b: RawEntry): number =>
  RANK[a.kind] - RANK[b.kind] ||
  byCodeUnit(a.collection.name, b.collection.name) ||
  byCodeUnit(a.id, b.id)

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const tooLarge = (what: TooLarge["what"], collection: string, size: number, limit: number) =>
  new TooLarge({ what, collection, size, limit })

/** Text that no engine can keep is a defect of the caller, as a value that its schema refuses: input is checked before. */
const requireWellFormed = ({ name }: AnyCollection, what: string, value: unknown): void => {
  const [path] = illFormedPaths(value)
  if (path !== undefined)
    throw new TypeError(`${name}: not well-formed Unicode: ${path === "" ? what : path}`)
}

/** Exact near the limit; below a third of it, one UTF-16 unit takes at most three bytes. */
const bytesOf = (text: string): number =>
  text.length * 3 <= MAX_RECORD_BYTES ? text.length : new TextEncoder().encode(text).length
