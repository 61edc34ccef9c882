import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { MAX_UNITS, Quantity, Sku, Timestamp, type Units } from "../kernel/index.ts"
import { Collection, index } from "../store/index.ts"

/** One part of a kit and how many units of it each kit takes. */
export const KitComponent = Schema.Struct({ sku: Sku, quantity: Quantity })
export type KitComponent = typeof KitComponent.Type

/**
 * Several products sold under one SKU (domain 1.7). `virtual`: put together when it is picked, so it has no stock
 * of its own and its demand falls on its components. `assembled`: made up beforehand, so its SKU is a product with
 * stock of its own, made by a kitting movement.
 *
 * A kit does not change once it is defined: promises hold its components. Another recipe is another SKU.
 */
export const Kit = Schema.Struct({
  sku: Sku,
  kind: Schema.Literals(["virtual", "assembled"]),
  /** Products, never virtual kits: one level explodes to stock. */
  components: Schema.NonEmptyArray(KitComponent),
  createdAt: Timestamp,
})
export type Kit = typeof Kit.Type

export const Kits = Collection.make("kits", {
  schema: Kit,
  key: (kit) => kit.sku,
  indexes: { kind: index("kind", "sku") },
})

/** Why a kit cannot be: the component that stands in the way, where there is one. Nothing changed. */
export class KitRefused extends Schema.TaggedError<KitRefused>()("KitRefused", {
  sku: Schema.String,
  reason: Schema.Literals([
    "a component is a virtual kit",
    "a component contains the kit",
    "too many units",
  ]),
  component: Schema.String,
}) {
  override get message() {
    return `the kit ${this.sku} is refused: ${this.reason} (${this.component})`
  }
}

/**
 * The units of each component that a number of kits takes (R11: all of them, or nothing).
 *
 * @param kit as defined
 * @param quantity how many kits
 */
export const explodeKit = (
  kit: Pick<Kit, "sku" | "components">,
  quantity: Quantity,
): Result.Result<ReadonlyArray<KitComponent>, KitRefused> => {
  const parts: Array<KitComponent> = []
  for (const { sku, quantity: ratio } of kit.components) {
    const units = ratio * quantity
    if (units > MAX_UNITS)
      return Result.fail(new KitRefused({ sku: kit.sku, reason: "too many units", component: sku }))
    parts.push({ sku, quantity: units as Quantity })
  }
  return Result.succeed(parts)
}

/**
 * How many kits the components make: the least `floor(available / ratio)` over them (domain 1.7).
 *
 * @param kit as defined
 * @param availableOf the available units of a component; one in shortfall counts as none
 */
export const kitAvailability = (
  kit: Pick<Kit, "components">,
  availableOf: (sku: Sku) => number,
): Units =>
  Math.min(
    ...kit.components.map(({ sku, quantity }) =>
      Math.floor(Math.max(0, availableOf(sku)) / quantity),
    ),
  ) as Units
