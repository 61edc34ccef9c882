import { inspect } from "node:util"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import type { Haystack } from "./findCanaries.ts"

/**
 * A value in every way in which it may come to be written down: as text and bytes as they are, else by `String`, as
 * JSON, by `inspect` with all that is hidden in it; of an error its message, stack and causes, of an `Exit` or `Cause`
 * what Effect prints of it. Redacted values stay redacted.
 *
 * @param place what findings call it: `error of fetchBuyer`, `label.pdf`
 * @param value an error, an exit, bytes, or anything else
 */
export const haystacksOf = (place: string, value: unknown): ReadonlyArray<Haystack> => {
  if (typeof value === "string" || value instanceof Uint8Array) return [{ place, content: value }]
  const texts = new Set(writtenForms(value, new Set()))
  return [...texts].map((content) => ({ place, content }))
}

const writtenForms = (value: unknown, seen: Set<unknown>): ReadonlyArray<string> => {
  if (seen.has(value)) return []
  seen.add(value)
  return [
    String(value),
    asJson(value),
    inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null }),
    ...(value instanceof Error
      ? [value.name, value.message, value.stack ?? "", ...writtenForms(value.cause, seen)]
      : []),
    ...(Exit.isExit(value) && Exit.isFailure(value) ? writtenForms(value.cause, seen) : []),
    ...(Cause.isCause(value)
      ? [
          Cause.pretty(value),
          ...value.reasons.flatMap((reason) =>
            reason._tag === "Fail"
              ? writtenForms(reason.error, seen)
              : reason._tag === "Die"
                ? writtenForms(reason.defect, seen)
                : [],
          ),
        ]
      : []),
  ]
}

const asJson = (value: unknown): string => {
  try {
    return (
      JSON.stringify(value, (_, each) => (typeof each === "bigint" ? String(each) : each)) ?? ""
    )
  } catch {
    // It goes round in a circle; `inspect` shows it all the same.
    return ""
  }
}
