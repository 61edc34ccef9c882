import type { PartitionId } from "@oto-fulfilment/core"
import type { Db } from "mongodb"
import type { WriteModel } from "./WriteModel.ts"

/**
 * Fences: how one record can be checked by every batch without every batch waiting for every other.
 *
 * A check must write, or it would not hold at commit (write skew), and two transactions that write one document
 * conflict. So a fenced record has slots: small documents that carry its version. A check writes one slot, and only if
 * the slot has the version that was read; whatever changes the record writes all slots. Hence:
 *
 * - Two checks in different slots share no document and do not conflict.
 * - A check and a change always share a document, the check's slot. MongoDB lets only one of two concurrent
 *   transactions write it: the other one is told to try again, and then reads the slot as it is after the first. A check that
 *   comes after the change finds another version in its slot and fails; a change that comes after the check is later
 *   than the check's batch. So there is no order in which a batch commits behind a change of what it checked: a
 *   merchant that is closed stays closed.
 * - All slots change in the transaction that changes the record, so they always agree with it. A slot that is missing
 *   or shut lets nothing pass: it can delay, never admit.
 *
 * A change has to find all slots free at one moment, which under steady checks would never come. So a change that met a
 * conflict first *shuts* the slots, each on its own, outside of its transaction: checks then wait, and those in flight
 * run out. Opening is part of the change. If its host dies in between, a check that has waited long enough *mends* the
 * slots: a transaction that writes the record and all slots, and so is a change like any other.
 *
 * The collection says how many slots its records have. Hosts that run at the same time must have the same number: a
 * change by a host with fewer would leave slots behind that still let checks pass.
 */
export const FENCES = "oto.fences"

/** A record whose checks go through slots. */
export interface Fence {
  readonly partition: PartitionId
  readonly collection: string
  readonly id: string
  /** How many: `fence` of its collection. */
  readonly slots: number
}

interface Slot {
  readonly _id: string
  readonly p: string
  /** The record's version. */
  readonly v: number
  /** There while a change is about to come. */
  readonly s?: true
}

/** Passes if the record still has the version, and holds until the batch has committed. */
export const passSlot = (fence: Fence, slot: number, version: number): WriteModel => ({
  namespace: FENCES,
  name: "updateOne",
  filter: { _id: slotKey(fence, slot % fence.slots), p: fence.partition, v: version, s: OPEN },
  update: { $inc: { c: 1 } },
})

/** Sets every slot to a version, makes those that are missing, and opens them. */
export const setSlots = (fence: Fence, version: number): ReadonlyArray<WriteModel> =>
  keysOf(fence).map((_id) => ({
    namespace: FENCES,
    name: "updateOne" as const,
    filter: { _id, p: fence.partition },
    update: { $set: { v: version }, $unset: { s: "" } },
    upsert: true,
  }))

/** Counts every slot's version up with the record's, and opens them. */
export const countSlots = (fence: Fence): WriteModel => ({
  namespace: FENCES,
  name: "updateMany",
  filter: allSlots(fence),
  update: { $inc: { v: 1 }, $unset: { s: "" } },
})

export const removeSlots = (fence: Fence): WriteModel => ({
  namespace: FENCES,
  name: "deleteMany",
  filter: allSlots(fence),
})

/** Lets no further check pass, or lets them pass again. Waits for those in flight, slot by slot. */
export const shutSlots = async (db: Db, fence: Fence, shut: boolean): Promise<void> => {
  const update = shut ? { $set: { s: true as const } } : { $unset: { s: "" as const } }
  await db.collection<Slot>(FENCES).bulkWrite(
    keysOf(fence).map((_id) => ({ updateOne: { filter: { _id, p: fence.partition }, update } })),
    { ordered: false },
  )
}

/** Whether a slot is there, open or shut. */
export const hasSlot = async (db: Db, fence: Fence, slot: number): Promise<boolean> => {
  const filter = { _id: slotKey(fence, slot % fence.slots), p: fence.partition }
  return (await db.collection<Slot>(FENCES).findOne(filter)) !== null
}

const OPEN = { $exists: false } as const

const slotKey = ({ partition, collection, id }: Fence, slot: number): string =>
  `${partition}/${collection}/${id}#${slot}`

const keysOf = (fence: Fence): ReadonlyArray<string> =>
  Array.from({ length: fence.slots }, (_, slot) => slotKey(fence, slot))

const allSlots = (fence: Fence) => ({ p: fence.partition, _id: { $in: [...keysOf(fence)] } })
