import { describe, expect, it } from "vitest"
import { openCore, type StepOutcome } from "../../src/index.ts"
import { memoryHost } from "../../src/memory/index.ts"
import { openShop, WAREHOUSE } from "../host/hostWorld.ts"

const snapshot = (connection: string, externalId: string, quantity: number, version = 1) => ({
  connection,
  externalId,
  externalVersion: version,
  orderedAt: Number(externalId),
  country: "GB",
  currency: "GBP",
  payment: "paid" as const,
  lines: [
    {
      externalLineId: "1",
      channelSku: "TEA-250",
      quantity,
      total: { currency: "GBP", minor: String(quantity * 399) },
    },
  ] as const,
})

const openChannel = async () => {
  const oto = await openCore(memoryHost)
  const { shop } = await openShop(oto)
  await shop.changeOrderSettings({
    key: "settings",
    commitRule: "backorder",
    warehouses: [WAREHOUSE],
  })
  const { id: connection } = await shop.connectChannel({
    key: "connect",
    channel: "shopify",
    accountReference: "tea-and-co",
  })
  return { oto, shop, connection }
}

describe("the story, step by step", () => {
  it("imports, commits, releases and allocates the orders of a merchant", async () => {
    const { oto, shop, connection } = await openChannel()
    const orders = [snapshot(connection, "1", 6), snapshot(connection, "2", 3)]
    expect(await shop.importOrders({ orders })).toEqual({ served: 2, refused: {} })
    expect(await shop.commitOrders({})).toEqual({ served: 2, refused: {} })
    expect(await shop.releaseOrders({})).toEqual({ served: 2, refused: {} })
    expect(await shop.allocateOrders({})).toEqual({ served: 2, refused: {} })
    expect((await shop.readStock({ sku: "TEA-250" })).total).toMatchObject({
      committed: 9,
      allocated: 9,
      available: 1,
    })
    await oto.close()
  })

  it("goes on past an order that is refused, and tells of each", async () => {
    const { oto, shop, connection } = await openChannel()
    const broken = { ...snapshot(connection, "2", 1), currency: "XXX" }
    const outcomes: Array<StepOutcome> = []
    const summary = await shop.importOrders({
      orders: [snapshot(connection, "1", 1), broken, snapshot(connection, "3", 1)],
      concurrency: 1,
      onOutcome: (outcome) => outcomes.push(outcome),
    })
    expect(summary).toEqual({ served: 2, refused: { InvalidInput: 1 } })
    expect(outcomes).toEqual([
      { order: "1", refused: undefined },
      { order: "2", refused: "InvalidInput" },
      { order: "3", refused: undefined },
    ])
    await oto.close()
  })

  it("leaves what is held and what waits for stock, and can be run again", async () => {
    const { oto, shop, connection } = await openChannel()
    await shop.importOrders({
      orders: [
        snapshot(connection, "1", 9),
        snapshot(connection, "2", 1),
        snapshot(connection, "3", 1),
      ],
      concurrency: 1,
    })
    const held = await shop.findOrderByExternalId({ connection, externalId: "2" })
    const order = held?.order.id ?? ""
    await shop.holdOrder({ key: "hold", order, code: "fraud", source: "review" })
    await shop.commitOrders({})
    expect(await shop.releaseOrders({})).toEqual({ served: 1, refused: { IllegalTransition: 2 } })
    await shop.allocateOrders({})
    const before = await shop.readStock({ sku: "TEA-250" })
    await shop.commitOrders({})
    await shop.releaseOrders({})
    await shop.allocateOrders({})
    expect(await shop.readStock({ sku: "TEA-250" })).toEqual(before)
    await oto.close()
  })
})
