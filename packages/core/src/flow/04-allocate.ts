import * as Effect from "effect/Effect"
import { nextId, Uuid } from "../kernel/index.ts"
import { allocateOrder } from "../order/index.ts"
import { eachOrder, type StepOptions } from "./eachOrder.ts"

/** Step 4: pins the promised units of every released order of the current merchant to cells, the oldest order first. */
export const allocateOrders = Effect.fn("allocateOrders")((input: StepOptions) =>
  eachOrder(
    "processing",
    (order) => Effect.flatMap(nextId(Uuid), (key) => allocateOrder({ key, order })),
    input,
  ),
)
