import { type Law, lawsOver, type Witness } from "../laws/Law.ts"
import { MAX_ATTEMPTS, RETRY } from "./JobHistory.ts"
import type { LivedJobs, Run } from "./JobTrace.ts"

const declare = lawsOver<LivedJobs, { readonly before: unknown; readonly after: unknown }>(() => [])

const law = (
  id: string,
  sentence: string,
  situations: ReadonlyArray<string>,
  atEnd: (life: LivedJobs, see: Witness) => void,
): Law<LivedJobs> => declare(id, sentence, situations, { atEnd })

/** The runs of each job in the order of their leases. */
const runsByJob = ({ runs }: LivedJobs): ReadonlyMap<string, ReadonlyArray<Run>> =>
  Map.groupBy(
    runs.toSorted((a, b) => a.token - b.token || a.from - b.from),
    ({ job }) => job,
  )

/** Each run with the next one of its job. */
const successive = (life: LivedJobs): ReadonlyArray<readonly [Run, Run | undefined]> =>
  [...runsByJob(life).values()].flatMap((runs) =>
    runs.map((run, place) => [run, runs[place + 1]] as const),
  )

/** Whether the worker of a run could not reach the store, or stood still, up to a place in the history. */
const isTroubled = ({ stalls }: LivedJobs, { life, isLate, from }: Run, until: number): boolean =>
  isLate || life.troubles.length > 0 || stalls.some((place) => place > from && place < until)

const isAlive = ({ life }: Run): boolean => life.state !== "crashed"

const deadIds = ({ books }: LivedJobs): ReadonlySet<string> =>
  new Set(books.flatMap(({ dead }) => dead.map(({ id }) => id)))

