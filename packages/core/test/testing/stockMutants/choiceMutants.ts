import { Effect } from "effect"
import { operations } from "../../../src/host/index.ts"
import { Receipts } from "../../../src/integration/index.ts"
import {
  type Commitment,
  Commitments,
  poolIdOf,
  type StockBalance,
  StockBalances,
  type StockLot,
  StockLots,
  type StockMovement,
  StockMovements,
  StockPools,
} from "../../../src/inventory/index.ts"
import { CurrentPartition, type Entry, Store } from "../../../src/store/index.ts"
import {
  adding,
  collectionOf,
  forgetting,
  over,
  type StockMutant,
  seeing,
  withBatch,
} from "./tampered.ts"

const { allocateStock, assembleKit, changeCondition, commitStock, dispatchStock, receiveStock } =
  operations

const answers = new Map<string, unknown>()

/** Answers whatever comes under a used key as before, without a look at what it says. */
const byKeyAlone: typeof receiveStock = (input) =>
  Effect.gen(function* () {
    const name = `${(yield* CurrentPartition).id} ${input.key}`
    const known = answers.get(name) as Effect.Success<ReturnType<typeof receiveStock>> | undefined
    if (known !== undefined) return known
    const answer = yield* receiveStock(input)
    answers.set(name, answer)
    return answer
  })

/** Gives half where there is plenty. */
const halving: typeof commitStock = (input) =>
  Effect.gen(function* () {
    const store = yield* Store
    const [line] = input.lines
    const pool = yield* store.get(StockPools, poolIdOf(line.warehouse as never, line.sku as never))
    const plenty = pool._tag === "Some" && pool.value.value.uncommitted > 8
    const quantity = plenty ? Math.ceil(line.quantity / 2) : line.quantity
    return yield* commitStock(
      input.lines.length === 1 ? { ...input, lines: [{ ...line, quantity }] } : input,
    )
  })

const opposite = (entry: Extract<Entry, { readonly kind: "add" }>): Partial<Entry> => ({
  deltas: { ...entry.deltas, uncommitted: -(entry.deltas["uncommitted"] ?? 0) },
})

/** Passes over the first of several cells. */
const choosy: typeof allocateStock = over(allocateStock, (store) => {
  const find = store.find as unknown as (
    ...asked: ReadonlyArray<unknown>
  ) => Effect.Effect<{ readonly items: ReadonlyArray<unknown> }>
  const less = (...asked: ReadonlyArray<unknown>) =>
    asked[0] === StockBalances
      ? Effect.map(find(...asked), (page) => ({
          ...page,
          items: page.items.length > 1 ? page.items.slice(1) : page.items,
        }))
      : find(...asked)
  return { find: less as unknown as Store["Service"]["find"] }
})

const lasting = ({ expiresAt: _, ...cell }: StockBalance) => cell
const neverRecalled = ({ recalledAt: _, ...lot }: StockLot) => lot
const alwaysFit = ({ recalledAt: _, expiresAt: __, ...lot }: StockLot) => lot

/** Takes cells of every condition. */
const unconditional: typeof allocateStock = over(allocateStock, (store) => {
  const find = store.find as unknown as (
    collection: unknown,
    index: string,
    query: { readonly equals?: object },
  ) => Effect.Effect<{ readonly items: ReadonlyArray<{ readonly value: StockBalance }> }>
  const all = (collection: unknown, index: string, query: { readonly equals?: object }) => {
    if (collection !== StockBalances) return find(collection, index, query)
    const { condition: _, ...equals } = (query.equals ?? {}) as { readonly condition?: string }
    return Effect.map(find(collection, index, { ...query, equals }), (page) => ({
      ...page,
      items: page.items.map((cell) => ({
        ...cell,
        value: { ...cell.value, condition: "sellable" },
      })),
    }))
  }
  return { find: all as unknown as Store["Service"]["find"] }
})

/** A promise without one of a kit's components. */
const withoutCups = (batch: ReadonlyArray<Entry>): ReadonlyArray<Entry> => {
  const ofKit = batch.some(
    (entry) =>
      entry.kind === "insert" &&
      entry.collection === Commitments &&
      (entry.value as Commitment).kit !== undefined,
  )
  return ofKit ? batch.filter((entry) => !isOfCups(entry)) : batch
}

const isOfCups = (entry: Entry): boolean =>
  (entry.kind === "add" && entry.collection === StockPools && entry.id.endsWith("/CUP")) ||
  (entry.kind === "insert" &&
    entry.collection === Commitments &&
    (entry.value as Commitment).sku === "CUP")

/** Makes kits up without taking a component for them. */
const fromNothing = (batch: ReadonlyArray<Entry>): ReadonlyArray<Entry> =>
  batch.filter((entry) => {
    if (entry.kind === "add") return !/\/CUP(\/|$)/u.test(entry.id)
    return !(
      entry.kind === "insert" &&
      collectionOf(entry) === StockMovements &&
      (entry.value as StockMovement).sku === "CUP"
    )
  })

const everyOperation = Object.fromEntries(
  Object.entries(operations).map(([name, operation]) => [
    name,
    forgetting(operation as typeof receiveStock, Receipts),
  ]),
) as unknown as Partial<typeof operations>

/** Mutants for R7 to R11. */
export const choiceMutants: ReadonlyArray<StockMutant> = [
  {
    name: "commands that keep no receipt",
    operations: everyOperation,
    breaks: ["R7"],
  },
  {
    name: "a receipt that goes by the key alone",
    operations: { receiveStock: byKeyAlone },
    breaks: ["R7"],
  },
  {
    name: "goods in that lower what can be promised",
    operations: { receiveStock: adding(receiveStock, StockPools, opposite) },
    breaks: ["R8"],
  },
  {
    name: "a hold that raises what can be promised",
    operations: { changeCondition: adding(changeCondition, StockPools, opposite) },
    breaks: ["R8"],
  },
  {
    name: "a promise that gives half where there is plenty",
    operations: { commitStock: halving },
    breaks: ["R8"],
  },
  {
    name: "an allocation that takes the nearest, whatever expires first",
    operations: { allocateStock: (input) => allocateStock({ ...input, strategy: "closest" }) },
    breaks: ["R9"],
  },
  {
    name: "an allocation that passes over a cell",
    operations: { allocateStock: choosy },
    breaks: ["R9"],
  },
  {
    name: "an allocation that does not look at expiry",
    operations: { allocateStock: seeing(allocateStock, StockBalances, lasting) },
    breaks: ["R10"],
  },
  {
    name: "an allocation that does not hear of a recall",
    operations: {
      allocateStock: withBatch(seeing(allocateStock, StockLots, neverRecalled), (batch) =>
        batch.filter((entry) => entry.kind !== "check" || collectionOf(entry) !== StockLots),
      ),
    },
    breaks: ["R10"],
  },
  {
    name: "an allocation that takes units of every condition",
    operations: { allocateStock: unconditional },
    breaks: ["R10"],
  },
  {
    name: "a dispatch that does not look at lots",
    operations: { dispatchStock: seeing(dispatchStock, StockLots, alwaysFit) },
    breaks: ["R10"],
  },
  {
    name: "a kit of which only one component is promised",
    operations: { commitStock: withBatch(commitStock, withoutCups) },
    breaks: ["R11"],
  },
  {
    name: "kits made up without one of their components",
    operations: { assembleKit: withBatch(assembleKit, fromNothing) },
    breaks: ["R11"],
  },
]
