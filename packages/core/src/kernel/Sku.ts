import * as Schema from "effect/Schema"

/**
 * A stocked thing's code, as its merchant writes it: 1 to 64 characters, no space at either end,
 * no control character and no `/`. Codes that differ only by case are different things.
 */
export const Sku = Schema.String.check(
  Schema.isPattern(/^[^\s/\p{Cc}]([^/\p{Cc}]{0,62}[^\s/\p{Cc}])?$/u),
).pipe(Schema.brand("Sku"))
export type Sku = typeof Sku.Type
