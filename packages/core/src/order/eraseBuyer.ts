import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { command, unchanged } from "../command/index.ts"
import { Timestamp } from "../kernel/index.ts"
import { ErasureLedger, OrderPiis } from "../privacy/index.ts"
import { CurrentPartition, replace, Store } from "../store/index.ts"
import { draftErasure, tellErased } from "./draftErasure.ts"
import { loadOrder } from "./loadOrder.ts"
import { isFinished, OrderId } from "./Order.ts"
import { IllegalTransition } from "./orderErrors.ts"

/** What an erasure came to. `erasedAt` is there for an order whose data is gone, now or before. */
const Erased = Schema.Struct({ order: OrderId, erasedAt: Schema.optionalKey(Timestamp) })

const erase = command({
  action: "eraseBuyer",
  standings: ["active", "on_stop", "suspended", "closing"],
  input: Schema.Struct({ order: OrderId }),
  answer: Erased,
  decide: Effect.fnUntraced(function* ({ order: id }, { at }) {
    const stored = yield* loadOrder(id)
    const { pii, splitFrom, state } = stored.value
    const about = { kind: "order", id }
    const untouched = (answer: typeof Erased.Type) => unchanged(about, answer)
    if (pii._tag === "Anonymised") return untouched({ order: id, erasedAt: pii.at })
    const reason =
      splitFrom !== undefined
        ? "the buyer belongs to the order that it was split from"
        : "it is open: cancel or send it first"
    if (splitFrom !== undefined || !isFinished(stored.value))
      return yield* new IllegalTransition({ order: id, event: "erase_buyer", state, reason })
    if (pii._tag === "NotFetched") return untouched({ order: id })
    const sealed = Option.getOrUndefined(yield* (yield* Store).get(OrderPiis, id))
    const erased = yield* draftErasure(stored.value, sealed, "ErasureRequested", at)
    return {
      about,
      entries: [replace(stored, erased.order), ...erased.entries],
      messages: yield* tellErased(erased.erasures, at),
      answer: { order: id, erasedAt: at } as typeof Erased.Type,
    }
  }),
})

/**
 * Erases the buyer's data of a finished order now, as retention would later (R49). The order, its totals and its effect
 * on stock stay as they are. When this answers, the erasure ledger has it.
 *
 * Fails with `IllegalTransition` for an open order or the child of a split, and `NotFound`.
 */
export const eraseBuyer = Effect.fn("eraseBuyer")(function* (input: Parameters<typeof erase>[0]) {
  const answer = yield* erase(input)
  const { erasedAt } = answer
  if (erasedAt !== undefined) {
    const { id: partition } = yield* CurrentPartition
    yield* (yield* ErasureLedger).append([
      { partition, kind: "buyer", id: answer.order, at: erasedAt },
    ])
  }
  return answer
})
