import { DAY_MILLIS } from "../../kernel/index.ts"
import { activeUnits, type Order } from "../../order/index.ts"
import type { Knowledge, Known } from "./Known.ts"
import type { Books } from "./RetentionTrace.ts"

const HOUR = 3_600_000

/** The limits of the privacy policy, written anew here: the laws do not ask the engine how long (rules 1, 5). */
export const LIMITS = {
  buyer: 30 * DAY_MILLIS,
  ahead: 24 * HOUR,
  stalled: 30 * DAY_MILLIS,
  lapsed: 60 * DAY_MILLIS,
  cap: 180 * DAY_MILLIS,
  channel: 72 * HOUR,
  purge: 90 * DAY_MILLIS,
} as const

/** When the buyer's data of an order must be gone: at this instant it is (T2). None while none was received. */
export const deadlineOf = (known: Known, at: number): number | undefined => {
  const { receivedAt, completedAt, disconnectedAt, shipped } = known
  if (receivedAt === undefined) return undefined
  const ends = [receivedAt + LIMITS.cap]
  const lapse = lapseOf(known)
  if (lapse <= at && (completedAt === undefined || lapse < completedAt))
    ends.push(lapse + LIMITS.buyer)
  if (completedAt !== undefined) ends.push(shipped ? completedAt + LIMITS.buyer : completedAt)
  if (disconnectedAt !== undefined) {
    ends.push(disconnectedAt + LIMITS.channel)
    if (completedAt !== undefined) ends.push(Math.max(disconnectedAt, completedAt))
  }
  return Math.min(...ends)
}

/** When it lapses for want of progress (T8). */
export const lapseOf = ({ lapsedAt, progressAt }: Known): number =>
  lapsedAt ?? progressAt + LIMITS.lapsed

/** What is known after something was done at `at`. */
export const learn = (known: Knowledge, books: Books, at: number): Knowledge => {
  const next = new Map<string, Known>()
  for (const who of [0, 1] as const) {
    const { orders, piis, connections } = books[who]
    const held = new Map(piis.map((pii) => [pii.order as string, pii]))
    const ended = new Set(
      connections.filter(({ state }) => state === "disconnected").map(({ id }) => id as string),
    )
    for (const order of orders) {
      if (order.splitFrom !== undefined) continue
      const family = [order, ...orders.filter(({ splitFrom }) => splitFrom === order.id)]
      const old = known.get(order.id) ?? seenFirst(order, who, at)
      next.set(
        order.id,
        learnOf(old, order, family, at, {
          sealed: held.get(order.id),
          ended: ended.has(order.connection),
        }),
      )
    }
  }
  return next
}

const seenFirst = (order: Order, who: 0 | 1, at: number): Known => ({
  who,
  externalId: order.externalId ?? "",
  importedAt: at,
  progressAt: at,
  shipped: false,
  restricted: false,
  gone: false,
  advance: 0,
})

const learnOf = (
  old: Known,
  order: Order,
  family: ReadonlyArray<Order>,
  at: number,
  seen: {
    readonly sealed: { readonly restrictedAt?: number } | undefined
    readonly ended: boolean
  },
): Known => {
  const lines = family.flatMap((each) => each.lines)
  const shipped = lines.some(({ buckets }) => buckets.shipped > 0)
  const advance = lines.reduce(
    (sum, { buckets: { picked, packed, shipped: sent } }) => sum + picked + 2 * packed + 3 * sent,
    family.filter(({ releasedAt }) => releasedAt !== undefined).length,
  )
  const over = lines.every((line) => activeUnits(line) === 0)
  const completedAt = old.completedAt ?? (over ? at : undefined)
  // A lapse that came before what happened now is frozen. Nothing is held before the release, so nothing lapses.
  const lapse = old.progressAt + LIMITS.lapsed
  const lapsedAt =
    old.lapsedAt ??
    (old.advance > 0 &&
    old.completedAt === undefined &&
    (completedAt === undefined ? lapse <= at : lapse < at)
      ? lapse
      : undefined)
  const receivedAt = old.receivedAt ?? (seen.sealed === undefined ? undefined : at)
  const deletedAt = order.deletedAt === undefined ? undefined : (old.deletedAt ?? at)
  const disconnectedAt = old.disconnectedAt ?? (seen.ended ? at : undefined)
  const { deletedAt: _, ...rest } = old
  const known: Known = {
    ...rest,
    progressAt: advance > old.advance ? at : old.progressAt,
    advance: Math.max(advance, old.advance),
    shipped: old.shipped || (old.completedAt === undefined && shipped),
    restricted: seen.sealed?.restrictedAt !== undefined,
    ...(lapsedAt !== undefined && { lapsedAt }),
    ...(completedAt !== undefined && { completedAt }),
    ...(receivedAt !== undefined && { receivedAt }),
    ...(disconnectedAt !== undefined && { disconnectedAt }),
    ...(deletedAt !== undefined && { deletedAt }),
  }
  return { ...known, gone: old.gone || (receivedAt !== undefined && seen.sealed === undefined) }
}
