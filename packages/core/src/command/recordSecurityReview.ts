import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import {
  AuditLog,
  Finding,
  SecurityReview,
  SecurityReviewId,
  SecurityReviews,
} from "../audit/index.ts"
import { nextId, Timestamp } from "../kernel/index.ts"
import { insert, Store } from "../store/index.ts"
import { command } from "./command.ts"

/**
 * The range of a review does not fit. `not_contiguous`: it does not begin where the last one ended, or, for the first
 * review, at or before the first event. `empty`: it ends where it begins. `future`: it ends after now.
 */
export class ReviewRangeRefused extends Schema.TaggedError<ReviewRangeRefused>()(
  "ReviewRangeRefused",
  {
    reason: Schema.Literals(["not_contiguous", "empty", "future"]),
    /** Where the range has to begin, where that is what is wrong. */
    expectedFrom: Schema.optionalKey(Timestamp),
  },
) {
  override get message() {
    return `the range of the review does not fit: ${this.reason}`
  }
}

/**
 * Records that the actor has reviewed the log of the current partition from one instant to another (R38). Ranges leave
 * nothing out: each begins where the last one ended. Findings are codes and counts, never text.
 *
 * Fails with `ReviewRangeRefused`.
 *
 * @param input.from where the last review's range ended, in milliseconds; at or before the first event for the first
 * @param input.to where this one's ends, not after now
 * @param input.findings what was found, each code with how often; empty when nothing was
 */
export const recordSecurityReview = command({
  action: "recordSecurityReview",
  input: Schema.Struct({
    from: Timestamp,
    to: Timestamp,
    findings: Schema.Array(Finding).check(Schema.isMaxLength(100)),
  }),
  answer: SecurityReview,
  standings: ["active", "on_stop", "suspended", "closing"],
  decide: Effect.fnUntraced(function* ({ from, to, findings }, { at, actor }) {
    const store = yield* Store
    const [last] = (yield* store
      .find(SecurityReviews, "row", { order: "descending", limit: 1 })
      .pipe(Effect.catchTag("InvalidCursor", Effect.die))).items
    const [first] = (yield* store
      .find(AuditLog, "time", { limit: 1 })
      .pipe(Effect.catchTag("InvalidCursor", Effect.die))).items
    const expectedFrom = last?.value.to ?? first?.value.at
    const fits = last === undefined ? from <= (expectedFrom ?? from) : from === expectedFrom
    if (!fits)
      return yield* new ReviewRangeRefused({
        reason: "not_contiguous",
        ...(expectedFrom !== undefined && { expectedFrom }),
      })
    if (to <= from) return yield* new ReviewRangeRefused({ reason: "empty" })
    if (to > at) return yield* new ReviewRangeRefused({ reason: "future" })
    const id = yield* nextId(SecurityReviewId)
    const n = (last?.value.n ?? 0) + 1
    const review: SecurityReview = { id, n, reviewer: actor, from, to, findings, at }
    return {
      about: { kind: "security_review", id },
      entries: [insert(SecurityReviews, review)],
      answer: review,
    }
  }),
})
