import { changesOf, differenceOf, law, type Step, stepsOf, type Witness } from "./StockLaw.ts"
import { poolIn, type StockLedger, sumBy } from "./StockLedger.ts"
import { availableFor, demandOf, fits, grantsOf, type UnitsByPool } from "./StockModel.ts"
import { aloneIn, answerOf, type CallOf } from "./StockTrace.ts"

const PINNED = "promises of which some units are pinned"
const SHORTFALL = "more promised than is left to sell"

const noDrift = law(
  "R1",
  "No drift: committed is the sum of live commitments and allocated the sum of live allocations, after every step",
  [PINNED, SHORTFALL],
  (lived, see) => {
    for (const { after } of changesOf(lived)) {
      const { pools, balances, commitments, allocations } = after
      const pending = commitments.filter(({ state }) => state === "pending")
      const live = allocations.filter(({ state }) => state === "live")
      const same = (what: string, stored: ReadonlyMap<string, number>, sum: typeof stored) => {
        const wrong = differenceOf(stored, sum)
        see.require(wrong === undefined, () => `${what}, stored and counted: ${wrong}`)
      }
      same(
        "units committed of the pool",
        sumBy(
          pools,
          ({ id }) => id,
          ({ committed }) => committed,
        ),
        sumBy(
          pending,
          ({ pool }) => pool,
          ({ quantity }) => quantity,
        ),
      )
      same(
        "units allocated in the cell",
        sumBy(
          balances,
          ({ id }) => id,
          ({ allocated }) => allocated,
        ),
        sumBy(
          live,
          ({ cell }) => cell,
          ({ quantity }) => quantity,
        ),
      )
      same(
        "units allocated of the commitment",
        sumBy(
          commitments,
          ({ id }) => id,
          ({ allocated }) => allocated,
        ),
        sumBy(
          live,
          ({ commitment }) => commitment,
          ({ quantity }) => quantity,
        ),
      )
      for (const { id, quantity, allocated, unallocated } of pending) {
        see.require(
          quantity === allocated + unallocated,
          () => `${id} of ${quantity}: ${allocated} and ${unallocated}`,
        )
        if (allocated > 0 && unallocated > 0) see.met(PINNED)
      }
      for (const { id, sellable, committed, uncommitted } of pools) {
        see.require(
          uncommitted === sellable - committed,
          () => `${id}: ${sellable} less ${committed} is not ${uncommitted}`,
        )
        if (uncommitted < 0) see.met(SHORTFALL)
      }
    }
  },
)

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
  (lived, see) => {
    for (const step of stepsOf(lived)) {
      const own = step.beat.calls.filter((call) => call.who === step.who)
      if (!own.some(({ operation }) => TAKING.has(operation)))
        for (const { id, uncommitted } of step.after.pools) {
          const before = step.before.pools.find((pool) => pool.id === id)?.uncommitted ?? 0
          see.require(
            uncommitted >= Math.min(0, before),
            () => `${id}: ${before} to promise, and ${uncommitted} afterwards`,
          )
        }
      if (
        own.length > 1 &&
        own.every(({ operation, again }) => operation === "commitStock" && again === undefined)
      )
        lookAtRush(step, own as ReadonlyArray<CallOf<"commitStock">>, see)
    }
  },
)

const lookAtRush = (
  { before, after }: Step,
  calls: ReadonlyArray<CallOf<"commitStock">>,
  see: Witness,
): void => {
  const lines = calls.flatMap(({ input }) => input.lines)
  const [had, left, wanted] = [
    availableFor(before, lines),
    availableFor(after, lines),
    demandOf(lines),
  ]
  for (const [pool, units] of wanted) {
    const granted = committedOf(after, pool) - committedOf(before, pool)
    const there = had.get(pool) ?? 0
    see.require(granted <= there, () => `${granted} of ${there} units of ${pool} were granted`)
    if (units > there && there > 0) see.met(RUSH)
    if (granted === there && there > 0 && units > there) see.met(ALL_GRANTED)
  }
  for (const call of calls) {
    const { lines: asked, policy = "whole" } = call.input
    const answer = answerOf(call)
    // Nobody gives anything back meanwhile: what is left now was left when somebody was refused.
    const more = answer?.granted.map(
      ({ quantity }, place) => quantity < (asked[place]?.quantity ?? 0),
    )
    const unserved =
      answer === undefined ? asked : asked.filter((_, place) => more?.[place] === true)
    const smallest =
      policy === "whole" ? [demandOf(unserved)] : unserved.map((line) => demandOf([line], () => 1))
    if (unserved.length > 0)
      see.require(
        !smallest.some((demand) => fits(demand, left)),
        () => `${call.input.document.id} was refused, though there is enough left for it`,
      )
  }
}

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
  (lived, see) => {
    for (const step of stepsOf(lived)) {
      const call = aloneIn(step.beat)
      if (call?.who !== step.who || call.operation !== "commitStock" || call.again !== undefined)
        continue
      const { lines, policy = "whole" } = call.input
      if (!sharesAPool(lines)) continue
      const available = availableFor(step.before, lines)
      const grants = grantsOf(lines, policy, available)
      const answer = answerOf(call)
      const granted = answer?.granted.map(({ quantity }) => quantity as number)
      see.require(
        String(granted) === String(grants),
        () =>
          `${describe(lines)} of ${describeUnits(available)}: ${granted ?? "refused"}, not ${grants ?? "refused"}`,
      )
      const taken = demandOf(lines, (_, place) => grants?.[place] ?? 0)
      for (const [pool, units] of taken) {
        const more = committedOf(step.after, pool) - committedOf(step.before, pool)
        see.require(more === units, () => `${more} units of ${pool} were committed, not ${units}`)
      }
      if (fits(demandOf(lines), available)) see.met(TOGETHER)
      else if (lines.every((line) => fits(demandOf([line]), available))) see.met(TOGETHER_NOT)
    }
  },
)

type Lines = CallOf<"commitStock">["input"]["lines"]

const sharesAPool = (lines: Lines): boolean => {
  const pools = lines.flatMap((line) => [...demandOf([line]).keys()])
  return new Set(pools).size < pools.length
}

const describe = (lines: Lines): string =>
  lines.map(({ sku, quantity }) => `${quantity} ${sku}`).join(" and ")

const describeUnits = (units: UnitsByPool): string =>
  [...units].map(([pool, n]) => `${n} ${pool.split("/")[1]}`).join(" and ")

/** R1 to R3: how much is promised. */
export const promiseLaws = [noDrift, noOversell, sumOfLines]
