import { StoreUnavailable } from "@oto-fulfilment/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import {
  MongoClientBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoServerError,
  MongoWriteConcernError,
} from "mongodb"

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
  failedWrite(error)?.code === WRITE_CONFLICT ||
  causesOf(error).some(
    (each) => each instanceof MongoError && each.hasErrorLabel("TransientTransactionError"),
  )

/** The answer to a commit is missing: it may have happened. */
export const isUnknownCommit = (error: unknown): boolean =>
  error instanceof MongoError &&
  (error.hasErrorLabel("UnknownTransactionCommitResult") || isCutOff(error))

/**
 * The connection broke before the answer came. Where several break at once, as in an election, the driver labels the
 * error of the first one only, and tries none of the others again.
 */
export const isCutOff = (error: unknown): boolean =>
  causesOf(error).some((each) => each instanceof MongoNetworkError)

/** The server refused a write, and said so: it did not happen. */
export const isRejected = (error: unknown): boolean => {
  const [outer, inner = outer] = causesOf(error)
  return (
    inner instanceof MongoServerError &&
    !(inner instanceof MongoWriteConcernError) &&
    !inner.hasErrorLabel("RetryableWriteError")
  )
}

/** The write that the server refused: its place in an ordered bulk, 0 for a single one. */
export const failedWrite = (
  error: unknown,
): { readonly at: number; readonly code: number; readonly message: string } | undefined => {
  if (error instanceof MongoClientBulkWriteError) {
    for (const [at, { code, message }] of error.writeErrors) return { at, code, message }
    // Said of the bulk as a whole: no place in it.
    const whole = error.cause instanceof Error ? failedWrite(error.cause) : undefined
    return whole && { ...whole, at: Number.NaN }
  }
  return error instanceof MongoServerError && typeof error.code === "number"
    ? { at: 0, code: error.code, message: error.message }
    : undefined
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
  const code = error instanceof MongoClientBulkWriteError ? failedWrite(error)?.code : undefined
  return [...new Set(names), ...(code === undefined ? [] : [`code ${code}`])].join(", ")
}

/** What the driver's promise becomes: its errors mean that the store is not available, all others are defects. */
export const fromDriver = <A>(
  operation: string,
  run: (signal: AbortSignal) => Promise<A>,
): Effect.Effect<A, StoreUnavailable> =>
  Effect.callback((resume, signal) => {
    run(signal).then(
      (value) => resume(Effect.succeed(value)),
      (error: unknown) => resume(failure(operation, error)),
    )
  })

/** A failed promise of the driver's as an effect. */
export const failure = (
  operation: string,
  error: unknown,
): Effect.Effect<never, StoreUnavailable> => {
  if (error instanceof StoreUnavailable) return Effect.fail(error)
  return error instanceof MongoError
    ? Effect.fail(new StoreUnavailable({ operation, reason: reasonOf(error) }))
    : Effect.die(error)
}

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
