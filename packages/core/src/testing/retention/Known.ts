/**
 * What is known of an order that came from a channel, from what was done to its goods and when: no field that retention
 * itself keeps is looked at.
 */
export interface Known {
  readonly who: 0 | 1
  readonly externalId: string
  readonly importedAt: number
  /** When it last got on: released, picked, packed, dispatched. */
  readonly progressAt: number
  readonly lapsedAt?: number
  readonly completedAt?: number
  readonly shipped: boolean
  /** When its buyer's data came in, if it did. */
  readonly receivedAt?: number
  readonly disconnectedAt?: number
  readonly deletedAt?: number
  readonly restricted: boolean
  /** Whether its buyer's data is gone for good, by what was done. */
  readonly gone: boolean
  readonly advance: number
}

/** What is known of all orders, by id. */
export type Knowledge = ReadonlyMap<string, Known>
