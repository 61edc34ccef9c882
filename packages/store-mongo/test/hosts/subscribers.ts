import { createHash } from "node:crypto"
import {
  AuditEventId,
  AuditLog,
  fillBackorders,
  insert,
  type JobHandler,
  nextId,
  now,
  onMessage,
  type Topic,
  topics,
} from "@oto-fulfilment/core"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { HostLine } from "./HostJob.ts"

/** The action of the event that is written with each delivery. */
export const HEARD = "heard"

const WORKER = { kind: "system", id: "listener" } as const

interface Pool {
  readonly warehouse: string
  readonly sku: string
}

/** Which order or pools a message is about, behind its topic. */
export const nameOfMessage = (topic: string, body: unknown): string => {
  const { order, pool, pools } = body as {
    readonly order?: string
    readonly pool?: string
    readonly pools?: ReadonlyArray<Pool>
  }
  return nameAbout(topic, pools?.map(poolName) ?? [order ?? pool ?? ""])
}

/** The same name for the same things, in whatever order they are told; short enough for an event. */
export const nameAbout = (topic: string, things: Iterable<string>): string => {
  const [first = "", ...rest] = [...new Set(things)].sort()
  if (rest.length === 0) return `${topic} ${first}`
  const all = createHash("sha256")
    .update([first, ...rest].join(" "))
    .digest("hex")
  return `${topic} ${first} and ${rest.length} more ${all.slice(0, 16)}`
}

const poolName = ({ warehouse, sku }: Pool): string => `${warehouse}/${sku}`

/**
 * A subscriber of every topic. It says what it was told, and leaves an event that is committed with the delivery. When
 * stock changed it fills what waits for it, under a key that
 * follows from the job's id.
 *
 * @param say prints a line before anything else happens
 */
export const subscribers = (say: (line: HostLine) => void) =>
  Object.entries(topics).map(([name, topic]) =>
    onMessage(
      topic as unknown as Topic<unknown>,
      (body, { id, messageId }) =>
        Effect.gen(function* () {
          say({ type: "delivered", message: messageId })
          const { pools = [] } = body as { readonly pools?: ReadonlyArray<Pool> }
          for (const [n, { warehouse, sku }] of pools.entries()) {
            const key = `${id}/${n}`
            const answer = yield* fillBackorders({ key, warehouse, sku })
            say({ type: "answered", key, command: "fillBackorders", answer, millis: 0 })
          }
          return [
            insert(AuditLog, {
              id: yield* nextId(AuditEventId),
              at: yield* now,
              actor: WORKER,
              action: HEARD,
              object: { kind: "message", id: nameOfMessage(name, body) },
              outcome: "done",
              correlation: messageId,
            }),
          ]
        }),
      // Short leases: the jobs of a host that died are taken over while the next ones live.
      { leaseMillis: 1500, retrySchedule: Schedule.spaced("100 millis"), maxAttempts: 50 },
    ),
  ) satisfies ReadonlyArray<JobHandler<unknown>>
