import { describe, expect, layer } from "@effect/vitest"
import {
  type Cursor,
  enterPartition,
  findProducts,
  MAX_PAGE,
  readStock,
  type StockBalance,
} from "@oto-fulfilment/core"
import { Effect, Option, Stream } from "effect"
import { everyOrder } from "../../src/story/everyOrder.ts"
import type { OpenShop } from "../../src/story/openShops.ts"
import { tryToOversell } from "../../src/story/oversell.ts"
import { stockFigures } from "../../src/story/stockFigures.ts"
import { tryToReadAnothers } from "../../src/story/strangers.ts"
import { verifyLedgers } from "../../src/story/verifyLedgers.ts"
import { Served } from "./demoWorld.ts"

const inShop = (shop: OpenShop) => enterPartition(shop.owner, shop.merchant)

const everySku = (shop: OpenShop) =>
  Stream.paginate(undefined as Cursor | undefined, (after) =>
    Effect.map(
      inShop(shop)(findProducts({ limit: MAX_PAGE, ...(after !== undefined && { after }) })),
      ({ items, next }) => [items.map(({ sku }) => sku), Option.fromUndefinedOr(next)],
    ),
  ).pipe(Stream.runCollect)

const sellableCells = (shop: OpenShop, sku: string) =>
  inShop(shop)(
    Effect.map(readStock({ sku, cells: true }), ({ warehouses }) =>
      warehouses.flatMap(({ cells }) => cells.filter(({ condition }) => condition === "sellable")),
    ),
  )

/** Where the later one of two lots was taken from: what is left, unpinned, of the lot that expires before it. */
const leftOfEarlier = (cells: ReadonlyArray<StockBalance>): ReadonlyArray<number> => {
  const [early, late] = cells
    .filter(({ expiresAt }) => expiresAt !== undefined)
    .sort((a, b) => (a.expiresAt ?? 0) - (b.expiresAt ?? 0))
  return early !== undefined && late !== undefined && late.allocated > 0 ? [early.unallocated] : []
}

layer(Served.layer, { excludeTestServices: true })((it) => {
  describe("serving the two days", () => {
    it.effect("promises and pins what there is, and lets the rest wait", () =>
      Effect.gen(function* () {
        const { premises, served, units } = yield* Served
        expect(served).toEqual({ committed: 181, released: 181, allocated: 181 })
        expect(units.backordered).toBeGreaterThan(0)
        expect(units.allocated).toBe(units.committed)

        const views = (yield* Effect.forEach(premises.shops, everyOrder)).flat()
        const summaries = new Set(views.map(({ status }) => status.summary))
        expect(summaries).toEqual(new Set(["allocated", "backordered", "cancelled"]))
      }),
    )

    it.effect("leaves stock that adds up", () =>
      Effect.gen(function* () {
        const { premises, units } = yield* Served
        const figures = yield* Effect.forEach(premises.shops, stockFigures)
        expect(figures.reduce((sum, stock) => sum + stock.committed, 0)).toBe(units.committed)
        expect(figures.reduce((sum, stock) => sum + stock.allocated, 0)).toBe(units.allocated)
        for (const stock of figures) {
          expect(stock.onHand).toBe(stock.unsellable + stock.available + stock.committed)
          expect(stock.unsellable).toBeGreaterThan(0)
          expect(stock.shortfall).toBe(0)
        }
        const books = yield* verifyLedgers(premises)
        expect(books).toMatchObject({ drifts: [], unproved: 0 })
      }),
    )

    it.effect("tells of everything the sums of what it tells of each SKU", () =>
      Effect.gen(function* () {
        const { premises } = yield* Served
        for (const shop of premises.shops) {
          const totals = yield* Effect.forEach(yield* everySku(shop), (sku) =>
            Effect.map(inShop(shop)(readStock({ sku })), ({ total }) => total),
          )
          const figures = yield* stockFigures(shop)
          for (const figure of [
            "onHand",
            "unsellable",
            "committed",
            "allocated",
            "available",
          ] as const)
            expect(totals.reduce((sum, total) => sum + total[figure], 0)).toBe(figures[figure])
          expect(figures.allocated).toBeGreaterThan(0)
        }
      }),
    )

    it.effect("takes the lot that expires first", () =>
      Effect.gen(function* () {
        const { premises } = yield* Served
        const left: Array<number> = []
        for (const shop of premises.shops) {
          const lines = (yield* everyOrder(shop)).flatMap(({ order }) => order.lines)
          const skus = new Set(lines.flatMap((line) => line.sku ?? []))
          for (const sku of skus) left.push(...leftOfEarlier(yield* sellableCells(shop, sku)))
        }
        expect(left.length).toBeGreaterThan(10)
        expect(left.filter((units) => units > 0)).toEqual([])
      }),
    )
  })

  describe("what must not happen", () => {
    it.effect(
      "64 callers get exactly what there is, and it is there again when they give it back",
      () =>
        Effect.gen(function* () {
          const { premises } = yield* Served
          for (const shop of premises.shops) {
            const report = yield* tryToOversell(shop, premises.warehouse, "22086")
            expect(report.available).toBeGreaterThan(0)
            expect(report.asked).toBeGreaterThanOrEqual(2 * report.available)
            expect(report.granted).toBe(report.available)
            expect(report.left).toBe(0)
            expect(report.afterwards).toBe(report.available)
          }
        }),
    )

    it.effect("a merchant does not see another's order, and its attempt is in its audit log", () =>
      Effect.gen(function* () {
        const { premises } = yield* Served
        const [stranger, other] = premises.shops
        if (stranger === undefined || other === undefined) throw new Error("two shops are needed")
        const report = yield* tryToReadAnothers(stranger, other)
        expect(report).toEqual({
          atTheDoor: "NotFound",
          atHome: "NotFound",
          events: ["northgate-owner enterPartition: refused, NotFound"],
        })
      }),
    )
  })
})
