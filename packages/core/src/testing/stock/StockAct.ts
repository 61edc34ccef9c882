import fc from "fast-check"
import type { Who } from "./StockTrace.ts"

/** Products of the world. TEA and CUP are plain, MILK has lots that expire, PHONE has serial numbers, BOX is made up. */
export type ProductSku = "TEA" | "CUP" | "MILK" | "PHONE" | "BOX"

/** What may be promised: products, and SET, which is put together when it is picked. */
export type PromisedSku = ProductSku | "SET"

export type LotName = "L1" | "L2" | "L3"
type ConditionName = "sellable" | "held" | "damaged" | "quarantine" | "returned"
export type StrategyName = "fefo" | "fifo" | "lifo" | "closest" | "single_lot_first"

/** A bin by its place in the world's lists. */
interface PlaceName {
  readonly warehouse: number
  readonly bin: number
}

interface WantedLine {
  readonly sku: PromisedSku
  readonly warehouse: number
  readonly quantity: number
}

/** A pick among the records that there are: the same number means the same one, while nothing changes. */
interface Picked {
  readonly pick: number
  /** Among the other merchant's records. */
  readonly foreign: boolean
}

/** Everything that somebody may do, as data. What it is done to is looked up when its turn comes. */
export interface Acts {
  readonly receive: {
    readonly sku: Exclude<ProductSku, "BOX">
    readonly lot: LotName
    readonly serial: number
    readonly quantity: number
    readonly place: PlaceName
    readonly condition: ConditionName
    readonly age: number
  }
  readonly move: TakesFromCell & { readonly bin: number }
  readonly adjust: TakesFromCell & { readonly adds: boolean }
  readonly change: TakesFromCell & { readonly to: ConditionName }
  readonly send: TakesFromCell
  readonly count: TakesFromCell
  readonly approve: Picked & { readonly rejects: boolean }
  readonly correct: Picked & { readonly quantity: number | null }
  readonly arrive: Picked & {
    readonly quantity: number
    readonly bin: number
    readonly close: boolean
  }
  readonly recall: { readonly lot: LotName }
  readonly expireLots: { readonly limit: number }
  readonly assemble: { readonly warehouse: number; readonly quantity: number; readonly bin: number }
  readonly disassemble: {
    readonly warehouse: number
    readonly quantity: number
    readonly bin: number
  }
  readonly commit: {
    readonly document: string
    readonly lines: ReadonlyArray<WantedLine>
    readonly policy: "whole" | "available"
    readonly lives: number | null
  }
  readonly release: { readonly document: string }
  readonly releaseSome: Picked & { readonly quantity: number | null }
  readonly expire: { readonly foreign: boolean }
  readonly allocate: {
    readonly document: string
    readonly strategy: StrategyName | null
    readonly shelfLife: number
  }
  readonly unpin: { readonly document: string }
  readonly unpinSome: Picked & { readonly quantity: number | null }
  readonly dispatch: {
    readonly document: string
    readonly rest: "keep" | "release"
    readonly part: number | null
  }
  readonly again: { readonly pick: number; readonly other: boolean }
}

/** Units of a cell: of one product only, where `of` says so. */
export interface TakesFromCell {
  readonly of: ProductSku | null
  readonly pick: number
  readonly quantity: number
}

export type Act = {
  readonly [Name in keyof Acts]: { readonly do: Name; readonly who: Who } & Acts[Name]
}[keyof Acts]

export const quantity = fc.integer({ min: 1, max: 6 })
const warehouse = fc.nat({ max: 3 }).map((n) => (n === 0 ? 1 : 0))
export const who = fc.nat({ max: 3 }).map((n): Who => (n === 0 ? 1 : 0))
export const pick = fc.nat({ max: 30 })
const lot = fc.constantFrom<LotName>("L1", "L2", "L3")
export const bin = fc.nat({ max: 2 })
export const promised = fc.constantFrom<PromisedSku>(
  "TEA",
  "TEA",
  "CUP",
  "MILK",
  "MILK",
  "SET",
  "SET",
  "SET",
  "BOX",
)

