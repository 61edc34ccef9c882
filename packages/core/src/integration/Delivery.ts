import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { now, plusMillis, Timestamp } from "../kernel/index.ts"
import {
  Collection,
  CurrentPartition,
  due,
  type Entry,
  insert,
  type PartitionId,
} from "../store/index.ts"
import { JobId } from "./Job.ts"
import { type JobAtWork, type JobHandler, jobHandler } from "./JobHandler.ts"
import { type JobQueueOptions, queueOf } from "./JobQueue.ts"
import { MessageId, type Topic } from "./Outbox.ts"
import { RECEIPT_MILLIS } from "./Receipt.ts"

/** A message was delivered to a subscriber: written in the batch with the end of the job that delivered it. */
export const Delivery = Schema.Struct({
  /** The job's id: the topic, the subscriber and the message. So there is one for each of them. */
  id: JobId,
  message: MessageId,
  deliveredAt: Timestamp,
  expiresAt: Timestamp,
})
export type Delivery = typeof Delivery.Type

/** What was delivered in the last 35 days. */
export const Deliveries = Collection.make("deliveries", {
  schema: Delivery,
  key: (delivery) => delivery.id,
  indexes: { expiry: due("expiresAt") },
  expires: "expiresAt",
})

/** What a subscriber knows of a message beside its body. */
export interface MessageAtWork extends JobAtWork {
  /** Told once, but perhaps delivered twice: whoever must not act twice keeps the ids that it has seen. */
  readonly messageId: MessageId
  /** Whose message it is. */
  readonly partition: PartitionId
}

/** How a subscriber's deliveries are tried. */
export interface SubscriberOptions extends JobQueueOptions {
  /** Tells several subscribers of one topic apart: at most 32 lower-case characters; `main` when left out. */
  readonly subscriber?: string
}

/**
 * What a subscriber does with the messages of a topic: each is delivered to it at least once and recorded once. Every
 * subscriber has its own deliveries, retries and dead letters: none waits for another. Nothing is promised about their
 * order, so a body says where the truth is to be read, or carries the instant or version that tells a stale one.
 *
 * @param handler runs in the message's partition; the entries that it returns are committed with the delivery
 */
export const onMessage = <A, E, R>(
  { name, schema }: Topic<A>,
  handler: (body: A, message: MessageAtWork) => Effect.Effect<ReadonlyArray<Entry>, E, R>,
  { subscriber = "main", ...options }: SubscriberOptions = {},
): JobHandler<R | CurrentPartition> => {
  if (!/^[a-z][a-z0-9._-]{0,31}$/u.test(subscriber))
    throw new TypeError(`${subscriber} is no name of a subscriber`)
  const payload = Schema.Struct({ message: MessageId, body: schema })
  return jobHandler(queueOf(`${name}/${subscriber}`, payload, options), name, (told, job) =>
    Effect.gen(function* () {
      const { id: partition } = yield* CurrentPartition
      const { message: messageId, body } = told
      const entries = yield* handler(body, { ...job, messageId, partition })
      return [...entries, insert(Deliveries, deliveryOf(job.id, messageId, yield* now))]
    }),
  )
}

const deliveryOf = (id: JobId, message: MessageId, at: Timestamp): Delivery => ({
  id,
  message,
  deliveredAt: at,
  expiresAt: plusMillis(at, RECEIPT_MILLIS),
})
