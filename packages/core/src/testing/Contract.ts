import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Schema from "effect/Schema"
import { Breach } from "./expectations.ts"

/** One promise of a port: it holds when `check` succeeds. */
export interface Clause<R> {
  /** What is promised, as a sentence about the domain. */
  readonly name: string
  /** Where the promise is made, shortly: the member or the rule. */
  readonly law: string
  readonly check: Effect.Effect<void, unknown, R>
}

/**
 * What every implementation of a port promises, as data: any runner can run it, and a host can run it on its own
 * composition. A clause makes all that it needs and assumes nothing about what is there already.
 */
export interface Contract<R> {
  readonly name: string
  readonly clauses: ReadonlyArray<Clause<R>>
}

/**
 * The two functions of a test runner that a contract needs; vitest, jest and `node:test` have both. To give slow
 * clauses more time, wrap one: `{ describe, it: (name, body) => it(name, body, 60_000) }`.
 */
export interface Runner {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: (name: string, body: () => Promise<void>) => unknown
  /** Releases a shared layer (`after` in `node:test`). Without it the last clause to end does. */
  readonly afterAll?: (body: () => Promise<void>) => unknown
}

/** An implementation broke a clause. `seen` says what happened, with the seed where values were generated. */
export class ClauseBroken extends Schema.TaggedError<ClauseBroken>()("ClauseBroken", {
  contract: Schema.String,
  clause: Schema.String,
  law: Schema.String,
  seen: Schema.String,
}) {
  override get message() {
    return `${this.contract} is broken: ${this.clause} (${this.law})\n${this.seen}`
  }
}

/**
 * Registers one test a clause with a runner.
 *
 * @param runner `{ describe, it }` of the runner in use
 * @param contract what is promised
 * @param layer the implementation under proof, built anew for each clause
 * @param options.share builds the layer once for all clauses, for an implementation that is slow to start
 */
export const runContract = <R, E>(
  runner: Runner,
  contract: Contract<R>,
  layer: Layer.Layer<R, E>,
  options: { readonly share?: boolean } = {},
): void => {
  runner.describe(contract.name, () => {
    if (options.share === true) return runShared(runner, contract, layer)
    for (const clause of contract.clauses) {
      runner.it(clause.name, () =>
        Effect.runPromise(
          checkClause(contract, clause).pipe(Effect.provide(layer, { local: true })),
        ),
      )
    }
  })
}

/** The clauses that an implementation breaks, without a runner. The layer is built anew for each clause. */
export const brokenClauses = <R, E>(
  contract: Contract<R>,
  layer: Layer.Layer<R, E>,
): Effect.Effect<ReadonlyArray<ClauseBroken>, E> =>
  Effect.map(
    Effect.forEach(contract.clauses, (clause) =>
      checkClause(contract, clause).pipe(
        Effect.as([] as ReadonlyArray<ClauseBroken>),
        Effect.catchIf(
          (error): error is ClauseBroken => error instanceof ClauseBroken,
          (broken) => Effect.succeed([broken]),
        ),
        Effect.provide(layer, { local: true }),
      ),
    ),
    (found) => found.flat(),
  )

const runShared = <R, E>(runner: Runner, contract: Contract<R>, layer: Layer.Layer<R, E>): void => {
  const runtime = ManagedRuntime.make(layer)
  let open = contract.clauses.length
  const { afterAll } = runner
  if (afterAll !== undefined) afterAll(() => runtime.dispose())
  for (const clause of contract.clauses) {
    runner.it(clause.name, async () => {
      try {
        await runtime.runPromise(checkClause(contract, clause))
      } finally {
        open -= 1
        if (open === 0 && afterAll === undefined) await runtime.dispose()
      }
    })
  }
}

/** Checks one clause. Whatever goes wrong inside, defects too, breaks it. */
const checkClause = <R>(
  contract: Contract<R>,
  clause: Clause<R>,
): Effect.Effect<void, ClauseBroken, R> =>
  Effect.catchCause(clause.check, (cause) =>
    Effect.fail(
      new ClauseBroken({
        contract: contract.name,
        clause: clause.name,
        law: clause.law,
        seen: describeCause(cause),
      }),
    ),
  )

const describeCause = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  return error instanceof Breach ? error.message : Cause.pretty(cause)
}
