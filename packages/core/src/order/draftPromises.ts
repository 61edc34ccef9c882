import * as Effect from "effect/Effect"
import type { NotFound } from "../access/index.ts"
import { lookUpKits, lookUpProducts } from "../catalogue/index.ts"
import {
  type CommitDraft,
  type CommitRequest,
  draftCommit,
  type InsufficientStock,
} from "../inventory/index.ts"
import { type Ids, nextId, type Quantity, type Sku, type Timestamp } from "../kernel/index.ts"
import {
  type CurrentPartition,
  type Entry,
  insert,
  type Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { type Backorder, BackorderId, Backorders } from "./Backorder.ts"
import { moveUnits } from "./lineBuckets.ts"
import { mapLines, type Order } from "./Order.ts"
import { type OrderLine, uncommittedUnits, withBuckets, withCommitted } from "./OrderLine.ts"
import type { CommitRule } from "./OrderSettings.ts"
import type { LineUnits } from "./takeUnits.ts"

/** Stock promised to lines of an order, and what waits instead. */
export interface PromiseDraft {
  readonly order: Order
  readonly entries: ReadonlyArray<Entry>
  readonly backorders: ReadonlyArray<Backorder>
  readonly committed: ReadonlyArray<LineUnits>
  readonly backordered: ReadonlyArray<LineUnits>
  readonly uncommitted: ReadonlyArray<LineUnits>
  readonly whenInsufficient: CommitDraft["whenInsufficient"]
}

/**
 * Drafts the promise of stock to the open units of some lines that have none.
 *
 * @param order with a warehouse for each of the lines
 * @param lines which lines; those of an unknown SKU are left out
 * @param options.rule what becomes of units that stock does not reach
 */
export const draftPromises = Effect.fnUntraced(function* (
  order: Order,
  lines: ReadonlySet<string>,
  options: {
    readonly at: Timestamp
    readonly rule: CommitRule
    readonly expiresAt: Timestamp | undefined
  },
): Effect.fn.Return<
  PromiseDraft,
  InsufficientStock | NotFound | StoreUnavailable,
  Store | Ids | CurrentPartition
> {
  const { at, rule } = options
  const wants = order.lines
    .filter((line) => lines.has(line.id))
    .flatMap((line) => requestOf(order, line))
  const releases = yield* readReleases(
    wants.map(({ sku }) => sku),
    at,
  )
  const requests = wants.filter(({ sku }) => !releases.has(sku))
  const draft = yield* draftCommit(requests, {
    policy: rule === "whole" ? "whole" : "available",
    at,
    expiresAt: options.expiresAt,
  })
  const granted = new Map(draft.granted.map(({ line, quantity }) => [line, quantity]))

  const backorders: Array<Backorder> = []
  const committed: Array<LineUnits> = []
  const uncommitted: Array<LineUnits> = []
  for (const { line, sku, warehouse, quantity } of wants) {
    const got = granted.get(line) ?? 0
    const id = line as LineUnits["line"]
    if (got > 0) committed.push({ line: id, quantity: got as Quantity })
    if (got === quantity) continue
    const short = (quantity - got) as Quantity
    const availableFrom = releases.get(sku)
    if (availableFrom === undefined && rule !== "backorder") {
      uncommitted.push({ line: id, quantity: short })
      continue
    }
    backorders.push({
      id: yield* nextId(BackorderId),
      order: order.id,
      line: id,
      sku,
      warehouse,
      quantity: short,
      ...(availableFrom === undefined
        ? { kind: "backorder" }
        : { kind: "preorder", availableFrom }),
      createdAt: at,
    })
  }
  return {
    order: withPromises(order, committed, backorders),
    entries: [...draft.entries, ...backorders.map((each) => insert(Backorders, each))],
    backorders,
    committed,
    backordered: backorders.map(({ line, quantity }) => ({ line, quantity })),
    uncommitted,
    whenInsufficient: draft.whenInsufficient,
  }
})

const requestOf = (order: Order, line: OrderLine): ReadonlyArray<CommitRequest> => {
  const quantity = uncommittedUnits(line)
  if (line.sku === undefined || quantity === 0) return []
  if (line.warehouse === undefined) throw new Error(`line ${line.id} was not brokered`)
  const { id, sku, warehouse } = line
  const document = { kind: "order", id: order.id }
  return [{ document, line: id, sku, warehouse, quantity: quantity as Quantity }]
}

const withPromises = (
  order: Order,
  committed: ReadonlyArray<LineUnits>,
  backordered: ReadonlyArray<LineUnits>,
): Order => {
  const granted = new Map(committed.map(({ line, quantity }) => [line, quantity]))
  const waits = new Map(backordered.map(({ line, quantity }) => [line, quantity]))
  return mapLines(order, (line) => {
    const units = granted.get(line.id) ?? 0
    const buckets = moveUnits(line.buckets, "open", "backordered", waits.get(line.id) ?? 0)
    return withBuckets(units === 0 ? line : withCommitted(line, units), buckets)
  })
}

/** The SKUs that are not released yet, with their release dates: of a kit, the last one of its components. */
const readReleases = Effect.fnUntraced(function* (
  skus: ReadonlyArray<Sku>,
  at: Timestamp,
): Effect.fn.Return<ReadonlyMap<Sku, Timestamp>, StoreUnavailable, Store | CurrentPartition> {
  const kits = yield* lookUpKits(skus)
  const partsOf = (sku: Sku): ReadonlyArray<Sku> => {
    const kit = kits.get(sku)?.value
    return kit?.kind === "virtual" ? kit.components.map((part) => part.sku) : [sku]
  }
  const products = yield* lookUpProducts(skus.flatMap(partsOf))
  const releases = new Map<Sku, Timestamp>()
  for (const sku of skus) {
    for (const part of partsOf(sku)) {
      const from = products.get(part)?.value.availableFrom
      if (from !== undefined && from > at && from > (releases.get(sku) ?? 0))
        releases.set(sku, from)
    }
  }
  return releases
})
