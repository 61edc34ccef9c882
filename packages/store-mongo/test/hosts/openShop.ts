import { randomUUID } from "node:crypto"
import { type Actor, PartitionId } from "@oto-fulfilment/core"
import type { engineOn } from "./engineOn.ts"
import type { Shop } from "./HostJob.ts"

/** The engine of the test itself, which looks at what the hosts did. */
export type Core = Awaited<ReturnType<typeof engineOn>>

/** A version 7 UUID, in no order. */
const freshId = (): string => {
  const [a, b, c = "", ...rest] = randomUUID().split("-")
  return [a, b, `7${c.slice(1)}`, ...rest].join("-")
}

/** Who acts for a shop everywhere. */
export const ownerOf = ({ operator, merchant }: Pick<Shop, "operator" | "merchant">): Actor => ({
  ref: { kind: "user", id: "owner" },
  home: PartitionId.make(operator),
  grants: [operator, merchant].map((partition) => ({
    partition: PartitionId.make(partition),
    roles: ["owner"],
  })),
})

/** Opens a shop of a new operator, with goods in the first of its two warehouses: units by SKU. */
export const openShop = async (core: Core, stock: ReadonlyMap<string, number>): Promise<Shop> => {
  const operator = freshId()
  const warehouses = [freshId(), freshId()] as const
  const facts = { id: operator, name: "North Quay Fulfilment", timeZone: "Europe/London" }
  await core.registerOperator({ key: "install", ...facts })
  const { id: merchant } = await core
    .desk(ownerOf({ operator, merchant: operator }), operator)
    .openMerchant({
      key: "open",
      name: "Tea and Co",
      settings: { currency: "GBP", timeZone: "Europe/London" },
    })
  const desk = core.desk(ownerOf({ operator, merchant }), merchant)
  const { id: connection } = await desk.connectChannel({
    key: "connect",
    channel: "webshop",
    accountReference: "tea.example",
  })
  await desk.changeOrderSettings({ key: "settings", warehouses: [warehouses[0]] })
  const goods = [...stock]
  const define = async (): Promise<void> => {
    for (let next = goods.pop(); next !== undefined; next = goods.pop())
      await desk.defineProduct({ key: `define-${next[0]}`, sku: next[0], title: "Tea" })
  }
  await Promise.all(Array.from({ length: 8 }, define))
  const [first, ...rest] = [...stock].map(([sku, quantity]) => ({
    sku,
    quantity,
    place: { warehouse: warehouses[0], bin: "A-1" },
  }))
  if (first !== undefined) await desk.receiveStock({ key: "opening", lines: [first, ...rest] })
  return { operator, merchant, connection, warehouses }
}
