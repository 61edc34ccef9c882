import { plusMillis, type Timestamp } from "../kernel/index.ts"
import type { Job } from "./Job.ts"

/** On what terms a worker takes a job. */
export interface LeaseTerms {
  /** Names this taking of the job among all, by any worker. */
  readonly holder: string
  readonly leaseMillis: number
  readonly maxAttempts: number
}

/** Why a job is dead whose last worker neither finished it nor gave it back. */
const LEASE_LAPSED = "LeaseLapsed"

/** A job that waits to be taken from `at` on. */
export const waitingJob = (job: Job, at: Timestamp): Job => ({
  ...withoutDates(job),
  state: { _tag: "Waiting", at },
  dueAt: at,
})

/**
 * The job as a worker takes it at `at`: leased, and one attempt counted, so that a job which kills its worker comes to
 * its end, too. Dead, when its attempts were used up by workers that vanished. Undefined, when it is not to be taken.
 */
export const takenJob = (job: Job, at: Timestamp, terms: LeaseTerms): Job | undefined => {
  if (job.dueAt === undefined || job.dueAt > at) return undefined
  if (job.attempts >= terms.maxAttempts) return deadJob(job, at, LEASE_LAPSED)
  const until = plusMillis(at, terms.leaseMillis)
  return {
    ...job,
    state: { _tag: "Leased", until, holder: terms.holder },
    attempts: job.attempts + 1,
    token: job.token + 1,
    dueAt: until,
  }
}

/** The job with its lease prolonged from `at` on. */
export const extendedJob = (job: Job, at: Timestamp, { holder, leaseMillis }: LeaseTerms): Job => {
  const until = plusMillis(at, leaseMillis)
  return { ...job, state: { _tag: "Leased", until, holder }, dueAt: until }
}

/** The job as a worker that must stop gives it back: to be taken at once, the attempt not counted. */
export const givenBackJob = (job: Job, at: Timestamp): Job => ({
  ...waitingJob(job, at),
  attempts: job.attempts - 1,
})

/** The job that is given up. */
export const deadJob = (job: Job, at: Timestamp, reason: string): Job => ({
  ...withoutDates(job),
  state: { _tag: "Dead", at, reason },
  deadAt: at,
})

/** The dead job as new: it has all its attempts again, and its tokens grow on. */
export const revivedJob = (job: Job, at: Timestamp): Job => ({
  ...waitingJob(job, at),
  attempts: 0,
})

const withoutDates = ({ dueAt: _, deadAt: __, ...job }: Job): Job => job
