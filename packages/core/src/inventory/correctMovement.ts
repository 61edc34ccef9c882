import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { Quantity } from "../kernel/index.ts"
import { MAX_PAGE, readEveryPage, Store } from "../store/index.ts"
import { draftMovements } from "./draftMovements.ts"
import type { NewMovement } from "./NewMovement.ts"
import { movedAnswer, StockMoved } from "./Place.ts"
import { MovementId, type StockMovement, StockMovements } from "./StockMovement.ts"
import { stockCommand } from "./stockCommand.ts"
import { UNTIL_CLOSED } from "./stockStandings.ts"

/**
 * The movement is not taken back by a correction. A correction is final: what it undid is done again. Units that
 * went into a transfer or a kit come back by receiving the transfer or by taking the kit apart.
 */
export class NotCorrectable extends Schema.TaggedError<NotCorrectable>()("NotCorrectable", {
  movement: MovementId,
  reason: Schema.Literals(["a correction", "a transfer", "a kit"]),
}) {
  override get message() {
    return `the movement ${this.movement} is part of ${this.reason} and is not corrected`
  }
}

/** More than what is left of the movement was to be taken back. `left` can be. */
export class OverCorrected extends Schema.TaggedError<OverCorrected>()("OverCorrected", {
  movement: MovementId,
  wanted: Schema.Int,
  left: Schema.Int,
}) {
  override get message() {
    return `${this.left} units of the movement ${this.movement} are left to correct, not ${this.wanted}`
  }
}

/**
 * The movement that takes back another one, all of it or in part: the same units the other way, at the instant at
 * which the mistake is said to have happened. Original and corrections together come to the corrected value (L4).
 *
 * @param movement the movement that was wrong
 * @param corrections what has been taken back of it before
 * @param quantity units to take back; all that are left, when undefined
 */
export const correctionOf = (
  movement: StockMovement,
  corrections: ReadonlyArray<Pick<StockMovement, "quantity" | "correction">>,
  quantity: Quantity | undefined,
): Result.Result<NewMovement, NotCorrectable | OverCorrected> => {
  const reason = finalBecause(movement)
  if (reason !== undefined)
    return Result.fail(new NotCorrectable({ movement: movement.id, reason }))
  const left = corrections.reduce((sum, each) => sum - each.quantity, movement.quantity as number)
  const wanted = quantity ?? left
  if (wanted > left || left === 0)
    return Result.fail(new OverCorrected({ movement: movement.id, wanted, left }))
  return Result.succeed({
    sku: movement.sku,
    lot: movement.lot,
    serial: movement.serial,
    from: movement.to,
    to: movement.from,
    quantity: wanted as Quantity,
    reason: "correction",
    document: movement.document,
    corrects: movement.id,
    correction: 1 + Math.max(0, ...corrections.map((each) => each.correction ?? 0)),
    occurredAt: movement.occurredAt,
  })
}

const finalBecause = (movement: StockMovement): NotCorrectable["reason"] | undefined => {
  if (movement.corrects !== undefined) return "a correction"
  const places = [movement.from._tag, movement.to._tag]
  if (places.includes("Transit")) return "a transfer"
  return places.includes("Kitting") ? "a kit" : undefined
}

/**
 * Takes back a movement that was recorded wrongly, all or in part, by a new movement that names it (L4). The
 * journal keeps both. Never more than what is left uncorrected, also when two correct it at once.
 *
 * @param input.movement the journal line that is wrong
 * @param input.quantity units to take back; all that are left, when left out
 */
export const correctMovement = stockCommand({
  action: "correctMovement",
  input: Schema.Struct({ movement: MovementId, quantity: Schema.optionalKey(Quantity) }),
  answer: StockMoved,
  standings: UNTIL_CLOSED,
  decide: Effect.fnUntraced(function* ({ movement: id, quantity }, context) {
    const store = yield* Store
    const stored = yield* store.get(StockMovements, id)
    if (Option.isNone(stored)) return yield* new NotFound({ kind: "movement", id })
    const corrections = yield* readEveryPage((after) =>
      store.find(StockMovements, "correction", {
        equals: { corrects: id },
        after,
        limit: MAX_PAGE,
      }),
    )
    const correction = yield* Effect.fromResult(
      correctionOf(
        stored.value.value,
        corrections.map(({ value }) => value),
        quantity,
      ),
    )
    const draft = yield* draftMovements([correction], context)
    return {
      about: { kind: "movement", id },
      entries: draft.entries,
      messages: draft.messages,
      answer: movedAnswer(draft),
    }
  }),
})
