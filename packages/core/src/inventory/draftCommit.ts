import * as Effect from "effect/Effect"
import type { NotFound } from "../access/index.ts"
import {
  type Ids,
  MAX_UNITS,
  NO_UNITS,
  nextId,
  type Quantity,
  type Sku,
  type Timestamp,
  type Units,
} from "../kernel/index.ts"
import {
  add,
  type CurrentPartition,
  type Entry,
  insert,
  Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { type Commitment, CommitmentId, Commitments } from "./Commitment.ts"
import { explodeKits } from "./explodeKits.ts"
import {
  type CommitRequest,
  type Demand,
  type Grants,
  grantInOrder,
  shortLines,
  unitsByPool,
} from "./grantInOrder.ts"
import { type PoolId, poolIdOf, quantitiesOf, StockPools } from "./StockPool.ts"
import { InsufficientStock, type ShortLine } from "./stockErrors.ts"

export type { CommitRequest } from "./grantInOrder.ts"

/** `whole`: everything or nothing. `available`: what there is, in the order of the lines. */
export type CommitPolicy = "whole" | "available"

/** What one request was granted, in units of its requested SKU: kits count as kits. */
export interface GrantedLine {
  readonly line: string
  readonly sku: Sku
  readonly quantity: Units
}

/** A promise as entries of a batch, and what it promises. */
export interface CommitDraft {
  readonly entries: ReadonlyArray<Entry>
  /** One for each line and pool: several for a line that wants a virtual kit. */
  readonly commitments: ReadonlyArray<Commitment>
  /** One for each request, in their order; 0 where nothing was granted. */
  readonly granted: ReadonlyArray<GrantedLine>
  /** Policy `available`: the lines that were granted less than they want. */
  readonly short: ReadonlyArray<ShortLine>
  /**
   * Policy `whole`: what a pool that ran out means, for the command's draft. It reads the pools and says what is
   * there. With policy `available` leave it out of the draft, so that a lost race decides again.
   */
  readonly whenInsufficient: Effect.Effect<never, InsufficientStock | StoreUnavailable>
}

/**
 * Drafts the promise of stock to lines of documents: one guarded add for each pool (floor 0), one commitment for
 * each line and pool. No read of availability decides under `whole`: the guard does, at the commit, at any
 * interleaving (R2). Lines are summed by pool before they are guarded (R3); a virtual kit is promised as
 * components, whole kits or none (R11). A pool that does not exist holds nothing.
 *
 * @param options.at when the promise is made
 * @param options.expiresAt when it lapses by itself; never, when left out
 */
export const draftCommit = Effect.fnUntraced(function* (
  requests: ReadonlyArray<CommitRequest>,
  options: {
    readonly policy: CommitPolicy
    readonly at: Timestamp
    readonly expiresAt?: Timestamp | undefined
  },
): Effect.fn.Return<
  CommitDraft,
  InsufficientStock | NotFound | StoreUnavailable,
  Store | Ids | CurrentPartition
> {
  const recipes = yield* explodeKits(requests.map(({ sku }) => sku))
  const demands = requests.flatMap((request): ReadonlyArray<Demand> => {
    const recipe = recipes.get(request.sku)
    return recipe === undefined ? [] : [{ request, recipe }]
  })
  const surroundings = yield* Effect.context<Store | CurrentPartition>()
  const whenInsufficient = Effect.provideContext(refuse(demands), surroundings)
  // No counter can hold so much, and no record could say it.
  if (options.policy === "whole" && demands.some(passesEveryPool)) return yield* whenInsufficient
  const grants: Grants =
    options.policy === "whole"
      ? requests.map(({ quantity }) => quantity as number as Units)
      : grantInOrder(demands, yield* readAvailable(demands))
  const commitments = yield* promise(demands, grants, options.at, options.expiresAt)
  return {
    entries: [
      ...commitments.map((each) => insert(Commitments, each)),
      ...[...unitsByPool(demands, grants)].flatMap(([pool, units]) =>
        units === 0
          ? []
          : [add(StockPools, pool, { committed: units, uncommitted: -units }, { uncommitted: 0 })],
      ),
    ],
    commitments,
    granted: requests.map(({ line, sku }, at) => ({ line, sku, quantity: grants[at] ?? NO_UNITS })),
    short: shortLines(demands, grants),
    whenInsufficient,
  }
})

const passesEveryPool = ({ request, recipe }: Demand): boolean =>
  recipe.parts.some(({ quantity }) => quantity * request.quantity > MAX_UNITS)

const promise = Effect.fnUntraced(function* (
  demands: ReadonlyArray<Demand>,
  grants: Grants,
  at: Timestamp,
  expiresAt: Timestamp | undefined,
): Effect.fn.Return<ReadonlyArray<Commitment>, never, Ids> {
  const commitments: Array<Commitment> = []
  for (const [position, { request, recipe }] of demands.entries()) {
    const grant = grants[position] ?? 0
    if (grant === 0) continue
    for (const { sku, quantity: ratio } of recipe.parts) {
      const quantity = (ratio * grant) as Quantity
      commitments.push({
        id: yield* nextId(CommitmentId),
        pool: poolIdOf(request.warehouse, sku),
        warehouse: request.warehouse,
        sku,
        documentKind: request.document.kind,
        documentId: request.document.id,
        line: request.line,
        quantity,
        allocated: NO_UNITS,
        unallocated: quantity as number as Units,
        posted: NO_UNITS,
        state: "pending",
        ...(recipe.kit && { kit: { sku: request.sku, ratio } }),
        createdAt: at,
        ...(expiresAt !== undefined && { expiresAt }),
      })
    }
  }
  return commitments
})

const readAvailable = Effect.fnUntraced(function* (
  demands: ReadonlyArray<Demand>,
): Effect.fn.Return<ReadonlyMap<PoolId, number>, StoreUnavailable, Store | CurrentPartition> {
  const ids = demands.flatMap(({ request, recipe }) =>
    recipe.parts.map(({ sku }) => poolIdOf(request.warehouse, sku)),
  )
  const pools = yield* (yield* Store).getMany(StockPools, ids)
  return new Map(
    ids.map((id) => {
      const pool = pools.get(id)?.value
      return [id, pool === undefined ? 0 : quantitiesOf(pool).available]
    }),
  )
})

/** Says what is there now. Where stock came in since the guard refused, that is enough, and every line is named. */
const refuse = Effect.fnUntraced(function* (
  demands: ReadonlyArray<Demand>,
): Effect.fn.Return<never, InsufficientStock | StoreUnavailable, Store | CurrentPartition> {
  const grants = grantInOrder(demands, yield* readAvailable(demands))
  const short = shortLines(demands, grants)
  return yield* new InsufficientStock({
    short:
      short.length > 0
        ? short
        : demands.map(({ request: { line, sku, warehouse, quantity } }) => ({
            line,
            sku,
            warehouse,
            requested: quantity,
            available: quantity,
          })),
  })
})
