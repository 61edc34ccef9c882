import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type Action, authorise } from "../access/index.ts"
import type { CommandServices } from "./command.ts"
import { illFormedInput, invalidInput, type QueryError } from "./commandErrors.ts"

/** For a query that asks nothing. An empty `Struct` would take any value at all. */
export const noInput = Schema.Record(Schema.String, Schema.Never)

/**
 * Makes a reading operation: authorise, check the input, read. It writes nothing.
 *
 * @param options.action the operation's name and its row in the policy
 * @param options.input the schema of what is asked; excess fields are refused
 */
export const query = <const Name extends Action, Input, InputEncoded, Answer, E, R>(options: {
  readonly action: Name
  readonly input: Schema.Codec<Input, InputEncoded>
  readonly read: (input: Input) => Effect.Effect<Answer, E, R>
}): ((input: InputEncoded) => Effect.Effect<Answer, E | QueryError, R | CommandServices>) => {
  const decode = Schema.decodeUnknownResult(options.input, {
    onExcessProperty: "error",
    errors: "all",
  })
  return Effect.fn(options.action)(function* (raw) {
    yield* authorise(options.action)
    const input = decode(raw)
    if (Result.isFailure(input)) return yield* invalidInput(options.action, input.failure)
    const illFormed = illFormedInput(options.action, raw)
    if (illFormed !== undefined) return yield* illFormed
    return yield* options.read(input.success)
  })
}