/** What is promised of jobs and messages. */
export const everyJobLaw: ReadonlyArray<Law<LivedJobs>> = [
  law(
    "J1",
    "a job is done, or is dead and listed; none is lost and none is left",
    ["done", "dead", "after a crash"],
    (life, see) => {
      const left = life.books.flatMap(({ jobs }) => jobs)
      const dead = deadIds(life)
      const done = new Set(life.effects.map(({ job }) => job))
      for (const { job } of life.wanted) {
        see.require(done.has(job) !== dead.has(job), () =>
          done.has(job) ? `${job} is done and dead` : `${job} is neither done nor dead`,
        )
        see.met("done", done.has(job))
        see.met("dead", dead.has(job))
        see.met(
          "after a crash",
          done.has(job) && life.runs.some((run) => run.job === job && run.end === "crashed"),
        )
      }
      for (const { id, state } of left)
        see.require(dead.has(id) && state._tag === "Dead", () => `${id} is left, ${state._tag}`)
      see.require(life.death === undefined, () => `a worker died: ${life.death}`)
    },
  ),
  law(
    "J2",
    "what a job's handler wants to be true becomes true once, however often it is tried",
    ["tried several times", "succeeded twice"],
    (life, see) => {
      const dead = deadIds(life)
      for (const [job, runs] of runsByJob(life)) {
        const effects = life.effects.filter((effect) => effect.job === job).length
        see.require(effects === (dead.has(job) ? 0 : 1), () => `${job} has ${effects} effects`)
        see.met("tried several times", runs.length > 1)
        see.met("succeeded twice", runs.filter(({ end }) => end === "succeeded").length > 1)
      }
    },
  ),
  law(
    "J3",
    "no job is tried more often than its queue allows, and a dead one has used all of it",
    ["the last attempt"],
    (life, see) => {
      for (const { job, attempts } of life.runs) {
        see.require(
          attempts >= 1 && attempts <= MAX_ATTEMPTS,
          () => `${job} was tried as number ${attempts}`,
        )
        see.met("the last attempt", attempts === MAX_ATTEMPTS)
      }
      for (const { dead } of life.books)
        for (const { id, attempts } of dead)
          see.require(attempts === MAX_ATTEMPTS, () => `${id} is dead after ${attempts} attempts`)
    },
  ),
  law(
    "J4",
    "of a worker and the one that took its job over, only the last can commit; tokens grow",
    ["taken over", "too late with its success"],
    (life, see) => {
      const effects = new Map(life.effects.map(({ job, token }) => [job, token]))
      for (const [run, next] of successive(life)) {
        see.require(next === undefined || next.token > run.token, () => `${run.job}: tokens stand`)
        see.require(
          next === undefined || effects.get(run.job) !== run.token,
          () => `${run.job}: token ${run.token} committed, ${next?.token} was given`,
        )
        see.met("taken over", next !== undefined && (run.end === undefined || next.from < run.to))
        see.met(
          "too late with its success",
          next !== undefined && run.end === "succeeded" && !run.overreaches && isAlive(run),
        )
      }
    },
  ),
  law(
    "J5",
    "while its worker keeps the lease, nobody else works on a job, however long it takes",
    ["longer than a lease"],
    (life, see) => {
      for (const [run, next] of successive(life)) {
        see.met(
          "longer than a lease",
          run.endedAt - run.startedAt > 6_000 && run.end === "succeeded",
        )
        if (next === undefined || isTroubled(life, run, next.from)) continue
        see.require(
          run.end !== undefined && run.to < next.from,
          () => `${run.job}: token ${next.token} was given while ${run.token} was at work`,
        )
      }
    },
  ),
  law("J6", "no job is taken before it is due", ["put off"], (life, see) => {
    const runs = runsByJob(life)
    for (const { job, dueAt } of life.wanted) {
      const first = runs.get(job)?.[0]
      see.met("put off", first !== undefined && first.startedAt === dueAt)
      see.require(
        first === undefined || first.startedAt >= dueAt,
        () => `${job} was taken ${dueAt - (first?.startedAt ?? 0)} ms early`,
      )
    }
  }),
  law(
    "J7",
    "a job is done in its own partition, and no partition sees another's",
    ["both at work"],
    (life, see) => {
      const who = new Map(life.wanted.map((each) => [each.job, each.who]))
      for (const run of life.runs)
        see.require(
          run.who === who.get(run.job) && run.told === run.who,
          () => `${run.job} of ${who.get(run.job)} ran in ${run.who}, told ${run.told}`,
        )
      for (const effect of life.effects)
        see.require(
          effect.who === who.get(effect.job),
          () => `${effect.job} had its effect in ${effect.who}`,
        )
      see.met("both at work", new Set(life.runs.map((run) => run.who)).size === 2)
    },
  ),
  law(
    "J8",
    "a worker that is stopped gives its jobs back at once, uncounted",
    ["given back"],
    (life, see) => {
      for (const [run, next] of successive(life)) {
        if (run.end !== "stopped" || isTroubled(life, run, run.to)) continue
        // Where a token is missing, a worker was gone before it came to run its handler.
        if (next?.token !== run.token + 1) continue
        see.met("given back")
        see.require(
          next.attempts === run.attempts,
          () => `${run.job}: attempt ${run.attempts} was given back, then came ${next.attempts}`,
        )
      }
    },
  ),
  law(
    "J9",
    "a failure counts, and waits for its next try; the last one is the end",
    ["tried again", "died of it"],
    (life, see) => {
      const dead = deadIds(life)
      for (const [run, next] of successive(life)) {
        if (run.end !== "failed" || isTroubled(life, run, run.to + 1)) continue
        // Stopped or crashed between the failure and its record: the lease tells.
        if (!isAlive(run)) continue
        if (run.attempts === MAX_ATTEMPTS) {
          see.met("died of it")
          see.require(next === undefined && dead.has(run.job), () => `${run.job} should be dead`)
          continue
        }
        if (next?.token !== run.token + 1) continue
        see.met("tried again")
        see.require(
          next.attempts === run.attempts + 1 && next.startedAt >= run.endedAt + RETRY,
          () =>
            `${run.job}: attempt ${run.attempts} failed at ${run.endedAt}, then came ${next.attempts} at ${next.startedAt}`,
        )
      }
    },
  ),
  law(
    "J10",
    "a message reaches each of its subscribers on its own, and that is recorded once",
    ["to both", "to one, while the other's is dead"],
    (life, see) => {
      const dead = deadIds(life)
      const recorded = Map.groupBy(
        life.books.flatMap(({ deliveries }) => deliveries),
        ({ id }): string => id,
      )
      const told = life.wanted.filter(({ of }) => of === "topic")
      for (const { job } of told) {
        const times = recorded.get(job)?.length ?? 0
        see.require(times === (dead.has(job) ? 0 : 1), () => `${job} is recorded ${times} times`)
      }
      see.require(recorded.size <= told.length, () => "more is recorded than was told")
      for (let n = 0; n < told.length; n += 2) {
        const lost = told.slice(n, n + 2).filter(({ job }) => dead.has(job)).length
        see.met("to both", lost === 0)
        see.met("to one, while the other's is dead", lost === 1)
      }
    },
  ),
  law(
    "J11",
    "each job that is given up is in the audit log, once, with a tag for its reason",
    ["given up"],
    (life, see) => {
      for (const { dead, events } of life.books) {
        const told = events.filter(({ action }) => action === "giveUpJob")
        see.met("given up", dead.length > 0)
        see.require(told.length === dead.length, () => `${told.length} events for ${dead.length}`)
        for (const { id, state } of dead) {
          const reasons = told.filter(({ object }) => object.id === id).map(({ reason }) => reason)
          see.require(
            state._tag === "Dead" && reasons.length === 1 && reasons[0] === state.reason,
            () => `${id}: ${reasons.join()}`,
          )
        }
      }
    },
  ),
  law(
    "J12",
    "a message that nobody serves stays, and keeps nothing else waiting",
    ["unserved"],
    (life, see) => {
      const kept = life.books.flatMap(({ messages }) => messages.map(({ id }): string => id))
      see.met("unserved", life.muttered.length > 0)
      see.require(
        kept.toSorted().join() === life.muttered.toSorted().join(),
        () => `${kept.length} messages are left of ${life.muttered.length} that nobody serves`,
      )
    },
  ),
]
