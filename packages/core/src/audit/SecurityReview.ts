import * as Context from "effect/Context"
import * as Schema from "effect/Schema"
import { DAY_MILLIS, plusMillis, Timestamp, Uuid } from "../kernel/index.ts"
import { Collection, unique } from "../store/index.ts"
import { AlertRule } from "./Alert.ts"
import { ActorRef } from "./AuditEvent.ts"

export const SecurityReviewId = Uuid.pipe(Schema.brand("SecurityReviewId"))
export type SecurityReviewId = typeof SecurityReviewId.Type

/** What a review may have found, as codes: a rule of the alerts, or what no rule looks for. */
export const FindingCode = Schema.Literals([
  ...AlertRule.literals,
  "false_alarm",
  "needless_access",
  "configuration",
  "incident_opened",
])
export type FindingCode = typeof FindingCode.Type

/** One kind of finding and how often. */
export const Finding = Schema.Struct({
  code: FindingCode,
  count: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 })),
})

/** Somebody has looked through the log of a partition, from one instant to another (R38). Codes and counts, no text. */
export const SecurityReview = Schema.Struct({
  id: SecurityReviewId,
  /** Reviews are numbered from 1: of two at once one is the next. */
  n: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)),
  reviewer: ActorRef,
  /** Where the review before ended, so that nothing is left out. */
  from: Timestamp,
  to: Timestamp,
  findings: Schema.Array(Finding).check(Schema.isMaxLength(100)),
  at: Timestamp,
})
export type SecurityReview = typeof SecurityReview.Type

export const SecurityReviews = Collection.make("security_reviews", {
  schema: SecurityReview,
  key: (review) => review.id,
  indexes: { row: unique("n") },
})

/** The longest time between reviews, in milliseconds: 14 days, or what a host sets that is stricter (R38). */
export const ReviewInterval = Schema.Int.check(
  Schema.isBetween({ minimum: 3_600_000, maximum: 14 * DAY_MILLIS }),
).pipe(Schema.brand("ReviewInterval"))
export type ReviewInterval = typeof ReviewInterval.Type

/** How often logs are reviewed: `Layer.succeed(ReviewEvery, ReviewInterval.make(3.5 * 86_400_000))` for twice a week. */
export const ReviewEvery = Context.Reference<ReviewInterval>("@oto-fulfilment/core/ReviewEvery", {
  defaultValue: () => ReviewInterval.make(14 * DAY_MILLIS),
})

/**
 * When the next review must be there: one interval after the end of the last one's range, or after the first event.
 * At that instant it is not overdue yet; a millisecond later it is (R38).
 *
 * @param reviewedTo the end of the last review's range, if there was one
 * @param firstEventAt the instant of the first event of the log, if there is one
 */
export const reviewDue = (
  reviewedTo: Timestamp | undefined,
  firstEventAt: Timestamp | undefined,
  every: ReviewInterval,
): Timestamp | undefined => {
  const start = reviewedTo ?? firstEventAt
  return start === undefined ? undefined : plusMillis(start, every)
}
