import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** Why a call to AWS failed: the error's name, never its message, which may quote what was sent. */
export class AwsFailure extends Data.TaggedError("AwsFailure")<{
  readonly reason: string
  readonly retryable: boolean
}> {}

/** Errors of the service that pass: the SDK has tried three times already (security.md 2). */
const PASSING = new Set([
  "DependencyTimeoutException",
  "InternalFailure",
  "InternalServiceError",
  "KMSInternalException",
  "KeyUnavailableException",
  "RequestLimitExceeded",
  "RequestThrottledException",
  "ServiceUnavailable",
  "ServiceUnavailableException",
  "Throttling",
  "ThrottlingException",
  "TimeoutError",
  "TooManyRequestsException",
])

/** Failures of the network that pass. Those of TLS are not among them: somebody has to do something. */
const PASSING_CODES = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
])

/**
 * One call with its retries. It ends within the time limit, by this machine's own timer whatever clock the program runs
 * on, and an interruption ends it at once: the request is aborted and no further attempt is made.
 */
export const callAws = <A>(
  send: (abortSignal: AbortSignal) => Promise<A>,
  timeLimitMillis: number,
): Effect.Effect<A, AwsFailure> =>
  Effect.callback((resume) => {
    const controller = new AbortController()
    const timer = setTimeout(() => {
      controller.abort()
      resume(
        Effect.fail(
          new AwsFailure({ reason: `no answer in ${timeLimitMillis} ms`, retryable: true }),
        ),
      )
    }, timeLimitMillis)
    send(controller.signal).then(
      (answer) => {
        clearTimeout(timer)
        resume(Effect.succeed(answer))
      },
      (error: unknown) => {
        clearTimeout(timer)
        resume(Effect.fail(failureOf(error)))
      },
    )
    return Effect.sync(() => {
      clearTimeout(timer)
      controller.abort()
    })
  })

const failureOf = (error: unknown): AwsFailure => {
  const { name, code, $metadata } = error as {
    readonly name?: unknown
    readonly code?: unknown
    readonly $metadata?: { readonly httpStatusCode?: number }
  }
  // What came back was not an answer of the service: half of one, or a page of something in between.
  if (error instanceof SyntaxError)
    return new AwsFailure({ reason: "an unreadable answer", retryable: true })
  const reason = [code, name].find((word) => typeof word === "string" && NAME.test(word))
  const retryable =
    PASSING.has(String(name)) ||
    PASSING_CODES.has(String(code)) ||
    ($metadata?.httpStatusCode ?? 0) >= 500
  return new AwsFailure({ reason: String(reason ?? "an unknown error"), retryable })
}

const NAME = /^\w{1,64}$/u
