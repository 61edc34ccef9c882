import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { AuditEventId, AuditLog } from "../../audit/index.ts"
import {
  Deliveries,
  type JobAtWork,
  type JobHandler,
  JobQueue,
  Jobs,
  message,
  Outbox,
  offer,
  onJob,
  onMessage,
  topic,
} from "../../integration/index.ts"
import { StockPools } from "../../inventory/index.ts"
import { Ids, nextId, type Timestamp } from "../../kernel/index.ts"
import {
  add,
  CurrentPartition,
  type Entry,
  insert,
  MAX_PAGE,
  openPartition,
  PartitionId,
  readEveryPage,
  Store,
} from "../../store/index.ts"
import { readRecords } from "../laws/readRecords.ts"
import {
  type Behaviour,
  type JobStep,
  LEASE,
  MAX_ATTEMPTS,
  RETRY,
  TIME_LIMIT,
  type Who,
} from "./JobHistory.ts"
import type { Effected, JobBooks, Life, LivedJobs, Run, RunEnd, Wanted } from "./JobTrace.ts"
import type { SteppedClock } from "./SteppedClock.ts"

type StepOf<Kind extends JobStep["kind"]> = Extract<JobStep, { readonly kind: Kind }>

/** Something that a handler fails with. */
class Trouble extends Schema.TaggedError<Trouble>()("Trouble", {}) {}

const SUBSCRIBERS = ["first", "second"] as const
const TRIED = {
  maxAttempts: MAX_ATTEMPTS,
  leaseMillis: LEASE,
  timeLimitMillis: TIME_LIMIT,
  retrySchedule: Schedule.spaced(RETRY),
}
const EFFECT = "doJob"

/** What a history works with: two partitions, a queue and topics of its own, and a record of all that happens. */
export interface JobDesk {
  readonly offer: (step: StepOf<"offer">) => Effect.Effect<void, unknown, Store | Ids>
  readonly tell: (step: StepOf<"tell">) => Effect.Effect<void, unknown, Store | Ids>
  readonly mutter: (step: StepOf<"mutter">) => Effect.Effect<void, unknown, Store | Ids>
  /** The handlers of one worker. */
  readonly handlers: (life: Life) => ReadonlyArray<JobHandler<CurrentPartition | Ids>>
  /** Time passes while nobody gets to do anything; then everybody has done what there was to do. */
  readonly stalled: () => void
  readonly rested: () => void
  readonly note: (line: string) => void
  /** The next place in the history. */
  readonly place: () => number
  /** Whether nothing is left to be done. */
  readonly isDone: Effect.Effect<boolean, unknown, Store>
  readonly close: (death: string | undefined) => Effect.Effect<LivedJobs, unknown, Store>
}

