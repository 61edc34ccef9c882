import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { pageFields, pageOf, query } from "../command/index.ts"
import { Store } from "../store/index.ts"
import { MerchantDirectory } from "./Merchant.ts"
import { currentOperator } from "./Operator.ts"

/**
 * The merchants of the current operator by name, a page at a time, closed ones too. Their standings lie in their own
 * partitions: enter one to read it. `NotFound` outside of an operator's partition.
 */
export const findMerchants = query({
  action: "findMerchants",
  input: Schema.Struct(pageFields),
  read: Effect.fnUntraced(function* (page) {
    yield* currentOperator
    return pageOf(yield* (yield* Store).find(MerchantDirectory, "name", page))
  }),
})
