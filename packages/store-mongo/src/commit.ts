import { setTimeout as wait } from "node:timers/promises"
import {
  type CommitRefused,
  Conflict,
  type PartitionId,
  type RawEntry,
  StoreUnavailable,
} from "@oto-fulfilment/core"
import {
  type ClientBulkWriteResult,
  type ClientSession,
  type Db,
  type MongoClient,
  MongoClientBulkWriteError,
  MongoError,
} from "mongodb"
import { type Fence, hasSlot, shutSlots } from "./fence.ts"
import { keyOf, type StoredDocument } from "./layout.ts"
import {
  DUPLICATE_KEY,
  failedWrite,
  isCutOff,
  isRejected,
  isTransient,
  isUnknownCommit,
  reasonOf,
} from "./mongoErrors.ts"
import {
  firstMissed,
  mendingSteps,
  type Shut,
  type Step,
  type StepOptions,
  stepsOf,
} from "./steps.ts"
import type { AnyDocument, WriteModel } from "./WriteModel.ts"

/** Where batches go. */
export interface CommitTarget extends StepOptions {
  readonly client: MongoClient
  readonly db: Db
  /** How long a batch may be tried, in milliseconds of the host's own clock. */
  readonly timeLimitMillis: number
}

/** Tries of one batch, before the store says that it is not available. */
const MAX_TRIES = 200
/** Tries that wait for a shut fence, before it is mended. */
const PATIENCE = 6

const FIRST_PAUSE_MILLIS = 4
const LONGEST_PAUSE_MILLIS = 200

let passed = Math.floor(Math.random() * 1_000_000)

/** What became of one try. */
type Outcome =
  | { readonly _tag: "Committed" }
  | CommitRefused
  | Shut
  | { readonly _tag: "Again"; readonly why: string }

/** A batch on its way. */
interface Work {
  readonly target: CommitTarget
  readonly partition: PartitionId
  readonly entries: ReadonlyArray<RawEntry>
  readonly deadline: number
  readonly signal: AbortSignal
  /** The fences that it has shut and has to open. */
  shut: ReadonlyArray<Fence>
}

/**
 * Commits a batch: all entries or none. A batch of one write is that write; every other is one transaction of two
 * commands, all writes and the commit. What the engine cannot do now is tried again after a growing, random pause.
 *
 * Plain promises and the host's own clock: a test that stands still in virtual time must not stop a retry.
 *
 * @param signal ends it between two commands; the transaction is aborted before the promise settles
 * @returns why the batch was refused, or undefined when it is committed
 */
export const commitBatch = async (
  target: CommitTarget,
  partition: PartitionId,
  entries: ReadonlyArray<RawEntry>,
  signal: AbortSignal,
): Promise<CommitRefused | undefined> => {
  const deadline = performance.now() + target.timeLimitMillis
  const work: Work = { target, partition, entries, deadline, signal, shut: [] }
  try {
    for (let tries = 1; ; tries++) {
      const outcome = await tryOnce(work, tries)
      if (outcome._tag === "Committed") return undefined
      if (outcome._tag !== "Again") return outcome
      if (tries >= MAX_TRIES || performance.now() >= deadline) throw notWritten(outcome.why)
      const longest = Math.min(FIRST_PAUSE_MILLIS * 2 ** tries, LONGEST_PAUSE_MILLIS)
      await wait(Math.random() * longest, undefined, { signal })
    }
  } finally {
    // Whoever shut a fence and did not get through opens it. If this fails, a check mends it.
    for (const fence of work.shut) await shutSlots(target.db, fence, false).catch(() => {})
  }
}

const tryOnce = async (work: Work, tries: number): Promise<Exclude<Outcome, Shut>> => {
  const slot = passed++
  const steps = stepsOf(work.partition, work.entries, work.target, slot)
  const outcome = await attempt(work, steps)
  switch (outcome._tag) {
    case "Committed":
      work.shut = []
      return outcome
    case "Again":
      work.shut = changedFences(steps)
      for (const fence of work.shut) await shutSlots(work.target.db, fence, true)
      return outcome
    case "Shut":
      return meetShutFence(work, outcome, slot, tries)
    default:
      return outcome
  }
}

/** A fence that is shut for a change that is about to come is waited for, unless the change has come. */
const meetShutFence = async (
  work: Work,
  shut: Shut,
  slot: number,
  tries: number,
): Promise<Exclude<Outcome, Shut>> => {
  const { db } = work.target
  const { collection, id } = shut.fence
  if (await hasMoved(db, shut)) return new Conflict({ collection, id })
  if (tries >= PATIENCE || !(await hasSlot(db, shut.fence, slot)))
    await attempt(work, mendingSteps(shut))
  return { _tag: "Again", why: "a fence stays shut" }
}

const attempt = (work: Work, steps: ReadonlyArray<Step>): Promise<Outcome> => {
  work.signal.throwIfAborted()
  const [first, ...more] = steps
  return first !== undefined && more.length === 0
    ? writeAlone(work.target, [first])
    : writeTogether(work, steps)
}

