import { ChannelSku } from "../../src/catalogue/index.ts"
import { WarehouseId } from "../../src/inventory/index.ts"
import {
  CountryCode,
  Currency,
  type Quantity,
  Sku,
  type Timestamp,
} from "../../src/kernel/index.ts"
import {
  type Bucket,
  ExternalId,
  type Hold,
  HoldSource,
  LineId,
  type Order,
  OrderId,
  type OrderLine,
} from "../../src/order/index.ts"
import { NO_BUCKETS, orderUnits, PINNED, unitsIn } from "../../src/order/lineBuckets.ts"
import { ConnectionId } from "../../src/party/index.ts"

export const ORDER = OrderId.make("01890a5d-ac96-774b-8cce-b302099a8101")
export const CHILD = OrderId.make("01890a5d-ac96-774b-8cce-b302099a8102")
const HERE = WarehouseId.make("01890a5d-ac96-774b-8cce-b302099a8001")

/** A line of mugs with units in some buckets. What is pinned is committed, and `committed` more of the open ones. */
export const lineOf = (
  buckets: { readonly [B in Bucket | "returned"]?: number },
  more: Partial<OrderLine> & { readonly promised?: number } = {},
): OrderLine => {
  const { promised = 0, ...fields } = more
  const { returned = 0, ...held } = buckets
  const filled = Object.entries(held).reduce(
    (line, [bucket, units]) => orderUnits(line, bucket as Bucket, units),
    NO_BUCKETS,
  )
  return {
    id: LineId.make("1"),
    channelSku: ChannelSku.make("MUG"),
    sku: Sku.make("MUG"),
    multiple: 1 as Quantity,
    buckets: { ...filled, returned: returned as never },
    committed: (unitsIn(filled, PINNED) + promised) as never,
    addedHere: 0 as never,
    cancelledHere: 0 as never,
    warehouse: HERE,
    total: { currency: Currency.make("GBP"), minor: 100n },
    ...fields,
  }
}

/** An accepted order of such lines. */
export const orderWith = (lines: ReadonlyArray<OrderLine>, more: Partial<Order> = {}): Order => ({
  id: ORDER,
  connection: ConnectionId.make("01890a5d-ac96-774b-8cce-b302099a8070"),
  externalId: ExternalId.make("A-1"),
  orderedAt: 0 as Timestamp,
  importedAt: 0 as Timestamp,
  country: CountryCode.make("GB"),
  currency: Currency.make("GBP"),
  state: "accepted",
  payment: "paid",
  lines: lines as unknown as Order["lines"],
  holds: [],
  children: [],
  pii: { _tag: "NotFetched" },
  ...more,
})

export const FRAUD: Hold = {
  code: "fraud",
  source: HoldSource.make("screening"),
  heldAt: 0 as Timestamp,
}
