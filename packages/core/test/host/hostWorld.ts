import type { openCore } from "../../src/host/index.ts"
import type { PartitionId } from "../../src/store/index.ts"

export const OPERATOR = "01890a5d-ac96-774b-8cce-b302099a8001" as PartitionId
export const WAREHOUSE = "01890a5d-ac96-774b-8cce-b302099a8059"

export const operatorFacts = {
  key: "install",
  id: OPERATOR,
  name: "North Quay Fulfilment",
  timeZone: "Europe/London",
}

/** An owner of one partition, whose home is the operator's. */
export const ownerOf = (partition: string) => ({
  ref: { kind: "user" as const, id: "u-1" },
  home: OPERATOR as string,
  grants: [{ partition, roles: ["owner" as const] }],
})

/** A merchant with ten units of one product on its shelf, and the desk of its owner. */
export const openShop = async (oto: Awaited<ReturnType<typeof openCore>>, name = "Tea & Co") => {
  await oto.registerOperator(operatorFacts)
  const merchant = await oto.desk(ownerOf(OPERATOR), OPERATOR).openMerchant({
    key: `open-${name.replaceAll(" ", "-")}`,
    name,
    settings: { currency: "GBP", timeZone: "Europe/London" },
  })
  const shop = oto.desk(ownerOf(merchant.id), merchant.id)
  await shop.defineProduct({ key: "p1", sku: "TEA-250", title: "Tea, 250 g" })
  await shop.receiveStock({
    key: "r1",
    lines: [{ sku: "TEA-250", quantity: 10, place: { warehouse: WAREHOUSE, bin: "A-01" } }],
  })
  return { merchant, shop }
}

/** A reservation of `quantity` units for a basket. */
export const basket = (key: string, quantity: number) => ({
  key,
  document: { kind: "basket", id: key },
  policy: "whole" as const,
  lines: [{ sku: "TEA-250", warehouse: WAREHOUSE, quantity }] as const,
})
