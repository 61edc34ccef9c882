import type { Commitment } from "../../inventory/index.ts"
import { changesOf, differenceOf, law, type Step, stepsOf, type Witness } from "./StockLaw.ts"
import { type StockLedger, sumBy } from "./StockLedger.ts"
import { isEligible } from "./StockModel.ts"
import { aloneIn, answerOf, type Call, type CallOf, callsOf } from "./StockTrace.ts"

const RELEASED = "a document that gives back what was pinned for it"
const EXPIRED = "a promise that lapses"
const SHIPPED = "a document that was shipped in full"

const release = law(
  "R4",
  "Release: what is cancelled, has lapsed or was shipped in full holds no committed and no allocated units",
  [RELEASED, EXPIRED, SHIPPED],
  (lived, see) => {
    for (const { after } of changesOf(lived)) {
      const ended = new Map(
        after.commitments.filter(({ state }) => state !== "pending").map((each) => [each.id, each]),
      )
      for (const { id, state, allocated, unallocated } of ended.values())
        see.require(
          allocated === 0 && unallocated === 0,
          () => `${id} is ${state} and holds ${allocated} and ${unallocated} units`,
        )
      for (const { id, commitment, state } of after.allocations)
        see.require(
          state !== "live" || !ended.has(commitment),
          () =>
            `the allocation ${id} is live, and its commitment is ${ended.get(commitment)?.state}`,
        )
    }
    for (const step of stepsOf(lived)) {
      const call = aloneIn(step.beat)
      if (call === undefined || call.who !== step.who || call.again !== undefined) continue
      const ending = endedBy(step, call)
      if (ending.length > 0) lookAtEnd(step, ending, call.operation, see)
    }
  },
)

/** The commitments that a command alone must have ended, if it was done. */
const endedBy = ({ before, at }: Step, call: Call): ReadonlyArray<Commitment> => {
  const pending = before.commitments.filter(({ state }) => state === "pending")
  if (call.operation === "expireCommitments" && answerOf(call) !== undefined) {
    const named: ReadonlyArray<string> = call.input.commitments
    return pending.filter(
      ({ id, expiresAt }) => named.includes(id) && expiresAt !== undefined && expiresAt <= at,
    )
  }
  if (call.operation === "releaseCommitment" && answerOf(call) !== undefined) {
    const { document } = call.input
    return document === undefined
      ? []
      : pending.filter(({ documentId }) => documentId === document.id)
  }
  if (
    call.operation === "dispatchStock" &&
    answerOf(call) !== undefined &&
    call.input.lines === undefined
  ) {
    const own = pending.filter(({ documentId }) => documentId === call.input.document.id)
    return own.every(({ unallocated }) => unallocated === 0) ? own : []
  }
  return []
}

/** Exactly the units of what ended are free again; of what was shipped, none of them. */
const lookAtEnd = (
  { before, after }: Step,
  ended: ReadonlyArray<Commitment>,
  operation: string,
  see: Witness,
): void => {
  const shipped = operation === "dispatchStock"
  const ids = new Set<string>(ended.map(({ id }) => id))
  for (const { id, state } of after.commitments)
    see.require(
      !ids.has(id) || state !== "pending",
      () => `${id} is still pending after ${operation}`,
    )
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
  const same = (what: string, stored: ReadonlyMap<string, number>, right: typeof stored) => {
    const wrong = differenceOf(stored, right)
    see.require(wrong === undefined, () => `after ${operation}, ${what} of ${wrong}`)
  }
  same("units no longer committed", fallIn(before.pools, after.pools, "committed"), given)
  same("units no longer allocated", fallIn(before.balances, after.balances, "allocated"), unpinned)
  const gone = shipped ? given : new Map<string, number>()
  same("units that left the pool", fallIn(before.pools, after.pools, "sellable"), gone)
  if (shipped) see.met(SHIPPED)
  else if (operation === "expireCommitments") see.met(EXPIRED)
  else if (unpinned.size > 0) see.met(RELEASED)
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
  (lived, see) => {
    let opened: { readonly ledger: StockLedger; readonly document: string } | undefined
    for (const step of stepsOf(lived)) {
      const call = aloneIn(step.beat)
      if (call?.who !== step.who || call.purpose?.probe !== "undo") continue
      if (call.operation === "commitStock")
        opened = { ledger: step.before, document: call.input.document.id }
      if (call.operation !== "releaseCommitment" || call.input.document?.id !== opened?.document)
        continue
      const wrong = differenceOf(figuresOf(step.after), figuresOf(opened?.ledger ?? step.before))
      see.require(wrong === undefined, () => `after a promise was made and given back, ${wrong}`)
      const answer = answerOf(call)
      if (answer !== undefined) see.met(answer.released.length > 0 ? UNPINNED : GIVEN_BACK)
    }
  },
)

