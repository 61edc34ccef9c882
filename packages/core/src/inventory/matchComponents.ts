import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { explodeKit, type Kit, type KitRefused, lookUpKit } from "../catalogue/index.ts"
import { type Quantity, Sku } from "../kernel/index.ts"
import type { CurrentPartition, Store, StoreUnavailable } from "../store/index.ts"

/** The kit is virtual: it is put together when it is picked and has no stock of its own. */
export class VirtualKit extends Schema.TaggedError<VirtualKit>()("VirtualKit", { kit: Sku }) {}

/** The components do not come to `ratio × kits` (R11). Nothing moved. */
export class KitMismatch extends Schema.TaggedError<KitMismatch>()("KitMismatch", {
  kit: Sku,
  component: Sku,
  /** Units that the kits take; 0 for what is no component. */
  wanted: Schema.Int,
  given: Schema.Int,
}) {
  override get message() {
    return `${this.kit} takes ${this.wanted} of ${this.component}, not ${this.given}`
  }
}

/**
 * Whether the units are exactly those that a number of kits takes, summed for each component: all of them or nothing
 * (R11).
 */
export const matchComponents = (
  kit: Pick<Kit, "sku" | "components">,
  quantity: Quantity,
  units: ReadonlyArray<{ readonly sku: Sku; readonly quantity: number }>,
): Result.Result<void, KitMismatch | KitRefused> => {
  const needed = explodeKit(kit, quantity)
  if (Result.isFailure(needed)) return Result.fail(needed.failure)
  const open = new Map<Sku, { wanted: number; given: number }>()
  const at = (sku: Sku) => open.get(sku) ?? { wanted: 0, given: 0 }
  for (const { sku, quantity: wanted } of needed.success)
    open.set(sku, { ...at(sku), wanted: at(sku).wanted + wanted })
  for (const { sku, quantity: given } of units)
    open.set(sku, { ...at(sku), given: at(sku).given + given })
  for (const [component, { wanted, given }] of open)
    if (wanted !== given)
      return Result.fail(new KitMismatch({ kit: kit.sku, component, wanted, given }))
  return Result.succeed(undefined)
}

/** The assembled kit with this SKU. A kit never changes, so nothing has to hold it. */
export const lookUpAssembledKit = Effect.fnUntraced(function* (
  sku: Sku,
): Effect.fn.Return<Kit, NotFound | VirtualKit | StoreUnavailable, Store | CurrentPartition> {
  const stored = yield* lookUpKit(sku)
  if (Option.isNone(stored)) return yield* new NotFound({ kind: "kit", id: sku })
  const kit = stored.value.value
  return kit.kind === "virtual" ? yield* new VirtualKit({ kit: sku }) : kit
})
