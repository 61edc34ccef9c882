import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import type { Forbidden, NotFound, StandingRefused } from "../access/index.ts"
import type { IdempotencyConflict } from "../integration/index.ts"
import { illFormedPaths, type StoreUnavailable, type TooLarge } from "../store/index.ts"

/** A field of a command that is not what it must be, by its path, such as `lines[3].quantity`. */
export const FieldIssue = Schema.Struct({ path: Schema.String, message: Schema.String })
export type FieldIssue = typeof FieldIssue.Type

/** A command was not well formed. Nothing changed. The issues name fields, never their values. */
export class InvalidInput extends Schema.TaggedError<InvalidInput>()("InvalidInput", {
  command: Schema.String,
  issues: Schema.Array(FieldIssue),
}) {
  override get message() {
    const issues = this.issues.map(({ path, message }) => `${path || "input"}: ${message}`)
    return `${this.command}: ${issues.join("; ")}`
  }
}

/** Other work on the same records kept winning. Nothing changed; send the command again. */
export class Busy extends Schema.TaggedError<Busy>()("Busy", {
  command: Schema.String,
  tries: Schema.Int,
}) {
  override get message() {
    return `${this.command} lost ${this.tries} races in a row; send it again`
  }
}

/** What every command may fail with, beside what it decides itself. */
export type CommandError =
  | InvalidInput
  | Forbidden
  | NotFound
  | StandingRefused
  | IdempotencyConflict
  | Busy
  | TooLarge
  | StoreUnavailable

/** What every query may fail with. */
export type QueryError = InvalidInput | Forbidden | StoreUnavailable

const toIssues = SchemaIssue.makeFormatterStandardSchemaV1()

/** The issues of a failed decoding, by field path. */
export const invalidInput = (command: string, error: Schema.SchemaError): InvalidInput =>
  new InvalidInput({
    command,
    issues: toIssues(error.issue).issues.map(({ path, message }) => ({
      path: pathOf(path ?? []),
      message,
    })),
  })

/** The refusal of input that holds text which no store can keep; undefined where there is none. */
export const illFormedInput = (command: string, input: unknown): InvalidInput | undefined => {
  const paths = illFormedPaths(input)
  if (paths.length === 0) return undefined
  const message = "not well-formed Unicode: half of a surrogate pair"
  return new InvalidInput({ command, issues: paths.map((path) => ({ path, message })) })
}

/** One issue with one field, found by more than its schema. */
export const invalidField = (command: string, path: string, message: string): InvalidInput =>
  new InvalidInput({ command, issues: [{ path, message }] })

const pathOf = (path: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }>): string =>
  path
    .map((part) => (typeof part === "object" ? part.key : part))
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./u, "")
