import { canonical } from "../../command/index.ts"
import { type Beat, type Call, law, outcomesOf, type Witness } from "./OrderTrace.ts"

const AT_ONCE = "one command sent twice at the same moment"
const LATER = "one command sent again later"
const OTHER = "another command under a used key"

const once = law(
  "R7",
  "Idempotency: one key and body has one effect and one answer; the key with another body is a conflict",
  [AT_ONCE, LATER, OTHER],
  {
    atChange: ({ after }, see) => {
      const keys = after.events.map(({ correlation }) => correlation)
      see.require(
        new Set(keys).size === keys.length,
        () => `${keys.length - new Set(keys).size} keys had more than one effect`,
      )
    },
    atEnd: ({ beats }, see) => {
      const answers = new Map<string, ReadonlySet<string>>()
      for (const beat of beats) for (const call of beat.calls) lookAtCall(beat, call, answers, see)
    },
  },
)

/** @param answers what was answered under each key that did something */
const lookAtCall = (
  beat: Beat,
  call: Call,
  answers: Map<string, ReadonlySet<string>>,
  see: Witness,
): void => {
  const earlier = answers.get(call.input.key)
  if (call.again !== undefined && earlier !== undefined) lookAtRepeat(beat, call, earlier, see)
  else if (hadEffect(beat, call)) {
    answers.set(call.input.key, answersOf(call))
    if (beat.calls.length === 1) lookAtCopies(call, see)
  }
}

const hadEffect = ({ after }: Beat, { input }: Call): boolean =>
  after.events.some(({ correlation }) => correlation === input.key)

const answersOf = (call: Call): ReadonlySet<string> =>
  new Set(outcomesOf(call).flatMap((each) => (each.end === "done" ? [canonical(each.answer)] : [])))

/** Copies of a command that did something all got the same answer, where nobody else did anything. */
const lookAtCopies = (call: Call, see: Witness): void => {
  see.met(AT_ONCE, call.copies > 1)
  see.require(
    outcomesOf(call).every(({ end }) => end === "done") && answersOf(call).size === 1,
    () => `${call.operation} under ${call.input.key} was answered in two ways`,
  )
}

/** A command under a key that did something before: the same one is answered the same, another one is refused. */
const lookAtRepeat = (beat: Beat, call: Call, answers: ReadonlySet<string>, see: Witness): void => {
  const same = call.again?.body === "same"
  see.met(same ? LATER : OTHER)
  for (const outcome of outcomesOf(call))
    see.require(
      same
        ? outcome.end === "done" && answers.has(canonical(outcome.answer))
        : outcome.end === "refused" && outcome.tag === "IdempotencyConflict",
      () =>
        `${call.operation} under ${call.input.key} was sent again with ${same ? "the same" : "another"} body: ${JSON.stringify(outcome)}`,
    )
  see.require(
    beat.calls.length > 1 || beat.before === beat.after,
    () => `${call.operation} under ${call.input.key} was sent again and did something`,
  )
}

/** R7: the same again. */
export const onceLaws = [once]
