import { canonical } from "../../command/index.ts"
import { law, onlyDone, type Step, type Witness } from "./StockLaw.ts"
import { poolIn, type StockLedger } from "./StockLedger.ts"
import {
  answerOf,
  type Call,
  type CallOf,
  hasEffect,
  type Lived,
  type Outcome,
} from "./StockTrace.ts"

const AT_ONCE = "one command sent twice at the same moment"
const LATER = "one command sent again later"
const OTHER = "another command under a used key"

/** What a command was answered that did something. */
interface Remembered {
  readonly call: Call
  readonly answer: unknown
}

const idempotency = law(
  "R7",
  "Idempotency: one key and body has one effect, and one answer wherever it had it; the key with another body is a conflict",
  [AT_ONCE, LATER, OTHER],
  {
    atStep: (step, see) => {
      const commit = onlyDone(step, "commitStock")
      if (commit !== undefined) lookAtCommitments(step, commit, see)
    },
    atEnd: (lived, see) => {
      const known = new Map<string, Remembered>()
      for (const { calls, before, after } of lived.beats)
        for (const call of calls) {
          const earlier = known.get(nameOf(call))
          const alone = calls.length === 1
          if (earlier !== undefined) {
            lookAtRepeat(call, earlier, see)
            const untouched = before[call.who] === after[call.who]
            see.require(!alone || untouched, () => `${told(call)} was sent again and did something`)
          } else lookAtCopies(call, alone, known, see)
        }
      lookAtEffects(lived, known, see)
    },
  },
)

const nameOf = ({ who, input }: Call): string => `${who} ${input.key}`

const told = ({ operation, input }: Call): string => `${operation} under ${input.key}`

const endsOf = (call: Call): ReadonlyArray<Outcome<unknown>> => call.outcomes

/**
 * Copies of a command that did something all got the same answer. One that found nothing to do at its moment is recorded
 * nowhere, so that its answer may be another one.
 */
const lookAtCopies = (
  call: Call,
  alone: boolean,
  known: Map<string, Remembered>,
  see: Witness,
): void => {
  const answers = endsOf(call).flatMap((each) => (each.end === "done" ? [each.answer] : []))
  const worked = answers.filter(hasEffect)
  const [answer] = worked
  if (answer === undefined) return
  if (call.again === undefined) known.set(nameOf(call), { call, answer })
  see.met(AT_ONCE, call.copies > 1)
  see.require(
    worked.every((each) => canonical(each) === canonical(answer)),
    () => `${told(call)} was answered in two ways`,
  )
  see.require(
    !alone || answers.length === call.copies,
    () => `${told(call)} was done, and refused at the same moment`,
  )
}

/** A command under a key that did something before: the same one is answered the same, another one is refused. */
const lookAtRepeat = (call: Call, { call: first, answer }: Remembered, see: Witness): void => {
  const same = canonical(call.input) === canonical(first.input)
  see.met(same ? LATER : OTHER)
  for (const outcome of endsOf(call))
    if (same)
      see.require(
        outcome.end === "done" && canonical(outcome.answer) === canonical(answer),
        () => `${told(call)} was sent again and was not answered the same`,
      )
    else
      see.require(
        outcome.end === "refused" && outcome.tag === "IdempotencyConflict",
        () => `${told(call)} had another body, and was ${JSON.stringify(outcome)}`,
      )
}

/** A promise makes the commitments that it tells of. */
const lookAtCommitments = (
  { before, after }: Step,
  call: CallOf<"commitStock">,
  see: Witness,
): void => {
  const known = new Set(before.commitments.map(({ id }) => id))
  const made = after.commitments.flatMap(({ id }) => (known.has(id) ? [] : [id]))
  const named = answerOf(call)?.commitments.map(({ commitment }) => commitment) ?? []
  see.require(
    canonical(made.toSorted()) === canonical(named.toSorted()),
    () => `${call.input.key} made ${made.length} commitments, and told of ${named.length}`,
  )
}

/** The journal holds under each key the movements that its command was answered, and no more. */
const lookAtEffects = (
  { beats }: Lived,
  known: ReadonlyMap<string, Remembered>,
  see: Witness,
): void => {
  const made = ([0, 1] as const).flatMap((who) =>
    (beats.at(-1)?.after[who].movements ?? []).map(({ id, key }) => ({
      id,
      name: `${who} ${key}`,
    })),
  )
  const byName = Map.groupBy(made, ({ name }) => name)
  for (const [name, { answer }] of known) {
    const { moved = [] } = answer as {
      readonly moved?: ReadonlyArray<{ readonly movement: string }>
    }
    const named = moved.map(({ movement }) => movement).toSorted()
    const there = (byName.get(name) ?? []).map(({ id }) => id as string).toSorted()
    see.require(
      canonical(named) === canonical(there),
      () => `${name}: ${there.length} movements were made, and ${named.length} told of`,
    )
  }
}

const MORE = "the same request after more stock came"
const LESS = "the same request after stock was held"

const monotony = law(
  "R8",
  "Monotony: more stock never lowers what is granted, and a hold never raises it",
  [MORE, LESS],
  {
    atStep: (step, see) => {
      if (onlyDone(step, "receiveStock") !== undefined) lookAtChange(step, 1, see)
      if (onlyDone(step, "changeCondition")?.input.from === "sellable") lookAtChange(step, -1, see)
    },
    atEnd: (lived, see) => lookAtProbes(lived, see),
  },
)

/** The same request, answered before and after a change. */
const lookAtProbes = ({ beats }: Lived, see: Witness): void => {
  const probes = beats.flatMap(({ calls: [call] }) =>
    call?.purpose?.probe === "monotony" ? [call] : [],
  )
  for (const [place, first] of probes.entries()) {
    const [between, second] = probes.slice(place + 1, place + 3)
    const parts = [first, between, second].map((call) => call?.purpose?.part).join()
    if (parts !== "first,between,second" || between === undefined || second === undefined) continue
    if (!isThatChange(between)) continue
    const [was, is] = [grantedTo(first), grantedTo(second)]
    const more = first.purpose?.change === "more"
    see.require(
      more ? is >= was : is <= was,
      () => `${was} units were granted, and ${is} when there was ${more ? "more" : "less"}`,
    )
    see.met(more ? MORE : LESS)
  }
}

/** Whether stock came, or sellable stock was held; not where there was none to hold. */
const isThatChange = (call: Call): boolean =>
  endsOf(call).some(({ end }) => end === "done") &&
  (call.operation === "receiveStock" ||
    (call.operation === "changeCondition" && call.input.from === "sellable"))

const grantedTo = (call: Call): number =>
  answerOf(call as CallOf<"commitStock">)?.granted.reduce(
    (sum, { quantity }) => sum + quantity,
    0,
  ) ?? 0

/** Stock that comes, or a hold: what can be promised moves that way, and what is promised stays. */
const lookAtChange = ({ before, after }: Step, direction: 1 | -1, see: Witness): void => {
  for (const { id, warehouse, sku, uncommitted: is } of after.pools) {
    const was = poolIn(before, warehouse, sku).uncommitted
    see.require(
      direction * (is - was) >= 0,
      () => `${direction > 0 ? "more" : "less"} stock took ${id} from ${was} to promise to ${is}`,
    )
  }
  see.require(
    promisesIn(before) === promisesIn(after),
    () => "what was promised before has changed",
  )
}

const promisesIn = ({ commitments }: StockLedger): string =>
  commitments.map(({ id, state, quantity, allocated }) => [id, state, quantity, allocated]).join()

/** R7 and R8: the same again, and the same with more or less. */
export const repetitionLaws = [idempotency, monotony]
