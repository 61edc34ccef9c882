import type { Commitment } from "../../inventory/index.ts"
import { callsIn, law, onlyCall, type Step, type Witness } from "./StockLaw.ts"
import { type StockLedger, sumBy } from "./StockLedger.ts"
import { isEligible } from "./StockModel.ts"
import { answerOf, type CallOf } from "./StockTrace.ts"

const IN_TIME = "a pinned promise used in its last millisecond"
const LATE = "a promise used when its time was over"
const SWEPT = "a promise used and swept at the same moment"

const once = law(
  "R6",
  "Once: a commitment resolves at most once, posts no more than it promised, and not when its time is over",
  [IN_TIME, LATE, SWEPT],
  {
    atChange: (step, see) => {
      lookAtResolutions(step, see)
      lookAtPins(step, see)
      see.same("units that left and units posted for", leftFor(step.after), postedFor(step.after))
    },
    atStep: (step, see) => {
      for (const call of callsIn(step, "allocateStock"))
        lookAtUse(step, usedBy(step, call.input.document?.id, "unallocated"), see)
      for (const call of callsIn(step, "dispatchStock")) {
        const used = usedBy(step, call.input.document.id, "allocated")
        if (!lookAtUse(step, used, see)) lookAtDispatch(step, used, see)
      }
    },
  },
)

const isOver = ({ expiresAt }: Commitment, at: number): boolean =>
  expiresAt !== undefined && expiresAt <= at

const resolutionOf = ({ state, quantity, posted, resolvedAt }: Commitment): string =>
  `${state} ${quantity} ${posted} ${resolvedAt}`

/** What was resolved stays as it was; what is resolved now was pending, and in time if it was posted. */
const lookAtResolutions = ({ before, after, at }: Step, see: Witness): void => {
  const now = new Map(after.commitments.map((each) => [each.id, each]))
  for (const was of before.commitments) {
    const is = now.get(was.id)
    see.require(is !== undefined, () => `${was.id} is gone`)
    if (is === undefined) continue
    see.require(
      was.state === "pending" || resolutionOf(was) === resolutionOf(is),
      () => `${was.id} was ${resolutionOf(was)}, and is ${resolutionOf(is)}`,
    )
    if (was.state !== "pending" || is.state !== "posted") continue
    see.require(
      is.posted <= was.quantity,
      () => `${is.posted} of ${was.quantity} units were posted`,
    )
    see.require(
      !isOver(was, at),
      () => `${was.id} was posted ${at - (was.expiresAt ?? at)} ms late`,
    )
  }
}

/** Nothing is pinned for a promise whose time is over. */
const lookAtPins = ({ before, after, at }: Step, see: Witness): void => {
  const over = new Set<string>(
    before.commitments.filter((each) => isOver(each, at)).map(({ id }) => id),
  )
  const known = new Set(before.allocations.map(({ id }) => id))
  for (const { id, commitment, state } of after.allocations)
    see.require(
      state !== "live" || known.has(id) || !over.has(commitment),
      () => `units were pinned late for ${commitment}`,
    )
}

const leftFor = ({ movements }: StockLedger) =>
  sumBy(
    movements.filter(({ reason }) => reason === "dispatch"),
    ({ document }) => document?.id ?? "",
    ({ quantity }) => quantity,
  )

const postedFor = ({ commitments }: StockLedger) =>
  sumBy(
    commitments,
    ({ documentId }) => documentId,
    ({ posted }) => posted,
  )

/** The pending promises of a document that a command could use, all pinned or all still to be pinned. */
const usedBy = (
  { before }: Step,
  documentId: string | undefined,
  units: "allocated" | "unallocated",
): ReadonlyArray<Commitment> =>
  before.commitments.filter(
    (each) => each.state === "pending" && each.documentId === documentId && each[units] > 0,
  )

/** Whether some of what is used is over already. */
const lookAtUse = (step: Step, used: ReadonlyArray<Commitment>, see: Witness): boolean => {
  const late = used.some((each) => isOver(each, step.at))
  see.met(LATE, late)
  see.met(SWEPT, late && callsIn(step, "expireCommitments").length > 0)
  return late
}

/** Pinned units that are fit to leave do leave, up to the last millisecond of their promise. */
const lookAtDispatch = (step: Step, used: ReadonlyArray<Commitment>, see: Witness): void => {
  const call = onlyCall(step, "dispatchStock")
  if (call === undefined || used.length === 0 || !mayLeave(step, call, used)) return
  see.require(
    answerOf(call) !== undefined,
    () => `${call.input.document.id} is pinned and in time, and did not leave`,
  )
  see.met(
    IN_TIME,
    used.some(({ expiresAt }) => expiresAt === step.at + 1),
  )
}

const mayLeave = (
  { before, at }: Step,
  { input }: CallOf<"dispatchStock">,
  used: ReadonlyArray<Commitment>,
): boolean => {
  const ids = new Set<string>(used.map(({ id }) => id))
  const cells = new Set(
    before.allocations.flatMap(({ commitment, state, cell }) =>
      state === "live" && ids.has(commitment) ? [cell] : [],
    ),
  )
  return (
    input.lines === undefined &&
    used.every(({ sku }) => sku !== "PHONE") &&
    before.balances.every((each) => !cells.has(each.id) || isEligible(before, each, at, 0))
  )
}

/** R6: how promises end. */
export const onceLaws = [once]
