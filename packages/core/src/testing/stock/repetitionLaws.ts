import { canonical } from "../../command/index.ts"
import { law, type Step, stepsOf, type Witness } from "./StockLaw.ts"
import { poolIn, type StockLedger } from "./StockLedger.ts"
import { aloneIn, answerOf, type Call, type CallOf, hasEffect, type Lived } from "./StockTrace.ts"

const AT_ONCE = "one command sent twice at the same moment"
const LATER = "one command sent again later"
const OTHER = "another command under a used key"

/** What a command was answered that did something. */
interface Remembered {
  readonly answer: unknown
  readonly body: string
}

const idempotency = law(
  "R7",
  "Idempotency: one key and body has one effect and one answer; the key with another body is a conflict",
  [AT_ONCE, LATER, OTHER],
  (lived, see) => {
    const known = new Map<string, Remembered>()
    for (const step of stepsOf(lived))
      for (const call of step.beat.calls) {
        if (call.who !== step.who) continue
        const name = `${call.who} ${call.input.key}`
        const before = known.get(name)
        if (before !== undefined) lookAtRepeat(step, call, before, see)
        else if (call.again === undefined) {
          const done = lookAtCopies(step, call, see)
          if (done !== undefined) known.set(name, { answer: done, body: canonical(call.input) })
        }
      }
    lookAtEffects(lived, known, see)
  },
)

/** The answer of a command that did something; every copy that was done got the same. */
const lookAtCopies = (step: Step, call: Call, see: Witness): unknown => {
  const done = doneOf(call)
  const [first] = done
  if (first === undefined || !hasEffect(first)) return undefined
  see.require(
    done.every((answer) => canonical(answer) === canonical(first)),
    () => `${call.operation} under ${call.input.key} was answered in two ways`,
  )
  if (call.copies > 1) see.met(AT_ONCE)
  if (aloneIn(step.beat) === undefined) return first
  see.require(
    done.length === call.copies,
    () => `${call.operation} under ${call.input.key} was done, and refused at the same moment`,
  )
  if (call.operation === "commitStock") {
    const made = newIds(step.before.commitments, step.after.commitments)
    const told = answerOf(call)?.commitments.map(({ commitment }) => commitment) ?? []
    see.require(
      canonical(made) === canonical([...told].sort()),
      () => `${call.input.key} made ${made.length} commitments and told of ${told.length}`,
    )
  }
  return first
}

const doneOf = (call: Call): ReadonlyArray<unknown> =>
  (call.outcomes as ReadonlyArray<(typeof call.outcomes)[number]>).flatMap((outcome) =>
    outcome.end === "done" ? [outcome.answer] : [],
  )

const newIds = (
  before: ReadonlyArray<{ readonly id: string }>,
  after: typeof before,
): ReadonlyArray<string> => {
  const known = new Set(before.map(({ id }) => id))
  return after.flatMap(({ id }) => (known.has(id) ? [] : [id])).sort()
}

/** A command under a key that did something before. */
const lookAtRepeat = (step: Step, call: Call, before: Remembered, see: Witness): void => {
  const outcomes: ReadonlyArray<(typeof call.outcomes)[number]> = call.outcomes
  const told = `${call.operation} under ${call.input.key}`
  if (canonical(call.input) === before.body) {
    see.met(LATER)
    for (const outcome of outcomes)
      see.require(
        outcome.end === "done" && canonical(outcome.answer) === canonical(before.answer),
        () => `${told} was sent again and got another answer`,
      )
  } else {
    see.met(OTHER)
    for (const outcome of outcomes)
      see.require(
        outcome.end === "refused" && outcome.tag === "IdempotencyConflict",
        () => `${told} with another body was ${outcome.end === "refused" ? outcome.tag : "done"}`,
      )
  }
  if (aloneIn(step.beat) !== undefined)
    see.require(step.before === step.after, () => `${told} was sent again and changed something`)
}

/** The journal holds under each key what its command was answered, and no more. */
const lookAtEffects = (
  { beats }: Lived,
  known: ReadonlyMap<string, Remembered>,
  see: Witness,
): void => {
  const last = beats.at(-1)
  if (last === undefined) return
  for (const who of [0, 1] as const) {
    const byKey = Map.groupBy(last.after[who].movements, ({ key }) => `${who} ${key}`)
    for (const [name, { answer }] of known) {
      if (!name.startsWith(`${who} `)) continue
      const { moved = [] } = answer as {
        readonly moved?: ReadonlyArray<{ readonly movement: string }>
      }
      const told = moved.map(({ movement }) => movement).sort()
      const made = (byKey.get(name) ?? []).map(({ id }) => id as string).sort()
      see.require(
        canonical(told) === canonical(made),
        () => `${name}: ${made.length} movements were made and ${told.length} were told of`,
      )
    }
  }
}

const MORE = "the same request after more stock came"
const LESS = "the same request after stock was held"

const monotony = law(
  "R8",
  "Monotony: more stock never lowers what is granted, and a hold never raises it",
  [MORE, LESS],
  (lived, see) => {
    let first: CallOf<"commitStock"> | undefined
    let changed = false
    for (const step of stepsOf(lived)) {
      const call = aloneIn(step.beat)
      if (call?.who !== step.who) continue
      if (call.again === undefined) lookAtChange(step, call, see)
      const { purpose } = call
      if (purpose?.probe !== "monotony") continue
      if (purpose.part === "between")
        changed = answerOf(call as CallOf<"receiveStock">) !== undefined
      if (call.operation !== "commitStock") continue
      if (purpose.part === "first") {
        first = call
        changed = false
      } else if (first !== undefined && changed) {
        const [was, is] = [grantedTo(first), grantedTo(call)]
        see.require(
          purpose.change === "more" ? is >= was : is <= was,
          () => `${was} units were granted, and ${is} after there was ${purpose.change}`,
        )
        see.met(purpose.change === "more" ? MORE : LESS)
      }
    }
  },
)

const grantedTo = (call: CallOf<"commitStock">): number =>
  answerOf(call)?.granted.reduce((sum, { quantity }) => sum + quantity, 0) ?? 0

/** What stock that comes, or a hold, does to what can be promised and to what is promised. */
const lookAtChange = ({ before, after }: Step, call: Call, see: Witness): void => {
  const raises = call.operation === "receiveStock"
  const lowers = call.operation === "changeCondition" && call.input.from === "sellable"
  if (!raises && !lowers) return
  for (const { warehouse, sku, uncommitted: is } of after.pools) {
    const was = poolIn(before, warehouse, sku).uncommitted
    see.require(
      raises ? is >= was : is <= was,
      () => `${call.operation} took what can be promised of ${sku} from ${was} to ${is}`,
    )
  }
  const [were, are] = [promisesIn(before), promisesIn(after)]
  see.require(were === are, () => `${call.operation} changed what is promised`)
}

const promisesIn = ({ commitments }: StockLedger): string =>
  canonical(
    commitments.map(({ id, state, quantity, allocated }) => ({ id, state, quantity, allocated })),
  )

/** R7 and R8: the same again, and the same with more or less. */
export const repetitionLaws = [idempotency, monotony]
