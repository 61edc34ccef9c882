import * as Effect from "effect/Effect"
import fc from "fast-check"

/** How generated laws are tried. A failure prints the seed and the path that repeat it. */
export interface Trials {
  /** How many cases. */
  readonly runs: number
  /** From which seed; a new one each time when left out. */
  readonly seed?: number
  /** Whether a case that breaks a law is made as small as can be, which takes time; true when left out. */
  readonly shrink?: boolean
}

/** Checks a law for generated values; the value that breaks it is in the error. */
export const forAll = <A, E, R>(
  values: fc.Arbitrary<A>,
  { runs, seed, shrink = true }: Trials,
  law: (value: A) => Effect.Effect<void, E, R>,
): Effect.Effect<void, never, R> =>
  Effect.flatMap(Effect.context<R>(), (context) =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(values, (value) => Effect.runPromiseWith(context)(law(value))),
        { numRuns: runs, endOnFailure: !shrink, ...(seed === undefined ? {} : { seed }) },
      ),
    ),
  )
