import fc from "fast-check"
import { pace } from "./OrderHistory.ts"
import type { InputOf } from "./OrderOperations.ts"
import { SHOP } from "./OrderShop.ts"

/** What a channel tells: an order at a version, or that it was cancelled. */
export type Told =
  | {
      readonly operation: "importOrder"
      readonly input: Omit<InputOf<"importOrder">, "key">
    }
  | {
      readonly operation: "cancelImportedOrder"
      readonly input: Omit<InputOf<"cancelImportedOrder">, "key">
    }

/** What a channel tells of a few orders, each thing once, and how it is told again. */
export interface FeedHistory {
  readonly pace: ReadonlyArray<number>
  /** In order: by version, cancellations last. */
  readonly told: ReadonlyArray<Told>
  /** Places in `told`, each at least once, in any order. */
  readonly retold: ReadonlyArray<number>
  /** How many are told at the same moment. */
  readonly atOnce: number
}

/** The order that a channel only changes, and the one that it cancels. */
export const KEPT = "A-0"
export const DROPPED = "A-1"

const SKUS = ["TEA", "CUP", "tea", "SET", "TEA-3", "HAT", "A/B"]

/** One version of an order as a channel might have it: what it says depends on its number and version alone. */
const version = fc.record({
  lines: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom("1", "2", "3"),
      sku: fc.constantFrom(...SKUS),
      quantity: fc.integer({ min: 1, max: 5 }),
      cancelled: fc.nat({ max: 5 }),
      pence: fc.nat({ max: 5000 }),
    }),
    { minLength: 1, maxLength: 3, selector: ({ id }) => id },
  ),
  payment: fc.constantFrom("pending" as const, "paid" as const),
  country: fc.constantFrom("GB", "IE"),
  serviceLevel: fc.constantFrom("standard", "express"),
  cancelled: fc.nat({ max: 5 }).map((n) => n === 0),
})
type Version = typeof version extends fc.Arbitrary<infer V> ? V : never

const toldOf = (externalId: string, { lines, ...rest }: Version, place: number): Told => ({
  operation: "importOrder",
  input: {
    connection: SHOP,
    externalId,
    externalVersion: 10 * (place + 1),
    orderedAt: 0,
    currency: "GBP",
    ...rest,
    lines: lines.map(({ id, sku, quantity, cancelled, pence }) => ({
      externalLineId: id,
      channelSku: sku,
      quantity,
      cancelled: Math.min(cancelled, quantity),
      total: { currency: "GBP", minor: String(pence) },
    })) as unknown as InputOf<"importOrder">["lines"],
  },
})

const cancellation: Told = {
  operation: "cancelImportedOrder",
  input: { connection: SHOP, externalId: DROPPED },
}

const versions = (most: number) => fc.array(version, { minLength: 1, maxLength: most })

const feed = fc
  .tuple(versions(3), versions(2))
  .map(
    ([kept, dropped]): ReadonlyArray<Told> => [
      ...kept.map((each, place) => toldOf(KEPT, each, place)),
      ...dropped.map((each, place) => toldOf(DROPPED, each, place)),
      cancellation,
    ],
  )

/** Any feed, and any way to tell it again: shuffled, overlapping, some of it at the same moment. */
export const anyFeed: fc.Arbitrary<FeedHistory> = feed.chain((told) => {
  const places = told.map((_, place) => place)
  return fc.record({
    pace,
    told: fc.constant(told),
    retold: fc
      .tuple(
        fc.shuffledSubarray(places, { minLength: places.length }),
        fc.array(fc.tuple(fc.constantFrom(...places), fc.nat({ max: 9 })), { maxLength: 3 }),
      )
      .map(([all, more]) =>
        more.reduce<ReadonlyArray<number>>(
          (list, [place, before]) => list.toSpliced(before, 0, place),
          all,
        ),
      ),
    atOnce: fc.constantFrom(1, 4),
  })
})
