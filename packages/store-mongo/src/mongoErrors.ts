import { StoreUnavailable } from "@oto-fulfilment/core"
import * as Schema from "effect/Schema"
import { MongoClientBulkWriteError, MongoError, MongoServerError } from "mongodb"

/**
 * The connection or the server is not one that the store may run on. Nothing was written. `detail` names the option,
 * host or figure at fault, never a value from the connection string.
 */
export class MongoRefused extends Schema.TaggedError<MongoRefused>()("MongoRefused", {
  what: Schema.Literals(["uri", "option", "tls", "topology", "version", "clock"]),
  detail: Schema.String,
}) {
  override get message() {
    return `MongoDB is refused (${this.what}): ${this.detail}`
  }
}

/** The engine would have to wait or to try again: nothing of the batch is written. */
export const isTransient = (error: unknown): boolean =>
  causesOf(error).some(
    (each) =>
      each instanceof MongoError &&
      (each.hasErrorLabel("TransientTransactionError") || codeOf(each) === WRITE_CONFLICT),
  ) || writeErrorOf(error)?.code === WRITE_CONFLICT

/** The answer to a commit is missing: it may have happened. */
export const isUnknownCommit = (error: unknown): boolean =>
  error instanceof MongoError && error.hasErrorLabel("UnknownTransactionCommitResult")

/** The server itself refused the write, and said so: it did not happen. */
export const isRejected = (error: unknown): boolean =>
  error instanceof MongoClientBulkWriteError &&
  error.writeConcernErrors.length === 0 &&
  (error.writeErrors.size > 0 ||
    (error.cause instanceof MongoServerError && !isRetryable(error.cause)))

const isRetryable = (error: MongoError): boolean => error.hasErrorLabel("RetryableWriteError")

/** The first write of an ordered bulk that failed, by its place. */
export const writeErrorOf = (
  error: unknown,
): { readonly at: number; readonly code: number; readonly message: string } | undefined => {
  if (!(error instanceof MongoClientBulkWriteError)) return undefined
  for (const [at, { code, message }] of error.writeErrors) return { at, code, message }
  return undefined
}

/**
 * What went wrong, in words that hold no value: driver and server messages may quote records or the connection
 * string, so only names and codes are taken.
 */
export const reasonOf = (error: unknown): string => {
  const names = causesOf(error).map((each) =>
    [each.name, codeOf(each), each instanceof MongoServerError ? each.codeName : undefined]
      .filter((part) => part !== undefined)
      .join(" "),
  )
  const code = writeErrorOf(error)?.code
  return [...new Set(names), ...(code === undefined ? [] : [`code ${code}`])].join(", ")
}

/** The store did not do `operation`; nothing was written by it. */
export const unavailable = (operation: string, error: unknown): StoreUnavailable =>
  error instanceof StoreUnavailable
    ? error
    : new StoreUnavailable({ operation, reason: reasonOf(error) })

export const DUPLICATE_KEY = 11000
const WRITE_CONFLICT = 112

/** The error and what it wraps: causes, and the errors by host of a failed server selection. */
const causesOf = (error: unknown): ReadonlyArray<Error> => {
  const found: Array<Error> = []
  for (let each = error; each instanceof Error && found.length < 5; ) {
    found.push(each)
    each = each.cause ?? serverErrorOf(each)
  }
  return found
}

const serverErrorOf = (error: Error): unknown => {
  const servers = (error as { readonly reason?: { readonly servers?: unknown } }).reason?.servers
  if (!(servers instanceof Map)) return undefined
  for (const { error: each } of servers.values()) if (each) return each
  return undefined
}

const codeOf = (error: Error): number | string | undefined => {
  const { code } = error as { readonly code?: unknown }
  return typeof code === "number" || typeof code === "string" ? code : undefined
}
