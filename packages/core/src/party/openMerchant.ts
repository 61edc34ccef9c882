import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { CurrentActor, Standings } from "../access/index.ts"
import { AuditLog, auditEvent } from "../audit/index.ts"
import { command } from "../command/index.ts"
import { nextId, now } from "../kernel/index.ts"
import { CurrentPartition, insert, openPartition, Store } from "../store/index.ts"
import { Merchant, MerchantDirectory, MerchantId, MerchantSettings, Merchants } from "./Merchant.ts"
import { BusinessName, currentOperator } from "./Operator.ts"

const enlistMerchant = command({
  action: "openMerchant",
  input: Schema.Struct({ name: BusinessName, settings: MerchantSettings }),
  answer: Merchant,
  decide: Effect.fnUntraced(function* ({ name, settings }, { at }) {
    const { value: operator } = yield* currentOperator
    const id = yield* nextId(MerchantId)
    return {
      about: { kind: "merchant", id },
      entries: [insert(MerchantDirectory, { id, name, openedAt: at })],
      answer: { id, operator: operator.id, name, settings, createdAt: at },
    }
  }),
})

/**
 * Opens a merchant of the current operator: its entry in the operator's directory, and its own partition with its
 * record and an active standing.
 *
 * A batch lies in one partition and these are two, so it is two commits. The first one decides the merchant's id and
 * keeps it in the command's receipt; the second only writes what the receipt says, once. Whatever breaks off between
 * them, the same command under the same key finds the receipt and finishes. Until then the merchant is listed, and
 * answers `NotFound` inside: nothing can have been written there.
 *
 * Fails with `NotFound` outside of an operator's partition.
 */
export const openMerchant = Effect.fnUntraced(function* (
  input: Parameters<typeof enlistMerchant>[0],
) {
  const merchant = yield* enlistMerchant(input)
  yield* Effect.provideService(
    openMerchantPartition(merchant, input.key),
    CurrentPartition,
    openPartition(merchant.id),
  )
  return merchant
})

const openMerchantPartition = Effect.fnUntraced(function* (merchant: Merchant, key: string) {
  const store = yield* Store
  const actor = yield* CurrentActor
  // Perhaps hours after the first half: an event that is dated back would land where the log is sealed already.
  const at = yield* now
  const opening = store.commit([
    insert(Merchants, merchant),
    insert(Standings, { id: "standing", state: "active", since: at }),
    insert(
      AuditLog,
      yield* auditEvent({
        at,
        actor: actor.ref,
        action: "openMerchant",
        object: { kind: "merchant", id: merchant.id },
        outcome: "done",
        correlation: key,
      }),
    ),
  ])
  yield* opening.pipe(
    Effect.catchTags({
      // Opened before, perhaps changed or closed since: nothing is left to do.
      Duplicate: () => Effect.void,
      Conflict: Effect.die,
      Insufficient: Effect.die,
      TooLarge: Effect.die,
    }),
  )
})
