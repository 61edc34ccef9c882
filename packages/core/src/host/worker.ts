import * as Effect from "effect/Effect"
import { CurrentActor } from "../access/index.ts"
import {
  ErasureRecorded,
  type JobHandler,
  onMessage,
  type WorkOptions,
  work,
} from "../integration/index.ts"
import type { Ids } from "../kernel/index.ts"
import { ErasureLedger, type PurgeRegistry } from "../privacy/index.ts"
import type { CurrentPartition, Store } from "../store/index.ts"
import { purgeErased } from "./registerPlaces.ts"

const WORKER = { ref: { kind: "system", id: "worker" }, roles: ["system"] } as const

/**
 * Works for ever on what is queued: delivers messages of the outbox to their subscribers and does the jobs of queues,
 * in every partition. Fork it beside the host's work, in as many processes as there is work for. Each job and message
 * is done at least once, and what its handler returns is recorded once.
 *
 * What was erased goes to the erasure ledger, and out of every registered place, by itself.
 *
 * Handlers run in the partition of the job, as the system: they may call the operations that the policy allows to the
 * role `system`. Interrupting the worker gives its jobs back at once.
 *
 * @param handlers made by `onJob` and `onMessage`, at most one for each queue and subscriber
 * @param options.concurrency jobs at once; 8 when left out
 * @param options.pollMillis how long it rests when there is nothing to do, in milliseconds; 1,000 when left out
 * @param options.unwanted topics whose messages nobody wants: they leave the outbox undelivered
 */
export const worker = <R = never>(
  handlers: ReadonlyArray<JobHandler<R>>,
  options: WorkOptions = {},
): Effect.Effect<
  never,
  never,
  Exclude<R, CurrentPartition | CurrentActor> | Store | Ids | ErasureLedger | PurgeRegistry
> =>
  work<R | ErasureLedger | PurgeRegistry | CurrentPartition>(
    [...handlers, toLedger, purgeErased],
    options,
  ).pipe(Effect.provideService(CurrentActor, WORKER)) as Effect.Effect<
    never,
    never,
    Exclude<R, CurrentPartition | CurrentActor> | Store | Ids | ErasureLedger | PurgeRegistry
  >

/** Brings to the erasure ledger what a host that stopped right after an erasure had no time to (I9). */
const toLedger = onMessage(
  ErasureRecorded,
  ({ erasures }) =>
    Effect.as(
      ErasureLedger.use((ledger) => ledger.append(erasures)),
      [],
    ),
  { subscriber: "ledger" },
)
