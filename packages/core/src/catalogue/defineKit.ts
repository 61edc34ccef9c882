import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { command } from "../command/index.ts"
import { Sku } from "../kernel/index.ts"
import { check, type Entry, insert, replace } from "../store/index.ts"
import { CatalogueSkus, SkuTaken } from "./CatalogueSku.ts"
import { Kit, KitComponent, KitRefused, Kits } from "./Kit.ts"
import { contains, type KitGraph, loadKitGraph } from "./kitGraph.ts"

/** Components a kit. */
const MAX_COMPONENTS = 100

/** A kit's SKU, its kind, and what each takes: every component once, none of them the kit itself. */
export const KitDefinition = Schema.Struct({
  sku: Sku,
  kind: Kit.fields.kind,
  components: Schema.NonEmptyArray(KitComponent).check(Schema.isMaxLength(MAX_COMPONENTS)),
}).check(
  Schema.makeFilter(
    ({ sku, components }: { readonly sku: Sku; readonly components: Kit["components"] }) =>
      components.flatMap((component, at) => {
        const first = components.findIndex((each) => each.sku === component.sku)
        return component.sku !== sku && first === at
          ? []
          : [{ path: ["components", at, "sku"], issue: "each component once, and not the kit" }]
      }),
  ),
)
export type KitDefinition = typeof KitDefinition.Type

/** The entries that define a kit among what is there, or why it cannot be. */
export const kitEntries = (
  kit: Kit,
  { names, kits }: KitGraph,
): Result.Result<ReadonlyArray<Entry>, SkuTaken | KitRefused | NotFound> => {
  const refuse = (reason: KitRefused["reason"], component: Sku) =>
    Result.fail(new KitRefused({ sku: kit.sku, reason, component }))
  const own = names.get(kit.sku)
  if (own !== undefined && (kit.kind === "virtual" || own.value.kind !== "product"))
    return Result.fail(new SkuTaken(own.value))
  for (const { sku } of kit.components) {
    const name = names.get(sku)
    if (name === undefined) return Result.fail(new NotFound({ kind: "product", id: sku }))
    if (name.value.kind === "virtual_kit") return refuse("a component is a virtual kit", sku)
    if (contains(kits, sku, kit.sku)) return refuse("a component contains the kit", sku)
  }
  if (kit.kind === "virtual")
    return Result.succeed([
      insert(CatalogueSkus, { sku: kit.sku, kind: "virtual_kit" }),
      insert(Kits, kit),
    ])
  if (own === undefined) return Result.fail(new NotFound({ kind: "product", id: kit.sku }))
  // A part that becomes a kit at the same moment could close a circle that neither of the two definitions sees.
  const parts = [...names.values()].filter((name) => name !== own).map((name) => check(name))
  return Result.succeed([
    replace(own, { sku: kit.sku, kind: "assembled_kit" }),
    insert(Kits, kit),
    ...parts,
  ])
}

/**
 * Defines a kit of products. A virtual kit takes a new SKU; an assembled kit's SKU is a product that exists, which
 * holds its barcodes and measures. Components may be assembled kits, which have stock, but not virtual ones.
 *
 * Fails with `SkuTaken`, `NotFound` for a product that does not exist, and `KitRefused`.
 */
export const defineKit = command({
  action: "defineKit",
  input: KitDefinition,
  answer: Kit,
  decide: Effect.fnUntraced(function* (definition, { at }) {
    const kit: Kit = { ...definition, createdAt: at }
    const graph = yield* loadKitGraph([kit.sku, ...kit.components.map(({ sku }) => sku)])
    return {
      about: { kind: "kit", id: kit.sku },
      entries: yield* Effect.fromResult(kitEntries(kit, graph)),
      answer: kit,
    }
  }),
})
