import * as Effect from "effect/Effect"
import { nextId, Uuid } from "../kernel/index.ts"
import { releaseOrder } from "../order/index.ts"
import { eachOrder, type StepOptions } from "./eachOrder.ts"

/** Step 3: gives every accepted order of the current merchant to its warehouses, unless it is held or waits for stock. */
export const releaseOrders = Effect.fn("releaseOrders")((input: StepOptions) =>
  eachOrder(
    "accepted",
    (order) => Effect.flatMap(nextId(Uuid), (key) => releaseOrder({ key, order })),
    input,
  ),
)
