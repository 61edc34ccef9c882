import { callsIn, law, onlyCall, type Step, type Witness } from "./StockLaw.ts"
import { poolIn, type StockLedger, sumBy } from "./StockLedger.ts"
import { availableFor, demandOf, fits, grantsOf, type UnitsByPool } from "./StockModel.ts"
import { answerOf, type CallOf } from "./StockTrace.ts"

const PINNED = "promises of which some units are pinned"
const SHORTFALL = "more promised than is left to sell"

const noDrift = law(
  "R1",
  "No drift: committed is the sum of live commitments and allocated the sum of live allocations, after every step",
  [PINNED, SHORTFALL],
  {
    atChange: ({ after: { pools, balances, commitments, allocations } }, see) => {
      const pending = commitments.filter(({ state }) => state === "pending")
      const live = allocations.filter(({ state }) => state === "live")
      const units = ({ quantity }: { readonly quantity: number }) => quantity
      see.same(
        "units committed of the pool",
        sumBy(
          pools,
          ({ id }) => id,
          ({ committed }) => committed,
        ),
        sumBy(pending, ({ pool }) => pool, units),
      )
      see.same(
        "units allocated in the cell",
        sumBy(
          balances,
          ({ id }) => id,
          ({ allocated }) => allocated,
        ),
        sumBy(live, ({ cell }) => cell, units),
      )
      see.same(
        "units allocated of the commitment",
        sumBy(
          commitments,
          ({ id }) => id,
          ({ allocated }) => allocated,
        ),
        sumBy(live, ({ commitment }) => commitment, units),
      )
      lookAtIdentities(pending, pools, see)
    },
  },
)

const lookAtIdentities = (
  pending: StockLedger["commitments"],
  pools: StockLedger["pools"],
  see: Witness,
): void => {
  for (const { id, quantity, allocated, unallocated } of pending) {
    see.require(
      quantity === allocated + unallocated,
      () => `${id} of ${quantity} units: ${allocated} allocated, ${unallocated} not`,
    )
    see.met(PINNED, allocated > 0 && unallocated > 0)
  }
  for (const { id, sellable, committed, uncommitted } of pools) {
    see.require(
      uncommitted === sellable - committed,
      () => `${id}: ${sellable} sellable less ${committed} committed is not ${uncommitted}`,
    )
    see.met(SHORTFALL, uncommitted < 0)
  }
}

/** Commands that may take units out of sale, and with them units that are promised. */
const TAKING: ReadonlySet<string> = new Set([
  "adjustStock",
  "changeCondition",
  "sendTransfer",
  "approveCount",
  "correctMovement",
  "recallLot",
  "expireLots",
  "assembleKit",
  "disassembleKit",
])

const RUSH = "callers at one moment who want more than there is"
const ALL_GRANTED = "callers at one moment who get all that there is"

const noOversell = law(
  "R2",
  "No oversell: of n callers at once for stock s no more than s is granted, and all of s where they want so much",
  [RUSH, ALL_GRANTED],
  {
    atStep: (step, see) => {
      const { before, after, beat, who } = step
      const own = beat.calls.filter((call) => call.who === who)
      const taking = own.some(({ operation }) => TAKING.has(operation))
      for (const { id, warehouse, sku, uncommitted: is } of taking ? [] : after.pools) {
        const was = poolIn(before, warehouse, sku).uncommitted
        see.require(is >= Math.min(0, was), () => `${id}: ${was} to promise, and then ${is}`)
      }
      const commits = callsIn(step, "commitStock")
      if (commits.length > 1 && commits.length === own.length) lookAtRush(step, commits, see)
    },
  },
)

type Lines = CallOf<"commitStock">["input"]["lines"]
type Line = Lines[number]

const lookAtRush = (
  { before, after }: Step,
  calls: ReadonlyArray<CallOf<"commitStock">>,
  see: Witness,
): void => {
  const lines = calls.flatMap(({ input }) => input.lines)
  const [had, left] = [availableFor(before, lines), availableFor(after, lines)]
  for (const [pool, wanted] of demandOf(lines)) {
    const there = had.get(pool) ?? 0
    const granted = committedOf(after, pool) - committedOf(before, pool)
    see.require(granted <= there, () => `${granted} of ${there} units of ${pool} were granted`)
    see.met(RUSH, there > 0 && wanted > there)
    see.met(ALL_GRANTED, there > 0 && wanted > there && granted === there)
  }
  // Nobody gives anything back meanwhile: what is left now was left when somebody was refused.
  for (const call of calls)
    see.require(
      !leastRefused(call).some((demand) => fits(demand, left)),
      () => `${call.input.document.id} was refused, though there is enough left for it`,
    )
}

/** The least that a call wanted and did not get: all of it under `whole`, else one more unit of a line. */
const leastRefused = (call: CallOf<"commitStock">): ReadonlyArray<UnitsByPool> => {
  const { lines } = call.input
  const granted = answerOf(call)?.granted
  if (granted !== undefined)
    return lines
      .filter(({ quantity }, place) => (granted[place]?.quantity ?? 0) < quantity)
      .map(oneUnit)
  return call.outcomes.some((each) => each.end === "refused" && each.tag === "InsufficientStock")
    ? [demandOf(lines)]
    : []
}

const oneUnit = (line: Line): UnitsByPool => demandOf([line], () => 1)

const committedOf = (ledger: StockLedger, pool: string): number => {
  const [warehouse = "", sku = ""] = pool.split("/")
  return poolIn(ledger, warehouse, sku).committed
}

const TOGETHER_NOT = "lines of one SKU that fit one by one and not together"
const TOGETHER = "lines of one SKU that fit together"

const sumOfLines = law(
  "R3",
  "Sums: a request with several lines for one SKU is granted only if their sum fits, and then it is",
  [TOGETHER_NOT, TOGETHER],
  {
    atStep: (step, see) => {
      const call = onlyCall(step, "commitStock")
      if (call === undefined || !sharesAPool(call.input.lines)) return
      const { lines, policy = "whole" } = call.input
      const available = availableFor(step.before, lines)
      const grants = grantsOf(lines, policy, available)
      const granted = answerOf(call)?.granted.map(({ quantity }) => quantity as number)
      see.require(
        String(granted) === String(grants),
        () => `${describe(lines, available)}: ${granted ?? "refused"}, not ${grants ?? "refused"}`,
      )
      for (const [pool, units] of demandOf(lines, (_, place) => grants?.[place] ?? 0)) {
        const more = committedOf(step.after, pool) - committedOf(step.before, pool)
        see.require(more === units, () => `${more} units of ${pool} were committed, not ${units}`)
      }
      const together = fits(demandOf(lines), available)
      see.met(TOGETHER, together)
      see.met(TOGETHER_NOT, !together && lines.every((line) => fits(demandOf([line]), available)))
    },
  },
)

const sharesAPool = (lines: Lines): boolean => {
  const pools = lines.flatMap((line) => [...demandOf([line]).keys()])
  return new Set(pools).size < pools.length
}

const describe = (lines: Lines, available: UnitsByPool): string => {
  const asked = lines.map(({ sku, quantity }) => `${quantity} ${sku}`)
  const there = [...available].map(([pool, units]) => `${units} ${pool.split("/")[1]}`)
  return `${asked.join(" and ")} of ${there.join(" and ")}`
}

/** R1 to R3: how much is promised. */
export const promiseLaws = [noDrift, noOversell, sumOfLines]
