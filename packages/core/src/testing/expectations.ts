import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { canonical } from "../command/index.ts"

/** Something was not as a clause says it must be. */
export class Breach extends Schema.TaggedError<Breach>()("Breach", {
  what: Schema.String,
  expected: Schema.String,
  seen: Schema.String,
}) {
  override get message() {
    return `${this.what}\n  expected: ${this.expected}\n  seen:     ${this.seen}`
  }
}

/** Throws a `Breach` unless both values have the same content. Works on plain data only. */
export const expectSame = (what: string, seen: unknown, expected: unknown): void => {
  const [left, right] = [canonical(seen), canonical(expected)]
  if (left !== right) throw new Breach({ what, expected: shorten(right), seen: shorten(left) })
}

/** Throws a `Breach` unless the condition holds. */
export const expectTrue = (what: string, holds: boolean): void => {
  if (!holds) throw new Breach({ what, expected: "true", seen: "false" })
}

/** The failure of work that must fail with this tag. Success, another failure and a defect are breaches. */
export const expectRefused = <const Tag extends string, A, E extends { readonly _tag: string }, R>(
  what: string,
  tag: Tag,
  work: Effect.Effect<A, E, R>,
): Effect.Effect<Extract<E, { readonly _tag: Tag }>, Breach, R> =>
  Effect.flatMap(Effect.exit(work), (exit) => {
    const error = Exit.isFailure(exit) ? Cause.findErrorOption(exit.cause) : Option.none<E>()
    return Option.isSome(error) && error.value._tag === tag
      ? Effect.succeed(error.value as Extract<E, { readonly _tag: Tag }>)
      : Effect.fail(new Breach({ what, expected: tag, seen: outcomeOf(exit) }))
  })

/** Fails unless the work dies: what a type or a check of the caller's must have stopped before. */
export const expectDefect = <A, E, R>(
  what: string,
  work: Effect.Effect<A, E, R>,
): Effect.Effect<void, Breach, R> =>
  Effect.flatMap(Effect.exit(work), (exit) =>
    Exit.isFailure(exit) && Cause.hasDies(exit.cause)
      ? Effect.void
      : Effect.fail(new Breach({ what, expected: "a defect", seen: outcomeOf(exit) })),
  )

const outcomeOf = (exit: Exit.Exit<unknown, unknown>): string =>
  Exit.isSuccess(exit) ? "success" : shorten(Cause.pretty(exit.cause))

const shorten = (text: string): string => (text.length > 2000 ? `${text.slice(0, 2000)} …` : text)
