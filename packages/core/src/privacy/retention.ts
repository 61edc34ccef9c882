import { DAY_MILLIS, plusMillis, type Timestamp } from "../kernel/index.ts"

const HOUR_MILLIS = 3_600_000

/**
 * How long personal data and what belongs to it is kept, in milliseconds: the one place that says so. Fixed by the
 * privacy policy and by law; nothing extends any of it (R39).
 */
export const RETENTION = {
  /** Buyer data after its order completed (R39). */
  buyer: 30 * DAY_MILLIS,
  /** How long before the deadline a sweep takes the data away: the time that a sweep may be late (R39). */
  sweepAhead: DAY_MILLIS,
  /** Without progress past its promised date an order is stalled, which is told (T8). */
  stalled: 30 * DAY_MILLIS,
  /** Without progress past its promised date an order lapses, which counts as completion (T8). */
  lapsed: 60 * DAY_MILLIS,
  /** Buyer data after it was received, whatever progress there is (T8). */
  cap: 180 * DAY_MILLIS,
  /** Buyer data of open orders after their channel was disconnected (R79). */
  disconnected: 72 * HOUR_MILLIS,
  /** A soft-deleted order (R41). */
  deletedOrder: 90 * DAY_MILLIS,
  /** What the erasure ledger remembers: longer than any backup lives, and the 12 months of the logs (T3). */
  ledger: 400 * DAY_MILLIS,
} as const

/** What retention asks of an order: facts, each of which is an instant that once was. */
export interface FulfilmentFacts {
  /** When it came in. */
  readonly importedAt: Timestamp
  /** When the channel promised that it would leave. */
  readonly shipBy?: Timestamp | undefined
  /** When fulfilment last got on: released, allocated, picked, packed, a part dispatched. */
  readonly progressAt?: Timestamp | undefined
  /** When it was first found to have lapsed: kept, so that later progress cannot undo it. */
  readonly lapsedAt?: Timestamp | undefined
  /** When its last unit was dispatched or cancelled. */
  readonly completedAt?: Timestamp | undefined
  /** Whether any unit was dispatched. */
  readonly dispatched: boolean
  /** When the buyer's data was received. */
  readonly receivedAt: Timestamp
  /** When its channel was disconnected. */
  readonly disconnectedAt?: Timestamp | undefined
}

const waitingSince = ({ importedAt, shipBy, progressAt }: FulfilmentFacts): Timestamp =>
  Math.max(shipBy ?? importedAt, progressAt ?? importedAt) as Timestamp

/** When an order that does not get on is to be told of (T8). */
export const stalledAt = (facts: FulfilmentFacts): Timestamp =>
  plusMillis(waitingSince(facts), RETENTION.stalled)

/** When an order that does not get on lapses; the first time, if it has lapsed before (T8). */
export const lapseAt = (facts: FulfilmentFacts): Timestamp =>
  facts.lapsedAt ?? plusMillis(waitingSince(facts), RETENTION.lapsed)

/** Whether an order has lapsed by `at` without having been completed before. */
export const hasLapsed = (facts: FulfilmentFacts, at: Timestamp): boolean => {
  const lapse = lapseAt(facts)
  return lapse <= at && (facts.completedAt === undefined || lapse < facts.completedAt)
}

/**
 * When the buyer's data of an order must be gone, by what is known at `at`: at this instant it is gone, not "may still
 * be there" (T2). For a history that goes on, the deadline only moves earlier (T5).
 *
 * It is the earliest of: 30 days after completion, or completion itself where nothing was dispatched (R39, R45);
 * 30 days after the order lapsed; 180 days after the data was received (T8); and where the channel was disconnected,
 * that instant for a finished order and 72 hours later for an open one (R79).
 */
export const deadlineOf = (facts: FulfilmentFacts, at: Timestamp): Timestamp => {
  const { completedAt, dispatched, receivedAt, disconnectedAt } = facts
  const ends: Array<Timestamp> = [plusMillis(receivedAt, RETENTION.cap)]
  if (hasLapsed(facts, at)) ends.push(plusMillis(lapseAt(facts), RETENTION.buyer))
  if (completedAt !== undefined)
    ends.push(dispatched ? plusMillis(completedAt, RETENTION.buyer) : completedAt)
  if (disconnectedAt !== undefined) ends.push(plusMillis(disconnectedAt, RETENTION.disconnected))
  if (disconnectedAt !== undefined && completedAt !== undefined)
    ends.push(Math.max(disconnectedAt, completedAt) as Timestamp)
  return Math.min(...ends) as Timestamp
}

/**
 * When retention must next look at an order whose data is held: a day before the deadline, so that a late sweep is still
 * in time (R39), or when the order stalls or lapses.
 */
export const nextLookAt = (
  facts: FulfilmentFacts,
  deadline: Timestamp,
  at: Timestamp,
): Timestamp => {
  const sweep = plusMillis(deadline, -RETENTION.sweepAhead)
  if (facts.completedAt !== undefined || hasLapsed(facts, at)) return sweep
  const stalled = stalledAt(facts)
  return Math.min(sweep, stalled > at ? stalled : lapseAt(facts)) as Timestamp
}
