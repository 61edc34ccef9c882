import type * as Effect from "effect/Effect"
import type { ObjectRef } from "../audit/index.ts"
import type { OutboxMessage } from "../integration/index.ts"
import type { Entry } from "../store/index.ts"

/**
 * What a decision wants to be true: the entries that make it so, what must be told, and the answer. A draft with no
 * entry changes nothing: it leaves no receipt and no event.
 */
export interface Draft<Answer, Refusal = never> {
  /** What the command was done to: the object of its audit event. */
  readonly about: ObjectRef
  readonly entries: ReadonlyArray<Entry>
  readonly messages?: ReadonlyArray<OutboxMessage>
  readonly answer: Answer
  /**
   * What a guarded counter that ran out means. Without it the command decides again, as it does when a record
   * moved since it was read.
   */
  readonly whenInsufficient?: Effect.Effect<never, Refusal>
}

/** A draft that changes nothing. */
export const unchanged = <Answer>(about: ObjectRef, answer: Answer): Draft<Answer> => ({
  about,
  entries: [],
  answer,
})
