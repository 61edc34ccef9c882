import * as Context from "effect/Context"
import * as Schema from "effect/Schema"
import { Uuid } from "../kernel/index.ts"

/** One merchant's data, or an operator's own: every record lies in exactly one partition (R29). */
export const PartitionId = Uuid.pipe(Schema.brand("PartitionId"))
export type PartitionId = typeof PartitionId.Type

const entered: unique symbol = Symbol("entered")
const everywhere: unique symbol = Symbol("everywhere")

/** Proof that somebody was let into a partition. Only the doors of `access` and the sweepers make one. */
export interface Partition {
  readonly id: PartitionId
  readonly [entered]: true
}

/**
 * The partition that the work at hand may read and write. `Store` sees nothing outside of it, and no method
 * takes a merchant's id, so a query cannot name somebody else's data.
 *
 * @effect-leakable-service
 */
export class CurrentPartition extends Context.Service<CurrentPartition, Partition>()(
  "@oto-fulfilment/core/CurrentPartition",
) {}

/** Opens a partition. Not part of the published API: callers come in through `access` or a sweeper. */
export const openPartition = (id: PartitionId): Partition => ({ id, [entered]: true })

/**
 * The right to ask which records are due in every partition. It shows `(partition, id)` pairs only; the work
 * itself enters each partition.
 */
export class Sweeper extends Context.Service<Sweeper, { readonly [everywhere]: true }>()(
  "@oto-fulfilment/core/Sweeper",
) {}

/** Makes a sweeper. Not part of the published API: the host's sweeps hold it. */
export const openSweeper = (): Sweeper["Service"] => ({ [everywhere]: true })
