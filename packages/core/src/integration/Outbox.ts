import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Ids, nextId, Timestamp, Uuid } from "../kernel/index.ts"
import { Collection, due, index } from "../store/index.ts"

export const MessageId = Uuid.pipe(Schema.brand("MessageId"))
export type MessageId = typeof MessageId.Type

/** A kind of message with the shape of its body. Bodies hold ids and figures, never personal data (R13). */
export interface Topic<in out A> {
  readonly name: string
  readonly schema: Schema.Codec<A, unknown>
}

/**
 * Declares a topic: `topic("stock.changed", Schema.Struct({ ... }))`.
 *
 * @param name lower-case words joined by `.`, `_` or `-`, at most 48 characters
 */
export const topic = <A, E>(name: string, schema: Schema.Codec<A, E>): Topic<A> => {
  if (!/^[a-z][a-z0-9._-]{0,47}$/u.test(name)) throw new TypeError(`${name} is no name of a topic`)
  return { name, schema }
}

/** Something that must be told to another part of the system, written in the batch that made it true. */
export const OutboxMessage = Schema.Struct({
  id: MessageId,
  topic: Schema.String,
  body: Schema.Unknown,
  createdAt: Timestamp,
  /** From when on it is to be handed to its subscribers. */
  dueAt: Timestamp,
})
export type OutboxMessage = typeof OutboxMessage.Type

/** The messages of a partition that were not handed to subscribers yet. A message's topic leads its key. */
export const Outbox = Collection.make("outbox", {
  schema: OutboxMessage,
  key: (message) => `${message.topic}:${message.id}`,
  indexes: {
    due: due("dueAt"),
    order: index("createdAt"),
    topic: index("topic", "createdAt"),
  },
})

/** A message for the outbox: put it into the draft of the change that it tells of. */
export const message = <A>(
  kind: Topic<A>,
  body: NoInfer<A>,
  at: Timestamp,
): Effect.Effect<OutboxMessage, never, Ids> =>
  Effect.map(nextId(MessageId), (id) => ({
    id,
    topic: kind.name,
    body: Schema.encodeSync(kind.schema)(body),
    createdAt: at,
    dueAt: at,
  }))
