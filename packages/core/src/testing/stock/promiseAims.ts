import type { Commitment } from "../../inventory/index.ts"
import { type AimsOf, aim, lookedAt, pickFrom, type Sight, warehouseAt } from "./Sight.ts"

type Promises =
  | "commit"
  | "release"
  | "releaseSome"
  | "expire"
  | "allocate"
  | "unpin"
  | "unpinSome"
  | "dispatch"

const order = (id: string) => ({ kind: "basket", id })

/** What acts on promises come to. */
export const promiseAims: AimsOf<Promises> = {
  commit: ({ document, lines, policy, lives }) => {
    const [first, ...rest] = lines.map(({ warehouse, ...line }) => ({
      ...line,
      warehouse: warehouseAt(warehouse),
    }))
    if (first === undefined) return undefined
    const what = { document: order(document), lines: [first, ...rest] } as const
    return aim("commitStock", { ...what, policy, expiresInMillis: lives })
  },

  release: ({ document }) => aim("releaseCommitment", { document: order(document) }),

  releaseSome: (act, sight) => {
    const pending = lookedAt(sight, act).commitments.filter(({ state }) => state === "pending")
    const commitment = pickFrom(pending, act.pick)
    if (commitment === undefined) return undefined
    const part = act.quantity === null ? {} : { quantity: act.quantity }
    return aim("releaseCommitment", { commitments: [{ id: commitment.id, ...part }] })
  },

  // A sweep names what may be due, and much that is not or was resolved before.
  expire: (act, sight) => {
    const [first, ...rest] = lookedAt(sight, act).commitments.map(({ id }) => id)
    return first && aim("expireCommitments", { commitments: [first, ...rest] })
  },

  allocate: ({ document, strategy, shelfLife }) =>
    aim("allocateStock", {
      document: order(document),
      ...(strategy !== null && { strategy }),
      ...(shelfLife > 0 && { minShelfLifeDays: shelfLife }),
    }),

  unpin: ({ document }) => aim("releaseAllocation", { document: order(document) }),

  unpinSome: (act, sight) => {
    const live = lookedAt(sight, act).allocations.filter(({ state }) => state === "live")
    const allocation = pickFrom(live, act.pick)
    if (allocation === undefined) return undefined
    const part = act.quantity === null ? {} : { quantity: act.quantity }
    return aim("releaseAllocation", { allocations: [{ id: allocation.id, ...part }] })
  },

  dispatch: ({ document, rest, part }, sight) => {
    const what = { document: order(document), rest }
    const pinned = sight.own.commitments.filter(
      ({ documentId, state, allocated }) =>
        documentId === document && state === "pending" && allocated > 0,
    )
    const tracked = pinned.some(({ sku }) => sku === "PHONE")
    if (part === null && !tracked) return aim("dispatchStock", what)
    const [first, ...others] = pinned.map((each) => ({
      line: each.line,
      sku: each.sku,
      warehouse: each.warehouse,
      ...unitsFor(each, part, sight),
    }))
    return first && aim("dispatchStock", { ...what, lines: [first, ...others] })
  },
}

/** Tracked units leave by name: those that lie in the cells in which units are pinned. */
const unitsFor = (
  { id, sku, allocated }: Commitment,
  part: number | null,
  { own }: Sight,
): { readonly quantity: number; readonly serials?: readonly [string, ...Array<string>] } => {
  const quantity = Math.min(part ?? allocated, allocated)
  if (sku !== "PHONE") return { quantity }
  const cells = new Set(
    own.allocations.flatMap((each) =>
      each.commitment === id && each.state === "live" ? [each.cell] : [],
    ),
  )
  const there = own.serials.filter(({ cell }) => cell !== undefined && cells.has(cell))
  const [first, ...others] = there.slice(0, quantity).map(({ serial }) => serial)
  return first === undefined ? { quantity } : { quantity, serials: [first, ...others] }
}
