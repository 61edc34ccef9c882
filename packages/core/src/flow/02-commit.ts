import * as Effect from "effect/Effect"
import { nextId, Uuid } from "../kernel/index.ts"
import { commitOrder } from "../order/index.ts"
import { eachOrder, type StepOptions } from "./eachOrder.ts"

/** Step 2: promises stock to every accepted order of the current merchant, the oldest first, under its own rule. */
export const commitOrders = Effect.fn("commitOrders")((input: StepOptions) =>
  eachOrder(
    "accepted",
    (order) => Effect.flatMap(nextId(Uuid), (key) => commitOrder({ key, order })),
    input,
  ),
)
