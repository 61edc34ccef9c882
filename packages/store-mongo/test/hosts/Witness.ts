import { canonical } from "@oto-fulfilment/core"
import type { HostLine } from "./HostJob.ts"

/** What the callers of all hosts were told, over any number of lives of the hosts. */
export interface Witness {
  /** The answers that were acknowledged, by key. */
  readonly answers: Map<string, Answered>
  /** The scene that each lane began last. */
  readonly reached: Map<number, number>
  /** How often each message was handed to a subscriber. */
  readonly delivered: Map<string, number>
  readonly counts: {
    /** Answers, repeats of one key included. */
    answered: number
    refused: number
    /** Answers that were the same as an earlier one under their key. */
    repeated: number
    /** Batches that were run again, since the server knew nothing of their transaction when it was to be committed. */
    forgotten: number
    /** Calls that ended without an answer, and were made again. */
    again: number
    /** The longest call, in milliseconds. */
    longestMillis: number
  }
  /** What should not have been told. */
  readonly findings: Array<string>
}

export interface Answered {
  readonly command: string
  readonly answer: unknown
}

export const newWitness = (): Witness => ({
  answers: new Map(),
  reached: new Map(),
  delivered: new Map(),
  counts: { answered: 0, refused: 0, repeated: 0, forgotten: 0, again: 0, longestMillis: 0 },
  findings: [],
})

/** Notes a line of a host. */
export const hear = (witness: Witness, line: HostLine): void => {
  const { counts, delivered, findings, reached } = witness
  if ("millis" in line) counts.longestMillis = Math.max(counts.longestMillis, line.millis)
  switch (line.type) {
    case "begun":
      reached.set(line.lane, line.scene)
      break
    case "answered":
      hearAnswer(witness, line)
      break
    case "refused":
      hearRefusal(witness, line)
      break
    case "again":
      counts.again += 1
      break
    case "delivered":
      delivered.set(line.message, (delivered.get(line.message) ?? 0) + 1)
      break
    case "forgotten":
      counts.forgotten += 1
      break
    case "broken":
      findings.push(`a host broke: ${line.why}`)
      break
  }
}

type Heard<Type extends HostLine["type"]> = Extract<HostLine, { readonly type: Type }>

const hearAnswer = (
  { answers, counts, findings }: Witness,
  { key, command, answer }: Heard<"answered">,
): void => {
  counts.answered += 1
  const before = answers.get(key)
  if (before !== undefined && hadEffect(before)) {
    counts.repeated += 1
    if (canonical(before.answer) !== canonical(answer))
      findings.push(`${key} was answered in two ways`)
  }
  answers.set(key, { command, answer })
}

const hearRefusal = (
  { answers, counts, findings }: Witness,
  { key, tag }: Heard<"refused">,
): void => {
  counts.refused += 1
  const before = answers.get(key)
  if (before !== undefined && hadEffect(before))
    findings.push(`${key} was refused as ${tag} after it was answered`)
  if (tag === "IdempotencyConflict") findings.push(`${key} was another command`)
}

/** Whether a command changed something. One that did not leaves no receipt, and may be answered otherwise later. */
export const hadEffect = ({ command, answer }: Answered): boolean => {
  const told = answer as { readonly [field: string]: unknown }
  const holds = (field: string) => Array.isArray(told[field]) && told[field].length > 0
  switch (command) {
    case "importOrder":
      return told["outcome"] !== "unchanged"
    case "commitStock":
      return holds("commitments")
    case "commitOrder":
      return holds("committed") || holds("backordered")
    case "allocateStock":
      return holds("allocations")
    case "allocateOrder":
      return holds("allocated")
    case "fillBackorders":
      return holds("filled")
    default:
      return true
  }
}
