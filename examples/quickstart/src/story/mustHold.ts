import { Effect, Schema } from "effect"

/** The demo shows something that is not so. It ends here, so that nobody has to read the account to find out. */
export class StoryBroken extends Schema.TaggedError<StoryBroken>()("StoryBroken", {
  promise: Schema.String,
  found: Schema.String,
}) {
  override get message() {
    return `${this.promise}: ${this.found}`
  }
}

/** Ends the story unless what was promised holds. */
export const mustHold = (
  promise: string,
  holds: boolean,
  found: unknown,
): Effect.Effect<void, StoryBroken> =>
  holds ? Effect.void : Effect.fail(new StoryBroken({ promise, found: JSON.stringify(found) }))
