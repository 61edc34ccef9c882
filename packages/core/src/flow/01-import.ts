import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { fingerprint } from "../command/index.ts"
import { importOrder, type OrderSnapshot } from "../order/index.ts"
import { eachItem, type StepOptions } from "./eachOrder.ts"

/**
 * Step 1: takes in orders as a channel has them. The key of each import is made of what it is about, so that pages
 * may come twice, overlap and be out of order (O1).
 *
 * @param input.orders snapshots, read as they are needed
 * @param input.concurrency orders at a time; 1 keeps their order
 */
export const importOrders = Effect.fn("importOrders")(
  (input: StepOptions & { readonly orders: Iterable<typeof OrderSnapshot.Encoded> }) =>
    eachItem(
      Stream.fromIterable(input.orders),
      ({ externalId }) => externalId,
      (snapshot) =>
        importOrder({ ...snapshot, key: `import:${fingerprint("importOrder", snapshot)}` }),
      input,
    ),
)