/** Every quantity of the books: pools, cells, and what is still promised of each commitment. */
const figuresOf = ({ pools, balances, commitments }: StockLedger): ReadonlyMap<string, number> =>
  new Map([
    ...pools.flatMap(
      ({ id, onHand, sellable, committed, uncommitted }): Array<[string, number]> => [
        [`on hand of ${id}`, onHand],
        [`sellable of ${id}`, sellable],
        [`committed of ${id}`, committed],
        [`uncommitted of ${id}`, uncommitted],
      ],
    ),
    ...balances.flatMap(
      ({ id, onHand, allocated, unallocated }): Array<[string, number]> => [
        [`on hand in ${id}`, onHand],
        [`allocated in ${id}`, allocated],
        [`unallocated in ${id}`, unallocated],
      ],
    ),
    ...commitments
      .filter(({ state }) => state === "pending")
      .flatMap(
        ({ id, allocated, unallocated }): Array<[string, number]> => [
          [`allocated of ${id}`, allocated],
          [`unallocated of ${id}`, unallocated],
        ],
      ),
  ])

const IN_TIME = "a pinned promise used in its last millisecond"
const LATE = "a promise used when its time was over"
const SWEPT = "a promise used and swept at the same moment"

const once = law(
  "R6",
  "Once: a commitment resolves at most once, posts no more than it promised, and not when its time is over",
  [IN_TIME, LATE, SWEPT],
  (lived, see) => {
    for (const { before, after, at } of changesOf(lived)) {
      const now = new Map(after.commitments.map((each) => [each.id, each]))
      for (const was of before.commitments) {
        const is = now.get(was.id)
        see.require(
          is !== undefined && (was.state === "pending" || isSame(was, is)),
          () => `${was.id} was ${was.state}, and is ${is?.state} with ${is?.posted} posted`,
        )
        if (was.state !== "pending" || is?.state !== "posted") continue
        see.require(
          is.posted <= was.quantity,
          () => `${is.posted} of ${was.quantity} units were posted`,
        )
        see.require(
          !isOver(was, at),
          () => `${was.id} was posted ${at - (was.expiresAt ?? at)} ms too late`,
        )
      }
      const pinned = new Set(before.allocations.map(({ id }) => id))
      for (const { id, commitment, state, createdAt } of after.allocations) {
        const promise = before.commitments.find((each) => each.id === commitment)
        const isNew = !pinned.has(id) && state === "live" && createdAt === at
        see.require(
          !isNew || promise === undefined || !isOver(promise, at),
          () => `${commitment} was pinned too late`,
        )
      }
      const left = sumBy(
        after.movements.filter(({ reason }) => reason === "dispatch"),
        ({ document }) => document?.id ?? "",
        ({ quantity }) => quantity,
      )
      const wrong = differenceOf(
        left,
        sumBy(
          after.commitments,
          ({ documentId }) => documentId,
          ({ posted }) => posted,
        ),
      )
      see.require(wrong === undefined, () => `units that left and units posted for ${wrong}`)
    }
    for (const step of stepsOf(lived)) lookAtUse(step, see)
  },
)

const isOver = ({ expiresAt }: Commitment, at: number): boolean =>
  expiresAt !== undefined && expiresAt <= at

const isSame = (was: Commitment, is: Commitment): boolean =>
  was.state === is.state &&
  was.posted === is.posted &&
  was.quantity === is.quantity &&
  was.resolvedAt === is.resolvedAt

const lookAtUse = (step: Step, see: Witness): void => {
  const { who, before, at, beat } = step
  const sweeps = beat.calls.some(
    (call) => call.who === who && call.operation === "expireCommitments",
  )
  for (const call of [...callsOf(beat, "dispatchStock"), ...callsOf(beat, "allocateStock")]) {
    const { document } = call.input
    if (call.who !== who || call.again !== undefined || document === undefined) continue
    const used = before.commitments.filter(
      ({ state, documentId, allocated, unallocated }) =>
        state === "pending" &&
        documentId === document.id &&
        (call.operation === "dispatchStock" ? allocated : unallocated) > 0,
    )
    if (used.some((each) => isOver(each, at))) {
      see.met(LATE)
      if (sweeps) see.met(SWEPT)
    } else if (call.operation === "dispatchStock" && used.length > 0)
      lookAtDispatch(step, call, used, see)
  }
}

/** Pinned units that are fit to leave do leave, up to the last millisecond of their promise. */
const lookAtDispatch = (
  { before, at, beat }: Step,
  call: CallOf<"dispatchStock">,
  used: ReadonlyArray<Commitment>,
  see: Witness,
): void => {
  const ids = new Set<string>(used.map(({ id }) => id))
  const cells = before.allocations.flatMap(({ commitment, state, cell }) =>
    state === "live" && ids.has(commitment) ? [cell] : [],
  )
  const fit = before.balances.every(
    (each) => !cells.includes(each.id) || isEligible(before, each, at, 0),
  )
  const plain = call.input.lines === undefined && used.every(({ sku }) => sku !== "PHONE")
  if (aloneIn(beat) === undefined || !fit || !plain) return
  see.require(
    answerOf(call) !== undefined,
    () => `${call.input.document.id} is pinned and in time, and did not leave`,
  )
  if (used.some(({ expiresAt }) => expiresAt === at + 1)) see.met(IN_TIME)
}

/** R4 to R6: how promises end. */
export const resolutionLaws = [release, undo, once]
