import fc from "fast-check"

/** What is in stock: products of the world. */
export type ShelfSku = "TEA" | "CUP"

/** What is ordered: products, and SET, which is put together when it is picked. */
type OrderedSku = ShelfSku | "SET"

/** Which order something is done to: the one that a scene brought in, or a pick among those that there are. */
export type Target =
  | {
      readonly external: string
      /** The child of it that was split off first. */
      readonly child?: boolean
    }
  | {
      readonly pick: number
      /** Among all orders; else among those to which it can happen, where there are any. */
      readonly any: boolean
    }

/** Units of a line: mostly of one that has such units, and no more than it has. */
export interface SomeUnits {
  readonly line: number
  readonly quantity: number
  /** As many as it says, of the line that it says, whether there are any or not. */
  readonly blind: boolean
}

interface OrderedLine {
  readonly sku: OrderedSku
  readonly quantity: number
}

interface OfOrder {
  readonly of: Target
}

/** Everything that somebody may do, as data. Which order it is done to is looked up when its turn comes. */
export interface Acts {
  readonly receive: {
    readonly sku: ShelfSku
    readonly quantity: number
    readonly warehouse: number
  }
  readonly fill: { readonly sku: OrderedSku; readonly warehouse: number }
  readonly import: { readonly external: string; readonly lines: ReadonlyArray<OrderedLine> }
  readonly cancelAtChannel: { readonly external: string }
  readonly commit: OfOrder & { readonly rule: "whole" | "available" | "backorder" | null }
  readonly release: OfOrder
  readonly allocate: OfOrder
  readonly pick: OfOrder & SomeUnits
  readonly pack: OfOrder & SomeUnits
  readonly dispatch: OfOrder & SomeUnits & { readonly all: boolean }
  readonly cancel: OfOrder
  readonly cancelSome: OfOrder & SomeUnits
  readonly amend: OfOrder & SomeUnits
  readonly hold: OfOrder
  readonly lift: OfOrder
  readonly split: OfOrder & SomeUnits
  readonly merge: OfOrder
  readonly again: { readonly pick: number; readonly other: boolean }
}

export type Act = { readonly [Name in keyof Acts]: { readonly do: Name } & Acts[Name] }[keyof Acts]

/** An act in a beat, perhaps sent twice at the same moment. */
export interface PlannedAct {
  readonly act: Act
  readonly copies: number
}

/** What is to be done at one moment, all of it at once, so many milliseconds after the one before. */
export interface PlannedBeat {
  readonly wait: number
  readonly acts: ReadonlyArray<PlannedAct>
}

/** Beats that belong together. Orders named `x…` in it are this scene's own. */
export type Scene = ReadonlyArray<PlannedBeat>

export const units = fc.integer({ min: 1, max: 4 })
export const copies = fc.constantFrom(1, 1, 1, 2)
const pick = fc.nat({ max: 11 })
const mostlyFirst = fc.nat({ max: 4 }).map((n) => (n === 0 ? 1 : 0))
const shelf = fc.constantFrom<ShelfSku>("TEA", "CUP")
const ordered = fc.constantFrom<OrderedSku>("TEA", "CUP", "SET")
const of: fc.Arbitrary<Target> = fc.record({ pick, any: fc.nat({ max: 7 }).map((n) => n === 0) })
const some = {
  of,
  line: fc.nat({ max: 2 }),
  quantity: units,
  blind: fc.nat({ max: 7 }).map((n) => n === 0),
}
const external = fc.constantFrom("A-0", "A-1")

export const rule = fc.constantFrom<Acts["commit"]["rule"]>("whole", "available", "backorder", null)

export const lines = fc.array(fc.record({ sku: ordered, quantity: units }), {
  minLength: 1,
  maxLength: 2,
})

/** One act of a kind. */
const actOf = <Name extends keyof Acts>(
  name: Name,
  fields: { readonly [F in keyof Acts[Name]]: fc.Arbitrary<Acts[Name][F]> },
): fc.Arbitrary<Act> =>
  fc.record({
    do: fc.constant(name),
    ...fields,
  } as never) as fc.Arbitrary<unknown> as fc.Arbitrary<Act>

const often = (weight: number, arbitrary: fc.Arbitrary<Act>) => ({ weight, arbitrary })

/** Anything that anybody may do. */
export const anyAct: fc.Arbitrary<Act> = fc.oneof(
  often(3, actOf("receive", { sku: shelf, quantity: units, warehouse: mostlyFirst })),
  often(2, actOf("fill", { sku: ordered, warehouse: mostlyFirst })),
  often(3, actOf("import", { external, lines })),
  often(1, actOf("cancelAtChannel", { external })),
  often(4, actOf("commit", { of, rule })),
  often(4, actOf("release", { of })),
  often(4, actOf("allocate", { of })),
  often(3, actOf("pick", some)),
  often(3, actOf("pack", some)),
  often(4, actOf("dispatch", { ...some, all: fc.boolean() })),
  often(1, actOf("cancel", { of })),
  often(2, actOf("cancelSome", some)),
  often(2, actOf("amend", some)),
  often(1, actOf("hold", { of })),
  often(2, actOf("lift", { of })),
  often(2, actOf("split", some)),
  often(2, actOf("merge", { of })),
)

export const again: fc.Arbitrary<Act> = actOf("again", {
  pick: fc.nat({ max: 30 }),
  other: fc.boolean(),
})
