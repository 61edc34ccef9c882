import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { DigestMark, verifyDigests } from "../audit/index.ts"
import { KeyRing } from "../privacy/index.ts"
import { query } from "./query.ts"

/**
 * Checks that the audit log of the current partition is what was sealed: nothing changed, dropped, moved or put in
 * (I11). Answers with the first place that is not, or with how much is proved, and with what no digest covers yet.
 *
 * Fails with `KeyRingUnavailable` while signatures cannot be checked.
 *
 * @param input.marks numbers and hashes of digests that were written down elsewhere, such as in the log stream: with
 * them it is found, too, when the newest digests were cut off with all that belongs to them
 */
export const verifyAuditLog = query({
  action: "verifyAuditLog",
  input: Schema.Struct({
    marks: Schema.optionalKey(Schema.Array(DigestMark).check(Schema.isMaxLength(1000))),
  }),
  read: Effect.fnUntraced(function* ({ marks = [] }) {
    const { verify } = yield* KeyRing
    return yield* verifyDigests({ signed: verify, marks })
  }),
})
