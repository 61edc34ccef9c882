import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Action, NotFound } from "../access/index.ts"
import { ObjectRef } from "../audit/index.ts"
import { type InvalidInput, invalidField } from "../command/index.ts"
import { Quantity } from "../kernel/index.ts"
import { type CurrentPartition, Store, type Stored, type StoreUnavailable } from "../store/index.ts"
import { type Commitment, CommitmentId, Commitments } from "./Commitment.ts"
import { findCommitments } from "./findCommitments.ts"
import { ORDER_DOCUMENT } from "./OwnDocument.ts"
import { CommitmentResolved } from "./stockErrors.ts"

/** Commitments that an operation is asked for: all pending ones of a document, or those that are named. */
export const commitmentFields = {
  document: Schema.optionalKey(ObjectRef),
  commitments: Schema.optionalKey(
    Schema.NonEmptyArray(
      Schema.Struct({ id: CommitmentId, quantity: Schema.optionalKey(Quantity) }),
    ).check(
      Schema.makeFilter((items: ReadonlyArray<{ readonly id: string }>) => {
        const again = repeatedAt(items.map(({ id }) => id))
        return again < 0 ? undefined : { path: [again, "id"], issue: "named before" }
      }),
    ),
  ),
}

/** The place of the first item that stands earlier in the list too; -1 when there is none. */
export const repeatedAt = (items: ReadonlyArray<string>): number => {
  const seen = new Set<string>()
  return items.findIndex((item) => seen.size === seen.add(item).size)
}

/** Either a document or a list of the records themselves. */
export const oneOf = (list: "commitments" | "allocations") =>
  Schema.makeFilter((input: { readonly document?: unknown; readonly [list]?: unknown }) =>
    (input.document === undefined) === (input[list] === undefined)
      ? { path: ["document"], issue: `a document, or a list of ${list}, and not both` }
      : undefined,
  )

interface CommitmentChoice {
  readonly document?: ObjectRef
  readonly commitments?: ReadonlyArray<{ readonly id: CommitmentId; readonly quantity?: Quantity }>
}

/** A commitment as read, and how many of its units are meant, where that was said. */
export interface ChosenCommitment {
  readonly commitment: Stored<Commitment>
  readonly quantity?: Quantity | undefined
}

/**
 * The commitments that are meant, as read. Fails with `NotFound` for a document without commitments and for an
 * unknown id, `CommitmentResolved` for a document without pending ones, and `InvalidInput` for more units than a
 * commitment has of the kind.
 *
 * @param unitsOf the units of a pending commitment that the operation can take
 */
export const loadCommitments = Effect.fnUntraced(function* (
  { document, commitments = [] }: CommitmentChoice,
  action: Action,
  unitsOf: (commitment: Commitment) => number,
): Effect.fn.Return<
  ReadonlyArray<ChosenCommitment>,
  NotFound | InvalidInput | CommitmentResolved | StoreUnavailable,
  Store | CurrentPartition
> {
  if (document !== undefined)
    return (yield* loadPending(document)).map((commitment) => ({ commitment }))
  const store = yield* Store
  const chosen: Array<ChosenCommitment> = []
  const found = yield* store.getMany(
    Commitments,
    commitments.map(({ id }) => id),
  )
  for (const [place, { id, quantity }] of commitments.entries()) {
    const commitment = found.get(id)
    if (commitment === undefined) return yield* new NotFound({ kind: "commitment", id })
    const { state } = commitment.value
    if (state !== "pending") return yield* new CommitmentResolved({ commitment: id, state })
    if (action === "allocateStock" && commitment.value.documentKind === ORDER_DOCUMENT)
      return yield* invalidField(action, `commitments[${place}].id`, "not of an order")
    if (quantity !== undefined && quantity > unitsOf(commitment.value))
      return yield* invalidField(
        action,
        `commitments[${place}].quantity`,
        `more than the ${unitsOf(commitment.value)} units that it has`,
      )
    chosen.push({ commitment, quantity })
  }
  return chosen
})

/** The pending commitments of a document: at least one. */
export const loadPending = Effect.fnUntraced(function* ({
  kind,
  id,
}: ObjectRef): Effect.fn.Return<
  ReadonlyArray<Stored<Commitment>>,
  NotFound | CommitmentResolved | StoreUnavailable,
  Store | CurrentPartition
> {
  const all = (yield* findCommitments(id)).filter(({ value }) => value.documentKind === kind)
  const pending = all.filter(({ value }) => value.state === "pending")
  if (pending.length > 0) return pending
  const resolved = all[0]?.value
  return yield* resolved === undefined
    ? new NotFound({ kind, id })
    : new CommitmentResolved({ commitment: resolved.id, state: resolved.state })
})
