import {
  type CommitRefused,
  Conflict,
  Duplicate,
  Insufficient,
  type PartitionId,
  type RawEntry,
} from "@oto-fulfilment/core"
import type { Document } from "mongodb"
import { fieldName } from "./bodyFields.ts"
import { countSlots, type Fence, passSlot, removeSlots, setSlots } from "./fence.ts"
import { declaredIndex, indexPath, keyOf, toDocument } from "./layout.ts"
import type { WriteModel } from "./WriteModel.ts"

/** A write, the entry that asks for it, and what it means when it finds nothing. */
export interface Step {
  readonly write: WriteModel
  readonly entry: RawEntry
  readonly missed?: "moved" | "short" | "shut"
  readonly fence?: Fence
}

/** How batches become writes. */
export interface StepOptions {
  readonly expireByServer: boolean
}

/**
 * The writes of a batch, in the order of its entries. Every entry is a write that carries its own condition, so
 * nothing is read in the transaction and what was judged still holds at commit.
 *
 * @param slot which slot of a fence the checks pass
 */
export const stepsOf = (
  partition: PartitionId,
  entries: ReadonlyArray<RawEntry>,
  options: StepOptions,
  slot: number,
): ReadonlyArray<Step> =>
  entries.flatMap((entry) => {
    const fence = fenceOf(partition, entry)
    if (fence !== undefined && entry.kind === "check")
      return [{ write: passSlot(fence, slot, entry.version), entry, missed: "shut", fence }]
    const step = stepOf(partition, entry, options)
    return fence === undefined
      ? [step]
      : [{ ...step, fence }, ...slotWrites(fence, entry).map((write) => ({ write, entry }))]
  })

const stepOf = (partition: PartitionId, entry: RawEntry, options: StepOptions): Step => {
  const { collection, id } = entry
  const record = { _id: keyOf(partition, id), p: partition }
  const namespace = collection.name
  switch (entry.kind) {
    case "insert": {
      const { body } = entry
      const document = toDocument(
        collection,
        partition,
        { id, version: 1, body },
        options.expireByServer,
      )
      return { write: { namespace, name: "insertOne", document }, entry }
    }
    case "replace": {
      const next = { id, version: entry.version + 1, body: entry.body }
      const replacement = toDocument(collection, partition, next, options.expireByServer)
      const filter = { ...record, v: entry.version }
      return {
        write: { namespace, name: "replaceOne", filter, replacement },
        entry,
        missed: "moved",
      }
    }
    case "remove":
      return {
        write: { namespace, name: "deleteOne", filter: { ...record, v: entry.version } },
        entry,
        missed: "moved",
      }
    case "check": {
      // A write, though nothing changes: it makes the check hold at commit.
      const filter = { ...record, v: entry.version }
      return {
        write: { namespace, name: "updateOne", filter, update: { $inc: { c: 1 } } },
        entry,
        missed: "moved",
      }
    }
    case "add":
      return {
        write: {
          namespace,
          name: "updateOne",
          filter: { ...record, ...floorsOf(entry) },
          update: { $inc: { ...deltasOf(entry), v: 1 } },
        },
        entry,
        missed: "short",
      }
  }
}

type Add = RawEntry & { readonly kind: "add" }

/** The counter is high enough before if it may not fall below its floor after. One that is not there counts as 0. */
const floorsOf = ({ deltas, floors }: Add): Document =>
  Object.fromEntries(
    Object.entries(floors).map(([counter, floor]) => {
      const least = floor - (deltas[counter] ?? 0)
      return [indexPath(counter), least > 0 ? { $gte: least } : { $not: { $lt: least } }]
    }),
  )

const deltasOf = ({ collection, deltas }: Add): Document => {
  const { expires } = collection
  if (expires !== undefined && fieldName(expires) in deltas)
    throw new TypeError(`${collection.name}: ${expires} is no counter`)
  return Object.fromEntries(
    Object.entries(deltas).map(([counter, delta]) => [indexPath(counter), delta]),
  )
}

const fenceOf = (partition: PartitionId, { collection, id }: RawEntry): Fence | undefined =>
  collection.fence === undefined
    ? undefined
    : { partition, collection: collection.name, id, slots: collection.fence }

const slotWrites = (fence: Fence, entry: RawEntry): ReadonlyArray<WriteModel> => {
  switch (entry.kind) {
    case "insert":
      return setSlots(fence, 1)
    case "replace":
    case "add":
      return [countSlots(fence)]
    default:
      return [removeSlots(fence)]
  }
}

/** A check that its fence did not let pass: the record moved, or it is about to. */
export interface Shut {
  readonly _tag: "Shut"
  readonly fence: Fence
  readonly version: number
  readonly entry: RawEntry
}

/**
 * The writes that make a fence anew for a record that did not move. They write the record too, so they exclude each
 * other and every change of it.
 */
export const mendingSteps = ({ fence, version, entry }: Shut): ReadonlyArray<Step> => [
  {
    write: {
      namespace: fence.collection,
      name: "updateOne",
      filter: { _id: keyOf(fence.partition, fence.id), p: fence.partition, v: version },
      update: { $inc: { c: 1 } },
    },
    entry,
    missed: "moved",
  },
  ...setSlots(fence, version).map((write) => ({ write, entry })),
]

/**
 * The first write that found nothing or a duplicate, as what it means.
 *
 * @param matchedAt how many records the write at a place found, as far as it was done
 * @param duplicate the place and the message of the write that failed
 */
export const firstMissed = (
  steps: ReadonlyArray<Step>,
  matchedAt: (at: number) => number | undefined,
  duplicate?: { readonly at: number; readonly message: string },
): CommitRefused | Shut | undefined => {
  for (const [at, step] of steps.entries()) {
    if (duplicate?.at === at) return duplicateOf(step.entry, duplicate.message)
    if (step.missed !== undefined && matchedAt(at) === 0) return missedBy(step)
  }
  return undefined
}

const missedBy = ({ entry, fence, missed }: Step): CommitRefused | Shut => {
  const { collection, id } = entry
  if (missed === "shut" && fence !== undefined && entry.kind === "check")
    return { _tag: "Shut", fence, version: entry.version, entry }
  return missed === "short"
    ? new Insufficient({ collection: collection.name, id })
    : new Conflict({ collection: collection.name, id })
}

const duplicateOf = ({ collection, id }: RawEntry, message: string): Duplicate => {
  const index = declaredIndex(collection, /index: (\S+)/.exec(message)?.[1] ?? "")
  return new Duplicate({ collection: collection.name, index, id })
}
