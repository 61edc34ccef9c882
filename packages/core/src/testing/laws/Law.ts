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

/** What a law looks at. Each part is optional; a law that has none says nothing. */
export interface Looks<Life, Step> {
  /** Each step that changed the books. */
  readonly atChange?: (step: Step, see: Witness, salt: number) => void
  readonly atStep?: (step: Step, see: Witness) => void
  /** The history as a whole. */
  readonly atEnd?: (life: Life, see: Witness) => void
}

/** A law of domain 3: it is told of whole histories, as they were lived, and says what breaks it. */
export interface Law<Life> {
  /** Its number: `L1`, `R11`, `O6`. */
  readonly id: string
  readonly sentence: string
  /** Situations without which a law proves nothing. Each must come about in enough histories. */
  readonly situations: ReadonlyArray<string>
  readonly judge: (life: Life, salt: number) => Verdict
}

/** Declares laws about histories that consist of such steps. */
export const lawsOver =
  <Life, Step extends { readonly before: unknown; readonly after: unknown }>(
    stepsOf: (life: Life) => ReadonlyArray<Step>,
  ) =>
  (
    id: string,
    sentence: string,
    situations: ReadonlyArray<string>,
    looks: Looks<Life, Step>,
  ): Law<Life> => ({
    id,
    sentence,
    situations,
    judge: (life, salt) => {
      const { see, verdict } = witness(id, situations)
      for (const step of stepsOf(life)) {
        looks.atStep?.(step, see)
        if (step.before !== step.after) looks.atChange?.(step, see, salt)
      }
      looks.atEnd?.(life, see)
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
