import { setTimeout as wait } from "node:timers/promises"
import {
  type ClientSession,
  type MongoClient,
  MongoClientBulkWriteError,
  MongoError,
} from "mongodb"
import type { Bulk, RawDocument } from "./MongoBench.ts"

type Writes = Parameters<MongoClient["bulkWrite"]>[0]

/** A copy of a value in which the given texts are others, also behind the partition in an `_id`. */
export const renamed = <A>(value: A, names: ReadonlyMap<string, string>): A => {
  const rename = (each: unknown): unknown => {
    if (typeof each === "string") {
      const slash = each.indexOf("/")
      const behind = names.get(each.slice(slash + 1))
      return names.get(each) ?? (behind === undefined ? each : each.slice(0, slash + 1) + behind)
    }
    if (Array.isArray(each)) return each.map(rename)
    if (typeof each !== "object" || each === null || each instanceof Date) return each
    return Object.fromEntries(Object.entries(each).map(([name, part]) => [name, rename(part)]))
  }
  return rename(value) as A
}

/** The documents that bulks insert, by namespace. */
export const insertsOf = (
  bulks: ReadonlyArray<Bulk>,
): ReadonlyArray<{ readonly namespace: string; readonly document: RawDocument }> =>
  bulks.flatMap(({ ops, nsInfo }) =>
    ops.flatMap((op) =>
      "insert" in op ? [{ namespace: nsInfo[op.insert]?.ns ?? "", document: op.document }] : [],
    ),
  )

/** A bulk as the raw driver takes it. */
export const writesOf = ({ ops, nsInfo }: Bulk): Writes =>
  ops.map((op) =>
    "insert" in op
      ? {
          name: "insertOne" as const,
          namespace: nsInfo[op.insert]?.ns ?? "",
          document: op.document,
        }
      : {
          name: "updateOne" as const,
          namespace: nsInfo[op.update]?.ns ?? "",
          filter: op.filter,
          update: op.updateMods,
        },
  ) as unknown as Writes

/**
 * Writes in one transaction of two commands, tried again on a conflict after the pauses that the driver's own
 * `withTransaction` makes. That one does not see a conflict which a server reports of one write of a bulk.
 *
 * @param guarded how many documents the guarded updates must find
 */
export const writeTogether = (
  client: MongoClient,
  writes: Writes,
  guarded: number,
): Promise<void> =>
  client.withSession({ causalConsistency: false }, async (session) => {
    for (let tries = 0; !(await hasWritten(client, session, writes, guarded)); tries++)
      await wait(Math.random() * Math.min(5 * 1.5 ** tries, 500))
  })

const hasWritten = async (
  client: MongoClient,
  session: ClientSession,
  writes: Writes,
  guarded: number,
): Promise<boolean> => {
  session.startTransaction()
  try {
    const { matchedCount } = await client.bulkWrite(writes, { ordered: true, session })
    if (matchedCount !== guarded) throw new Error("a guard did not hold")
    await session.commitTransaction()
    return true
  } catch (error) {
    if (session.inTransaction()) await session.abortTransaction()
    if (isConflict(error)) return false
    throw error
  }
}

const WRITE_CONFLICT = 112

const isConflict = (error: unknown): boolean =>
  error instanceof MongoError &&
  (error.hasErrorLabel("TransientTransactionError") ||
    error.code === WRITE_CONFLICT ||
    (error instanceof MongoClientBulkWriteError &&
      [...error.writeErrors.values()].some(({ code }) => code === WRITE_CONFLICT)))

/** Does all of the work, so many at a time. */
export const byCallers = async <A>(
  callers: number,
  work: ReadonlyArray<A>,
  each: (item: A) => Promise<unknown>,
): Promise<void> => {
  let next = 0
  const caller = async () => {
    for (let at = next++; at < work.length; at = next++) await each(work[at] as A)
  }
  await Promise.all(Array.from({ length: callers }, caller))
}
