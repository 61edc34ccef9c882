import type { Commitment } from "../../inventory/index.ts"
import { law, onlyDone, type Step, type Witness } from "./StockLaw.ts"
import { type StockLedger, sumBy } from "./StockLedger.ts"
import { answerOf, type Lived } from "./StockTrace.ts"

const RELEASED = "a document that gives back what was pinned for it"
const EXPIRED = "a promise that lapses"
const SHIPPED = "a document that was shipped in full"

const release = law(
  "R4",
  "Release: what is cancelled, has lapsed or was shipped in full holds no committed and no allocated units",
  [RELEASED, EXPIRED, SHIPPED],
  {
    atChange: ({ after }, see) => {
      const ended = new Map<string, Commitment>(
        after.commitments.filter(({ state }) => state !== "pending").map((each) => [each.id, each]),
      )
      for (const { id, state, allocated, unallocated } of ended.values())
        see.require(
          allocated === 0 && unallocated === 0,
          () => `${id} is ${state} and holds ${allocated} and ${unallocated} units`,
        )
      for (const { id, commitment } of after.allocations.filter(({ state }) => state === "live"))
        see.require(
          !ended.has(commitment),
          () => `the allocation ${id} is live, and its commitment ${ended.get(commitment)?.state}`,
        )
    },
    atStep: (step, see) => {
      lookAtParts(step, see)
      lookAtEnd(step, cancelledBy(step), RELEASED, see)
      lookAtEnd(step, lapsedBy(step), EXPIRED, see)
      lookAtEnd(step, shippedBy(step), SHIPPED, see)
    },
  },
)

type Ended = ReadonlyArray<Commitment>

const pendingOf = ({ before }: Step, documentId: string | undefined): Ended =>
  before.commitments.filter((each) => each.state === "pending" && each.documentId === documentId)

/** What the release of a document, and nothing else, ended. */
const cancelledBy = (step: Step): Ended => {
  const { document } = onlyDone(step, "releaseCommitment")?.input ?? {}
  return document === undefined ? [] : pendingOf(step, document.id)
}

/** A commitment that is named gives back what was asked of it, and stays pending with the rest. */
const lookAtParts = (step: Step, see: Witness): void => {
  for (const { id, quantity } of onlyDone(step, "releaseCommitment")?.input.commitments ?? []) {
    const was = step.before.commitments.find((each) => each.id === id)
    const is = step.after.commitments.find((each) => each.id === id)
    if (was === undefined) continue
    const left = was.quantity - (quantity ?? was.quantity)
    see.require(
      left === 0 ? is?.state === "voided" : is?.state === "pending" && is.quantity === left,
      () => `${left} units of ${id} are left, and it is ${is?.state} with ${is?.quantity}`,
    )
  }
}

/** What a sweep, and nothing else, must have ended. */
const lapsedBy = (step: Step): Ended => {
  const named: ReadonlyArray<string> = onlyDone(step, "expireCommitments")?.input.commitments ?? []
  return step.before.commitments.filter(
    ({ id, state, expiresAt }) =>
      state === "pending" && named.includes(id) && (expiresAt ?? step.at + 1) <= step.at,
  )
}

/** What a dispatch of a whole document, and nothing else, ended. */
const shippedBy = (step: Step): Ended => {
  const { document, lines } = onlyDone(step, "dispatchStock")?.input ?? {}
  const own = document === undefined || lines !== undefined ? [] : pendingOf(step, document.id)
  return own.every(({ unallocated }) => unallocated === 0) ? own : []
}

/** Exactly the units of what ended are free again; what was shipped has left besides. */
const lookAtEnd = (
  { before, after }: Step,
  ended: Ended,
  situation: string,
  see: Witness,
): void => {
  if (ended.length === 0) return
  const ids = new Set<string>(ended.map(({ id }) => id))
  for (const { id, state } of after.commitments)
    see.require(!ids.has(id) || state !== "pending", () => `${id} is still pending`)
  const given = sumBy(
    ended,
    ({ pool }) => pool,
    ({ quantity }) => quantity,
  )
  const unpinned = sumBy(
    before.allocations.filter(({ state, commitment }) => state === "live" && ids.has(commitment)),
    ({ cell }) => cell,
    ({ quantity }) => quantity,
  )
  const gone = situation === SHIPPED ? given : new Map<string, number>()
  const what = `after ${situation}, units`
  see.same(`${what} no longer committed of`, fallIn(before.pools, after.pools, "committed"), given)
  see.same(
    `${what} no longer allocated in`,
    fallIn(before.balances, after.balances, "allocated"),
    unpinned,
  )
  see.same(`${what} that left`, fallIn(before.pools, after.pools, "sellable"), gone)
  see.met(situation, situation !== RELEASED || unpinned.size > 0)
}

/** By how much a figure fell, record by record. */
const fallIn = <Field extends string>(
  before: ReadonlyArray<{ readonly id: string } & { readonly [F in Field]: number }>,
  after: typeof before,
  field: Field,
): ReadonlyMap<string, number> =>
  sumBy(
    [
      ...before.map((each) => ({ id: each.id, units: each[field] })),
      ...after.map((each) => ({ id: each.id, units: -each[field] })),
    ],
    ({ id }) => id,
    ({ units }) => units,
  )

const GIVEN_BACK = "promised and given back"
const UNPINNED = "promised, pinned and given back"

const undo = law(
  "R5",
  "Undo: to reserve and then cancel leaves every quantity as it was",
  [GIVEN_BACK, UNPINNED],
  { atEnd: (lived, see) => lookAtUndoings(lived, see) },
)

/** Each time that somebody promised stock and gave it back, with nothing but its pinning between. */
const lookAtUndoings = ({ beats }: Lived, see: Witness): void => {
  for (const [place, beat] of beats.entries()) {
    const [first] = beat.calls
    if (first?.purpose?.probe !== "undo" || first.operation !== "commitStock") continue
    const { who } = first
    const rest = beats.slice(place + 1, place + 3)
    const end = rest.find(({ calls: [call] }) => call?.purpose?.part === "second")
    if (end === undefined) continue
    see.same(
      "after a promise was made and given back, units",
      figuresOf(end.after[who]),
      figuresOf(beat.before[who]),
    )
    const [last] = end.calls
    const answer = last?.operation === "releaseCommitment" ? answerOf(last) : undefined
    see.met(GIVEN_BACK, answer !== undefined)
    see.met(UNPINNED, answer !== undefined && answer.released.length > 0)
  }
}

/** Every quantity of the books: pools, cells, and what is still promised of each commitment. */
const figuresOf = ({ pools, balances, commitments }: StockLedger): ReadonlyMap<string, number> =>
  new Map(
    [...pools, ...balances, ...commitments.filter(({ state }) => state === "pending")].flatMap(
      ({ id, ...fields }) =>
        Object.entries(fields).flatMap(
          ([field, value]): ReadonlyArray<[string, number]> =>
            typeof value === "number" ? [[`${field} of ${id}`, value]] : [],
        ),
    ),
  )

/** R4 and R5: what is given back. */
export const releaseLaws = [release, undo]
