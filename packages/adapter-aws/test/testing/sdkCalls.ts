import { Effect } from "effect"

/** The name of the error with which a call of the SDK's fails; `ok` if it does not. */
export const outcomeOf = (call: () => Promise<unknown>): Effect.Effect<string> =>
  Effect.promise(() =>
    call().then(
      () => "ok",
      (error: unknown) => (error as Error).name,
    ),
  )

/** The answer of a call of the SDK's. */
export const answerOf = <A>(call: () => Promise<A>): Effect.Effect<A> => Effect.promise(call)
