import * as Schema from "effect/Schema"
import { ObjectRef } from "../audit/index.ts"

/** The kind of document whose stock goes through the order's own commands, which keep its lines in step. */
export const ORDER_DOCUMENT = "order"

/**
 * A document of the host's own: a basket, a quote, a works order. Orders are refused here: `commitOrder`,
 * `allocateOrder` and `dispatchOrder` do the same for them and move their lines in the same batch, so that no unit
 * is sent twice.
 */
export const OwnDocument = ObjectRef.check(
  Schema.makeFilter(({ kind }: ObjectRef) =>
    kind === ORDER_DOCUMENT
      ? { path: ["kind"], issue: "another kind than order: orders have commands of their own" }
      : undefined,
  ),
)
export type OwnDocument = typeof OwnDocument.Type