const foreign = fc.nat({ max: 4 }).map((n) => n === 0)
const document = fc.constantFrom("o-1", "o-2", "o-3")
const some = fc.option(quantity, { freq: 2 })
const goods = fc.constantFrom<Exclude<ProductSku, "BOX">>("TEA", "CUP", "MILK", "MILK", "PHONE")
const condition = fc.constantFrom<ConditionName>(
  "sellable",
  "sellable",
  "sellable",
  "held",
  "quarantine",
  "returned",
)
const cell = { of: fc.constant(null), pick, quantity }

/** One act of a kind, by anybody. */
export const actOf = <Name extends keyof Acts>(
  name: Name,
  fields: { readonly [F in keyof Acts[Name]]: fc.Arbitrary<Acts[Name][F]> },
): fc.Arbitrary<Act> =>
  fc.record({
    do: fc.constant(name),
    who,
    ...fields,
  } as never) as fc.Arbitrary<unknown> as fc.Arbitrary<Act>

export const receive = actOf("receive", {
  sku: goods,
  lot,
  serial: fc.integer({ min: 1, max: 5 }),
  quantity,
  place: fc.record({ warehouse, bin }),
  condition,
  age: fc.nat({ max: 5 }),
})

export const lines = fc.array(
  fc.record({ sku: promised, warehouse, quantity: fc.integer({ min: 1, max: 5 }) }),
  { minLength: 1, maxLength: 3 },
)

export const policy = fc.constantFrom<"whole" | "available">("whole", "available")
export const strategy = fc.option(
  fc.constantFrom<StrategyName>("fefo", "fifo", "lifo", "closest", "single_lot_first"),
  { freq: 3 },
)

const weighted = (weight: number, arbitrary: fc.Arbitrary<Act>) => ({ weight, arbitrary })

/** Anything that anybody may do. */
export const anyAct: fc.Arbitrary<Act> = fc.oneof(
  weighted(5, receive),
  weighted(3, actOf("move", { ...cell, bin })),
  weighted(3, actOf("adjust", { ...cell, adds: fc.boolean() })),
  weighted(3, actOf("change", { ...cell, to: fc.constantFrom("sellable", "held", "damaged") })),
  weighted(2, actOf("send", cell)),
  weighted(2, actOf("count", cell)),
  weighted(2, actOf("approve", { pick, foreign, rejects: foreign })),
  weighted(2, actOf("correct", { pick, foreign, quantity: some })),
  weighted(2, actOf("arrive", { pick, foreign, quantity, bin, close: fc.boolean() })),
  weighted(1, actOf("recall", { lot })),
  weighted(1, actOf("expireLots", { limit: fc.integer({ min: 1, max: 3 }) })),
  weighted(2, actOf("assemble", { warehouse, quantity: fc.integer({ min: 1, max: 2 }), bin })),
  weighted(1, actOf("disassemble", { warehouse, quantity: fc.integer({ min: 1, max: 2 }), bin })),
  weighted(
    5,
    actOf("commit", { document, lines, policy, lives: fc.constantFrom(null, 1000, 5000) }),
  ),
  weighted(2, actOf("release", { document })),
  weighted(2, actOf("releaseSome", { pick, foreign, quantity: some })),
  weighted(1, actOf("expire", { foreign })),
  weighted(4, actOf("allocate", { document, strategy, shelfLife: fc.constantFrom(0, 0, 1) })),
  weighted(1, actOf("unpin", { document })),
  weighted(2, actOf("unpinSome", { pick, foreign, quantity: some })),
  weighted(
    3,
    actOf("dispatch", {
      document,
      rest: fc.constantFrom("keep", "release"),
      part: fc.option(quantity, { freq: 3 }),
    }),
  ),
)
