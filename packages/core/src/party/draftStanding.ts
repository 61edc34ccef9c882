import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { NotFound, readStanding, type Standing, type StandingState } from "../access/index.ts"
import { type CommandContext, unchanged } from "../command/index.ts"
import { nextId } from "../kernel/index.ts"
import { insert, replace } from "../store/index.ts"
import { currentMerchant } from "./Merchant.ts"
import {
  decideStanding,
  StandingChangeId,
  StandingChanges,
  type StandingReason,
} from "./StandingChange.ts"

/** Drafts the current merchant's change of standing, with its place in the history. The same standing changes nothing. */
export const draftStanding = Effect.fnUntraced(function* (
  to: StandingState,
  reason: StandingReason,
  { at, actor }: CommandContext,
) {
  const { value: merchant } = yield* currentMerchant
  const standing = yield* readStanding
  if (Option.isNone(standing)) return yield* new NotFound({ kind: "merchant", id: merchant.id })
  const stored = standing.value
  const about = { kind: "merchant", id: merchant.id }
  const from = stored.value.state
  if (from === to) return unchanged(about, stored.value)
  const next: Standing = {
    id: "standing",
    state: yield* Effect.fromResult(decideStanding(from, to)),
    since: at,
  }
  const id = yield* nextId(StandingChangeId)
  return {
    about,
    entries: [replace(stored, next), insert(StandingChanges, { id, from, to, reason, actor, at })],
    answer: next,
  }
})
