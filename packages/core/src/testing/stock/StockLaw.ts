import type { StockLedger } from "./StockLedger.ts"
import type { StockOperationName } from "./StockOperations.ts"
import { answerOf, type Beat, type CallOf, type Lived, type Who } from "./StockTrace.ts"

/** What a law says of one history. */
export interface Verdict {
  /** What was seen that must not be; the first of it. */
  readonly broken: string | undefined
  /** The situations that the history brought about, in which the law has something to say. */
  readonly met: ReadonlySet<string>
}

/** Takes down what a law sees. */
export interface Witness {
  /** Something that must not be, unless `holds`. */
  readonly require: (holds: boolean, seen: () => string) => void
  /** Two sums that must agree, name by name. What a sum does not name, it says 0 of. */
  readonly same: (
    what: string,
    seen: ReadonlyMap<string, number>,
    right: ReadonlyMap<string, number>,
  ) => void
  /** A situation in which the law has something to say, if it came about. */
  readonly met: (situation: string, cameAbout?: boolean) => void
}

/** One merchant's part of a beat. */
export interface Step {
  readonly who: Who
  readonly at: number
  readonly before: StockLedger
  readonly after: StockLedger
  readonly beat: Beat
}

/** What a law looks at. Each part is optional; a law that has none says nothing. */
export interface Looks {
  /** Each merchant's part of each beat that changed its books. */
  readonly atChange?: (step: Step, see: Witness, salt: number) => void
  /** Each merchant's part of each beat. */
  readonly atStep?: (step: Step, see: Witness) => void
  /** The history as a whole. */
  readonly atEnd?: (lived: Lived, see: Witness) => void
}

/** A law of domain 3: it is told of whole histories, and says what breaks it. */
export interface StockLaw {
  /** Its number: L1 to L6, R1 to R11. */
  readonly id: string
  readonly sentence: string
  /** Situations without which a law proves nothing. Each must come about in enough histories. */
  readonly situations: ReadonlyArray<string>
  readonly judge: (lived: Lived, salt: number) => Verdict
}

/** Declares a law. */
export const law = (
  id: string,
  sentence: string,
  situations: ReadonlyArray<string>,
  looks: Looks,
): StockLaw => ({
  id,
  sentence,
  situations,
  judge: (lived, salt) => {
    const { see, verdict } = witness(id, situations)
    for (const step of stepsOf(lived)) {
      looks.atStep?.(step, see)
      if (step.before !== step.after) looks.atChange?.(step, see, salt)
    }
    looks.atEnd?.(lived, see)
    return verdict()
  },
})

const witness = (id: string, situations: ReadonlyArray<string>) => {
  let broken: string | undefined
  const met = new Set<string>()
  const see: Witness = {
    require: (holds, seen) => {
      if (!holds) broken ??= seen()
    },
    same: (what, seen, right) => {
      const wrong = differenceOf(seen, right)
      see.require(wrong === undefined, () => `${what} ${wrong}`)
    },
    met: (situation, cameAbout = true) => {
      if (!situations.includes(situation)) throw new TypeError(`${id} knows no “${situation}”`)
      if (cameAbout) met.add(situation)
    },
  }
  return { see, verdict: (): Verdict => ({ broken, met }) }
}

const WHO: ReadonlyArray<Who> = [0, 1]

const stepsOf = ({ beats }: Lived): ReadonlyArray<Step> =>
  beats.flatMap((beat) =>
    WHO.map((who) => ({
      who,
      at: beat.at,
      before: beat.before[who],
      after: beat.after[who],
      beat,
    })),
  )

const differenceOf = (
  seen: ReadonlyMap<string, number>,
  right: ReadonlyMap<string, number>,
): string | undefined => {
  for (const name of new Set([...seen.keys(), ...right.keys()])) {
    const [said, meant] = [seen.get(name) ?? 0, right.get(name) ?? 0]
    if (said !== meant) return `${name}: ${said}, not ${meant}`
  }
  return undefined
}

/** The merchant's calls of one operation in a step, without those that only repeat an earlier one. */
export const callsIn = <Name extends StockOperationName>(
  { beat, who }: Step,
  operation: Name,
): ReadonlyArray<CallOf<Name>> =>
  beat.calls.filter(
    (call) => call.operation === operation && call.who === who && call.again === undefined,
  ) as unknown as ReadonlyArray<CallOf<Name>>

/** The call of an operation, where it is all that happened: the whole difference is its effect. */
export const onlyCall = <Name extends StockOperationName>(
  step: Step,
  operation: Name,
): CallOf<Name> | undefined =>
  step.beat.calls.length === 1 ? callsIn(step, operation)[0] : undefined

/** As `onlyCall`, where it was done. */
export const onlyDone = <Name extends StockOperationName>(
  step: Step,
  operation: Name,
): CallOf<Name> | undefined => {
  const call = onlyCall(step, operation)
  return call !== undefined && answerOf(call) !== undefined ? call : undefined
}