/** One write: atomic by itself, sent again by the driver under its own number if the answer is lost. */
const writeAlone = async (target: CommitTarget, steps: readonly [Step]): Promise<Outcome> => {
  try {
    const matched = await writeOne(target.db, steps[0].write)
    return firstMissed(steps, () => matched) ?? COMMITTED
  } catch (error) {
    const outcome = outcomeOf(steps, error)
    if (outcome !== undefined) return outcome
    if (!(error instanceof MongoError)) throw error
    throw isRejected(error) ? notWritten(reasonOf(error)) : unknown(error)
  }
}

const writeTogether = async (
  { target, deadline, signal }: Work,
  steps: ReadonlyArray<Step>,
): Promise<Outcome> => {
  // Every condition is one of a write, so the transaction needs no time of another one's to read at.
  const session = target.client.startSession({ causalConsistency: false })
  try {
    session.startTransaction({
      writeConcern: { w: "majority", journal: true },
      maxCommitTimeMS: target.timeLimitMillis,
    })
    const missed = firstMissed(steps, matchedIn(await writeAll(target, steps, session)))
    if (missed !== undefined) return missed
    signal.throwIfAborted()
    return await commitTransaction(session, deadline)
  } catch (error) {
    // What is known already, an interruption, or a defect.
    if (!(error instanceof MongoError) || signal.aborted) throw error
    const outcome = outcomeOf(steps, error)
    if (outcome !== undefined) return outcome
    // Its commit was not sent.
    if (isCutOff(error)) return again(error)
    throw notWritten(reasonOf(error))
  } finally {
    // Aborts what was not committed.
    await session.endSession().catch(() => {})
  }
}

const commitTransaction = async (session: ClientSession, deadline: number): Promise<Outcome> => {
  for (;;) {
    try {
      await session.commitTransaction()
      return COMMITTED
    } catch (error) {
      if (isUnknownCommit(error) && performance.now() < deadline) await wait(FIRST_PAUSE_MILLIS)
      else if (isTransient(error) && !isUnknownCommit(error)) return again(error)
      else throw unknown(error)
    }
  }
}

/** How many records the write found. */
const writeOne = async (db: Db, write: WriteModel): Promise<number> => {
  const collection = db.collection<AnyDocument>(write.namespace)
  switch (write.name) {
    case "insertOne":
      await collection.insertOne(write.document)
      return 1
    case "replaceOne":
      return (await collection.replaceOne(write.filter, write.replacement)).matchedCount
    case "deleteOne":
      return (await collection.deleteOne(write.filter)).deletedCount
    case "updateOne":
      return (await collection.updateOne(write.filter, write.update)).matchedCount
    default:
      throw new TypeError(`${write.name} is no single write`)
  }
}

const writeAll = (
  { client, db }: CommitTarget,
  steps: ReadonlyArray<Step>,
  session: ClientSession,
): Promise<ClientBulkWriteResult> =>
  client.bulkWrite<Record<string, AnyDocument>>(
    steps.map(
      (step): WriteModel => ({
        ...step.write,
        namespace: `${db.databaseName}.${step.write.namespace}`,
      }),
    ),
    { ordered: true, verboseResults: true, session },
  )

const matchedIn = (results: ClientBulkWriteResult | undefined) => (at: number) =>
  results?.updateResults?.get(at)?.matchedCount ?? results?.deleteResults?.get(at)?.deletedCount

/** What a failed write means for the batch; undefined when it means nothing but failure. */
const outcomeOf = (steps: ReadonlyArray<Step>, error: unknown): Outcome | undefined => {
  if (isTransient(error)) return again(error)
  const failed = failedWrite(error)
  const done = error instanceof MongoClientBulkWriteError ? error.partialResult : undefined
  return failed?.code === DUPLICATE_KEY ? firstMissed(steps, matchedIn(done), failed) : undefined
}

const changedFences = (steps: ReadonlyArray<Step>): ReadonlyArray<Fence> =>
  steps.flatMap(({ fence, entry }) =>
    fence === undefined || entry.kind === "check" || entry.kind === "insert" ? [] : [fence],
  )

/** Whether the record itself is no longer as the check wants it, so that waiting is in vain. */
const hasMoved = async (db: Db, { fence, version }: Shut): Promise<boolean> => {
  const filter = { _id: keyOf(fence.partition, fence.id), p: fence.partition, v: version }
  return (await db.collection<StoredDocument>(fence.collection).findOne(filter)) === null
}

const again = (error: unknown): Outcome => ({ _tag: "Again", why: reasonOf(error) })

const COMMITTED: Outcome = { _tag: "Committed" }

const notWritten = (why: string): StoreUnavailable =>
  new StoreUnavailable({ operation: "commit", reason: `${why}; nothing was written` })

const unknown = (error: unknown): StoreUnavailable =>
  new StoreUnavailable({
    operation: "commit",
    reason: `${reasonOf(error)}; the outcome is unknown`,
  })
