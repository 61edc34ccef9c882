import * as Schema from "effect/Schema"
import { DAY_MILLIS, plusMillis, Timestamp } from "../kernel/index.ts"
import { Collection, due } from "../store/index.ts"

/**
 * Names one intended effect of a caller, 1 to 128 printable characters. The same key with the same command has one effect
 * and from then on one answer, however often it is sent. An answer without an effect is not kept.
 */
export const IdempotencyKey = Schema.String.check(Schema.isPattern(/^[!-~]{1,128}$/u)).pipe(
  Schema.brand("IdempotencyKey"),
)
export type IdempotencyKey = typeof IdempotencyKey.Type

/** How long a receipt answers repeats: 35 days, longer than any channel redelivers. */
export const RECEIPT_MILLIS = 35 * DAY_MILLIS

/** The answer that a command was given, written with its effect. */
export const Receipt = Schema.Struct({
  key: IdempotencyKey,
  command: Schema.String,
  /** SHA-256 over the canonical command, to tell a repeat from another command under the same key. */
  fingerprint: Schema.String,
  answer: Schema.Unknown,
  at: Timestamp,
  expiresAt: Timestamp,
})
export type Receipt = typeof Receipt.Type

export const Receipts = Collection.make("receipts", {
  schema: Receipt,
  key: (receipt) => receipt.key,
  indexes: { expiry: due("expiresAt") },
  expires: "expiresAt",
})

/** When a receipt written at `at` stops to answer. */
export const receiptExpiry = (at: Timestamp): Timestamp => plusMillis(at, RECEIPT_MILLIS)

/** The key was used for another command. Use a new key for a new intention. */
export class IdempotencyConflict extends Schema.TaggedError<IdempotencyConflict>()(
  "IdempotencyConflict",
  { key: Schema.String, command: Schema.String },
) {
  override get message() {
    return `the key ${this.key} was used for another command; ${this.command} needs a new key`
  }
}
