import type { StockLedger } from "./StockLedger.ts"
import type { Beat, Lived, Who } from "./StockTrace.ts"

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
  readonly met: (situation: string) => void
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
  look: (lived: Lived, see: Witness, salt: number) => void,
): StockLaw => ({
  id,
  sentence,
  situations,
  judge: (lived, salt) => {
    let broken: string | undefined
    const met = new Set<string>()
    look(
      lived,
      {
        require: (holds, seen) => {
          if (!holds) broken ??= seen()
        },
        met: (situation) => {
          if (!situations.includes(situation)) throw new TypeError(`${id} knows no “${situation}”`)
          met.add(situation)
        },
      },
      salt,
    )
    return { broken, met }
  },
})

/** One merchant's part of a beat. */
export interface Step {
  readonly who: Who
  readonly at: number
  readonly before: StockLedger
  readonly after: StockLedger
  readonly beat: Beat
}

const WHO: ReadonlyArray<Who> = [0, 1]

/** Each merchant's part of each beat, also of those in which it did nothing. */
export const stepsOf = ({ beats }: Lived): ReadonlyArray<Step> =>
  beats.flatMap((beat) =>
    WHO.map((who) => ({
      who,
      at: beat.at,
      before: beat.before[who],
      after: beat.after[who],
      beat,
    })),
  )

/** The steps that changed a merchant's books. */
export const changesOf = (lived: Lived): ReadonlyArray<Step> =>
  stepsOf(lived).filter(({ before, after }) => before !== after)

/** Where two sums differ, as text; undefined where they agree. What a sum does not name, it says 0 of. */
export const differenceOf = (
  stored: ReadonlyMap<string, number>,
  derived: ReadonlyMap<string, number>,
): string | undefined => {
  for (const name of new Set([...stored.keys(), ...derived.keys()])) {
    const [said, right] = [stored.get(name) ?? 0, derived.get(name) ?? 0]
    if (said !== right) return `${name}: ${said}, not ${right}`
  }
  return undefined
}
