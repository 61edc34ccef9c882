import * as Effect from "effect/Effect"
import { command, type Draft } from "../command/index.ts"
import { message, type OutboxMessage } from "../integration/index.ts"
import type { Ids, Timestamp } from "../kernel/index.ts"
import type { Entry } from "../store/index.ts"
import { type StockPool, StockPools } from "./StockPool.ts"
import { StockChanged } from "./stockMessages.ts"

/**
 * Makes a command that may change what can be promised: as `command`, and its batch tells of all pools that it changes
 * in one `stock.changed`, whoever drafted the change. Every command that moves stock or promises it is made with this.
 */
export const stockCommand: typeof command = (options) => {
  const { decide } = options
  return command({
    ...options,
    decide: (input, context) =>
      Effect.flatMap(decide(input, context), (draft) => tellChange(draft, context.at)),
  })
}

const tellChange = <Answer, E>(
  draft: Draft<Answer, E>,
  at: Timestamp,
): Effect.Effect<Draft<Answer, E>, never, Ids> =>
  Effect.map(stockChanged(draft.entries, at), (told) =>
    told.length === 0 ? draft : { ...draft, messages: [...(draft.messages ?? []), ...told] },
  )

const stockChanged = (
  entries: ReadonlyArray<Entry>,
  at: Timestamp,
): Effect.Effect<ReadonlyArray<OutboxMessage>, never, Ids> => {
  const [first, ...rest] = changedPools(entries)
  return first === undefined
    ? Effect.succeed([])
    : Effect.map(message(StockChanged, { pools: [first, ...rest] }, at), (told) => [told])
}

/** The pools whose uncommitted units a batch changes, all its entries together. */
const changedPools = (
  entries: ReadonlyArray<Entry>,
): ReadonlyArray<Pick<StockPool, "warehouse" | "sku">> => {
  const changes = new Map<string, number>()
  for (const entry of entries) {
    const change = changeOf(entry)
    if (change !== undefined) changes.set(change.id, (changes.get(change.id) ?? 0) + change.by)
  }
  return [...changes].flatMap(([id, by]) => (by === 0 ? [] : [placeOf(id)]))
}

const changeOf = (entry: Entry): { readonly id: string; readonly by: number } | undefined => {
  switch (entry.kind) {
    case "add":
      return isPools(entry) ? { id: entry.id, by: entry.deltas["uncommitted"] ?? 0 } : undefined
    case "insert": {
      const { id, uncommitted } = entry.value as StockPool
      return isPools(entry) ? { id, by: uncommitted } : undefined
    }
    case "replace": {
      const { id, uncommitted } = entry.value as StockPool
      const before = entry.stored.value as StockPool
      return isPools(entry.stored) ? { id, by: uncommitted - before.uncommitted } : undefined
    }
    default:
      return undefined
  }
}

const isPools = ({ collection }: { readonly collection: { readonly name: string } }): boolean =>
  collection.name === StockPools.name

/** A pool's id is its warehouse, which has no slash, and its SKU. */
const placeOf = (id: string): Pick<StockPool, "warehouse" | "sku"> => {
  const slash = id.indexOf("/")
  return {
    warehouse: id.slice(0, slash) as StockPool["warehouse"],
    sku: id.slice(slash + 1) as StockPool["sku"],
  }
}
