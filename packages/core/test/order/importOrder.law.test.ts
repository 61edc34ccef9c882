import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import {
  cancelImportedOrder,
  ExternalOrders,
  importOrder,
  type Order,
  Orders,
} from "../../src/order/index.ts"
import { freshKey, line, records, runOrders, runUneven, SHOP, snapshot } from "./orderWorld.ts"

const SKUS = ["MUG", "mug", "TEA", "GIFT", "MUG-3PK", "HAT", "A/B"]

/** One version of one order as a channel might have it: what it says depends on its number and version alone. */
const version = fc.record({
  lines: fc
    .uniqueArray(
      fc.record({
        id: fc.constantFrom("1", "2", "3", "4"),
        sku: fc.constantFrom(...SKUS),
        quantity: fc.integer({ min: 1, max: 5 }),
        cancelled: fc.nat({ max: 5 }),
        pence: fc.nat({ max: 5000 }),
      }),
      { minLength: 1, maxLength: 4, selector: ({ id }) => id },
    )
    .map((lines) =>
      lines.map(({ id, sku, quantity, cancelled, pence }) =>
        line(sku, quantity, {
          externalLineId: id,
          cancelled: Math.min(cancelled, quantity),
          total: { currency: "GBP", minor: String(pence) },
        }),
      ),
    ),
  payment: fc.constantFrom("pending" as const, "paid" as const),
  country: fc.constantFrom("GB", "IE"),
  serviceLevel: fc.constantFrom("standard", "express"),
  cancelled: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
})

/** What a channel tells of a few orders, each in some versions. */
const feed = fc
  .array(fc.array(version, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
  .map((orders) =>
    orders.flatMap((versions, order) =>
      versions.map(({ lines, ...more }, place) => ({
        externalId: `A-${order}`,
        externalVersion: 10 * (place + 1),
        ...more,
        lines,
      })),
    ),
  )

/** The feed told again: shuffled, overlapping, each part at least once. */
const retold = <A>(whole: ReadonlyArray<A>) =>
  fc
    .tuple(
      fc.shuffledSubarray([...whole], { minLength: whole.length }),
      fc.array(fc.constantFrom(...whole), { maxLength: 8 }),
      fc.infiniteStream(fc.nat({ max: 1000 })),
    )
    .map(([all, again, random]) =>
      [...all, ...again]
        .map((item) => ({ item, rank: random.next().value as number }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ item }) => item),
    )

/** An order without ids and instants of its own. */
const shapeOf = ({ id: _, importedAt: _at, completedAt, holds, ...order }: Order) => ({
  ...order,
  ended: completedAt !== undefined,
  holds: holds.map(({ code, source, reason }) => `${code}/${source}/${reason}`).sort(),
})

const shapes = Effect.gen(function* () {
  const orders = (yield* records(Orders)).map(({ value }) => shapeOf(value))
  const external = (yield* records(ExternalOrders)).map(({ value }) => ({
    externalId: value.externalId,
    cancelled: value.cancelled,
    known: value.order !== undefined,
  }))
  return { orders: orders.toSorted(byExternalId), external: external.toSorted(byExternalId) }
})

const byExternalId = (a: { externalId?: string }, b: { externalId?: string }) =>
  (a.externalId ?? "") < (b.externalId ?? "") ? -1 : 1

type Part = { readonly lines: Parameters<typeof snapshot>[0] } & Parameters<typeof snapshot>[1]

const tell = (parts: ReadonlyArray<Part>, concurrency: number) =>
  Effect.andThen(
    Effect.forEach(parts, ({ lines, ...more }) => importOrder(snapshot(lines, more)), {
      concurrency,
      discard: true,
    }),
    shapes,
  )

const inOrder = (parts: ReadonlyArray<Part>) =>
  [...parts].sort((a, b) => (a?.externalVersion ?? 0) - (b?.externalVersion ?? 0))

describe("importing a channel's orders", () => {
  it("ends the same however often, in whatever order and overlap it tells of them (O1)", async () => {
    await fc.assert(
      fc.asyncProperty(
        feed.chain((told) => fc.tuple(fc.constant(told), retold(told))),
        async ([told, again]) => {
          const once = await runOrders(tell(inOrder(told), 1))
          const shuffled = await runOrders(tell(again, 1))
          expect(shuffled).toEqual(once)
        },
      ),
      { numRuns: 1000 },
    )
  }, 240_000)

  it("ends the same when several pages come at once (O1)", async () => {
    await fc.assert(
      fc.asyncProperty(
        feed.chain((told) => fc.tuple(fc.constant(told), retold(told))),
        fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 16 }),
        async ([told, again], pace) => {
          const once = await runOrders(tell(inOrder(told), 1))
          const together = await runUneven(pace, tell(again, 4))
          expect(together).toEqual(once)
        },
      ),
      { numRuns: 1000 },
    )
  }, 240_000)

  it("ends the same when the cancellation comes before the order, after it, or at once (O4)", async () => {
    const cancel = cancelImportedOrder({ key: freshKey(), connection: SHOP, externalId: "A-0" })
    const one = fc.array(version, { minLength: 1, maxLength: 3 }).map((versions) =>
      versions.map(({ lines, ...more }, place) => ({
        ...more,
        lines,
        externalId: "A-0",
        externalVersion: place + 1,
      })),
    )
    await fc.assert(
      fc.asyncProperty(
        one,
        fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 16 }),
        fc.nat({ max: 3 }),
        async (told, pace, place) => {
          const after = await runOrders(
            Effect.gen(function* () {
              yield* tell(told, 1)
              yield* cancel
              return yield* shapes
            }),
          )
          expect(after.orders[0]?.state).toBe("cancelled")
          const between = await runOrders(
            Effect.gen(function* () {
              yield* tell(told.slice(0, place), 1)
              yield* cancel
              return yield* tell(told.slice(place), 1)
            }),
          )
          expect(between).toEqual(after)
          const atOnce = await runUneven(
            pace,
            Effect.gen(function* () {
              yield* Effect.all([tell(told, 2), cancel], { concurrency: "unbounded" })
              return yield* shapes
            }),
          )
          expect(atOnce).toEqual(after)
        },
      ),
      { numRuns: 1000 },
    )
  }, 240_000)
})
