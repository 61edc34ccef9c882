import { describe, expect, it } from "vitest"
import { openCore } from "../../src/host/index.ts"
import { memoryHost } from "../../src/memory/index.ts"
import { basket, OPERATOR, openShop, ownerOf } from "./hostWorld.ts"

describe("the Promise form", () => {
  it("reserves, and rejects an oversell with the typed error", async () => {
    const oto = await openCore(memoryHost)
    const { shop } = await openShop(oto)
    expect((await shop.commitStock(basket("b1", 7))).granted).toMatchObject([{ quantity: 7 }])
    await expect(shop.commitStock(basket("b2", 4))).rejects.toMatchObject({
      _tag: "InsufficientStock",
      short: [{ sku: "TEA-250", requested: 4, available: 3 }],
    })
    expect((await shop.readStock({ sku: "TEA-250" })).total).toMatchObject({
      committed: 7,
      available: 3,
    })
    await oto.close()
  })

  it("settles expected failures as values of a known type", async () => {
    const oto = await openCore(memoryHost)
    const { shop } = await openShop(oto)
    const good = await shop.settled.commitStock(basket("b1", 10))
    expect(good.ok).toBe(true)
    const refused = await shop.settled.commitStock(basket("b2", 1))
    if (refused.ok || refused.error._tag !== "InsufficientStock") throw new Error("granted")
    expect(refused.error.short[0]?.available).toBe(0)
    await oto.close()
  })

  it("names the field of bad input and changes nothing", async () => {
    const oto = await openCore(memoryHost)
    const { shop } = await openShop(oto)
    const before = await shop.readStock({ sku: "TEA-250" })
    for (const quantity of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
      await expect(shop.commitStock(basket(`b${quantity}`, quantity))).rejects.toMatchObject({
        _tag: "InvalidInput",
        issues: expect.arrayContaining([
          expect.objectContaining({ path: "lines[0].quantity" }),
        ]) as unknown,
      })
    expect(await shop.readStock({ sku: "TEA-250" })).toEqual(before)
    await oto.close()
  })

  it("shows a stranger nothing, and records the attempt at home", async () => {
    const oto = await openCore(memoryHost)
    const { merchant } = await openShop(oto)
    const { merchant: other, shop: otherShop } = await openShop(oto, "Coffee Ltd")
    const stranger = oto.desk({ ...ownerOf(other.id), home: other.id }, merchant.id)
    await expect(stranger.readStock({ sku: "TEA-250" })).rejects.toMatchObject({
      _tag: "NotFound",
      kind: "partition",
    })
    const { items } = await otherShop.findAuditEvents({ action: "enterPartition" })
    expect(items).toMatchObject([{ outcome: "refused", reason: "NotFound" }])
    await oto.close()
  })

  it("throws for an actor that is not well formed", async () => {
    const oto = await openCore(memoryHost)
    const actor = { ...ownerOf(OPERATOR), grants: [{ partition: OPERATOR, roles: ["king"] }] }
    expect(() => oto.desk(actor as never, OPERATOR)).toThrow(
      expect.objectContaining({ _tag: "InvalidInput" }),
    )
    await oto.close()
  })

  it("is interrupted by its signal", async () => {
    const oto = await openCore(memoryHost)
    const { shop } = await openShop(oto)
    const stop = new AbortController()
    stop.abort(new Error("enough"))
    await expect(shop.commitStock(basket("b1", 1), { signal: stop.signal })).rejects.toThrow(
      "enough",
    )
    expect((await shop.readStock({ sku: "TEA-250" })).total.committed).toBe(0)
    await oto.close()
  })

  it("is interrupted while it runs, and what was committed stays", async () => {
    const oto = await openCore(memoryHost)
    const { shop } = await openShop(oto)
    const { id: connection } = await shop.connectChannel({
      key: "connect",
      channel: "shopify",
      accountReference: "tea-and-co",
    })
    const stop = new AbortController()
    const orders = (function* () {
      for (let number = 1; ; number++)
        yield {
          connection,
          externalId: String(number),
          externalVersion: 1,
          orderedAt: 0,
          country: "GB",
          currency: "GBP",
          payment: "paid" as const,
          lines: [
            {
              externalLineId: "1",
              channelSku: "TEA-250",
              quantity: 1,
              total: { currency: "GBP", minor: "100" },
            },
          ] as const,
        }
    })()
    const served: Array<string> = []
    const importing = shop.importOrders(
      {
        orders,
        concurrency: 1,
        onOutcome: ({ order }) => {
          served.push(order)
          if (served.length === 5) stop.abort(new Error("enough"))
        },
      },
      { signal: stop.signal },
    )
    await expect(importing).rejects.toThrow("enough")
    for (const externalId of served.slice(0, 5))
      expect(await shop.findOrderByExternalId({ connection, externalId })).toBeDefined()
    const { orders: kept } = await shop.findOrders({
      state: "accepted",
      by: "orderedAt",
      limit: 100,
    })
    expect(kept.length).toBeGreaterThanOrEqual(5)
    await oto.close()
  })

  it("rejects once it is closed", async () => {
    const oto = await openCore(memoryHost)
    const { shop } = await openShop(oto)
    await oto.close()
    await expect(shop.readStock({ sku: "TEA-250" })).rejects.toBeDefined()
  })
})