const open = Effect.fnUntraced(function* (
  clock: SteppedClock,
): Effect.fn.Return<JobDesk, never, Ids> {
  const fresh = Effect.flatMap(Ids, (ids) => ids.next)
  const name = `law.${yield* fresh}`
  const partitions = [PartitionId.make(yield* fresh), PartitionId.make(yield* fresh)] as const
  const queue = JobQueue.make(name, {
    payload: Schema.Struct({ who: Schema.Literals([0, 1]) }),
    ...TRIED,
  })
  const told = topic(name, Schema.Struct({ who: Schema.Literals([0, 1]) }))
  const unheard = topic(`un${name}`, Schema.Struct({}))
  const scripts = new Map<string, ReadonlyArray<Behaviour>>()
  const tries = new Map<string, number>()
  const wanted: Array<Wanted> = []
  const muttered: Array<string> = []
  const runs: Array<Run> = []
  const stalls: Array<number> = []
  const log: Array<string> = []
  let isStalled = false
  let places = 0
  const place = () => places++
  const start = clock.now()
  const note = (line: string) => {
    log.push(`  ${`+${clock.now() - start} ms`.padStart(12)}  ${line}`)
  }
  const at = () => clock.now() as Timestamp
  const within =
    (who: Who) =>
    <A, E, R>(effect: Effect.Effect<A, E, R>) =>
      Effect.provideService(effect, CurrentPartition, openPartition(partitions[who]))
  const commit = (who: Who, entries: ReadonlyArray<Entry>) =>
    Effect.flatMap(Store, (store) => store.commit(entries)).pipe(within(who))
  const want = (
    job: string,
    who: Who,
    dueAt: number,
    of: Wanted["of"],
    script: ReadonlyArray<Behaviour>,
  ) => {
    wanted.push({ job, who, dueAt, of })
    scripts.set(job, script)
  }

  const handle = (told: Who, { id, attempts, token, heartbeat }: JobAtWork, life: Life) =>
    Effect.gen(function* () {
      const n = tries.get(id) ?? 0
      tries.set(id, n + 1)
      const behaviour = scripts.get(id)?.[n] ?? "succeed"
      const { id: partition } = yield* CurrentPartition
      const inside = partitions.indexOf(partition)
      const run: Run = {
        job: id,
        who: inside < 0 ? undefined : (inside as Who),
        told,
        attempts,
        token,
        life,
        isLate: isStalled,
        overreaches: behaviour === "overreach",
        startedAt: clock.now(),
        from: place(),
        endedAt: clock.now(),
        to: 0,
        end: undefined,
      }
      runs.push(run)
      note(`${id} attempt ${attempts}, token ${token}: ${behaviour}`)
      const done = insert(AuditLog, {
        id: yield* nextId(AuditEventId),
        at: at(),
        actor: { kind: "system", id: "worker" },
        action: EFFECT,
        object: { kind: "job", id },
        outcome: "done",
        reason: `token-${token}`,
      })
      return yield* behave(behaviour, done, heartbeat).pipe(
        Effect.onExit((exit) =>
          Effect.sync(() => {
            run.endedAt = clock.now()
            run.to = place()
            run.end = endOf(exit, life)
            note(`${id} token ${token} ${run.end}`)
          }),
        ),
      )
    })

  const booksOf = Effect.fnUntraced(function* (
    who: Who,
  ): Effect.fn.Return<JobBooks, unknown, Store> {
    const store = yield* Store
    const { jobs, messages, deliveries, events } = yield* readRecords({
      jobs: Jobs,
      messages: Outbox,
      deliveries: Deliveries,
      events: AuditLog,
    }).pipe(within(who))
    const dead = yield* readEveryPage((after) =>
      store.find(Jobs, "deadOfQueue", { after, limit: MAX_PAGE }),
    ).pipe(within(who))
    return { jobs, messages, deliveries, events, dead: dead.map(({ value }) => value) }
  })
  const leftIn = (who: Who) => readRecords({ jobs: Jobs, messages: Outbox }).pipe(within(who))
  const books = Effect.all([booksOf(0), booksOf(1)])

  return {
    note,
    place,
    stalled: () => {
      stalls.push(place())
      isStalled = true
    },
    rested: () => {
      isStalled = false
    },
    offer: Effect.fnUntraced(function* ({ who, delay, script }) {
      const entry = yield* offer(queue, { who }, { at: at(), delayMillis: delay })
      if (entry.kind !== "insert") throw new TypeError("an offer is an insert")
      want(Jobs.key(entry.value as never), who, at() + delay, "queue", script)
      yield* commit(who, [entry])
    }),
    tell: Effect.fnUntraced(function* ({ who, scripts: each }) {
      const sent = yield* message(told, { who }, at())
      for (const [n, subscriber] of SUBSCRIBERS.entries())
        want(`${name}/${subscriber}:${sent.id}`, who, at(), "topic", each[n] ?? [])
      yield* commit(who, [insert(Outbox, sent)])
    }),
    mutter: Effect.fnUntraced(function* ({ who }) {
      const sent = yield* message(unheard, {}, at())
      muttered.push(sent.id)
      yield* commit(who, [insert(Outbox, sent)])
    }),
    handlers: (life) => [
      onJob(queue, (job) => handle(job.payload.who, job, life)),
      ...SUBSCRIBERS.map((subscriber) =>
        onMessage(told, (body, job) => handle(body.who, job, life), { subscriber, ...TRIED }),
      ),
    ],
    isDone: Effect.map(Effect.all([leftIn(0), leftIn(1)]), (left) =>
      left.every(
        ({ jobs, messages }) =>
          jobs.every(({ state }) => state._tag === "Dead") &&
          messages.every(({ topic }) => topic === unheard.name),
      ),
    ),
    close: (death) =>
      Effect.map(books, (both) => ({
        wanted,
        muttered,
        runs,
        stalls,
        books: both,
        effects: both.flatMap(({ events }, who) =>
          events
            .filter(({ action }) => action === EFFECT)
            .map(
              ({ object, reason = "" }): Effected => ({
                job: object.id,
                token: Number(reason.slice("token-".length)),
                who: who as Who,
              }),
            ),
        ),
        death,
        log,
      })),
  }
})

export const JobDesk = { open }

const behave = (
  behaviour: Behaviour,
  done: Entry,
  heartbeat: JobAtWork["heartbeat"],
): Effect.Effect<ReadonlyArray<Entry>, unknown> => {
  switch (behaviour) {
    case "succeed":
      return Effect.succeed([done])
    case "fail":
      return Effect.fail(new Trouble())
    case "die":
      return Effect.die(new Error("a handler died"))
    case "linger":
      return Effect.as(Effect.sleep(LEASE * 2.5), [done])
    case "ask":
      return Effect.as(heartbeat, [done])
    case "hang":
      return Effect.never
    case "overreach":
      return Effect.succeed([done, add(StockPools, "nowhere", { onHand: -1 }, { onHand: 0 })])
  }
}

const endOf = (exit: Exit.Exit<unknown, unknown>, { state }: Life): RunEnd => {
  if (Exit.isSuccess(exit)) return "succeeded"
  if (!Cause.hasInterruptsOnly(exit.cause)) return "failed"
  if (state === "crashed") return "crashed"
  return state === "stopping" ? "stopped" : "cut"
}
