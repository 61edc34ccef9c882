import fc from "fast-check"
import type { Part } from "./contractCollections.ts"
import { part } from "./contractCollections.ts"

/** A record as the model keeps it. */
export interface Held {
  readonly version: number
  readonly value: Part
}

/** All records of one partition, by id. */
export type Records = ReadonlyMap<string, Held>

/** One step of a generated batch. `late` names a version that may have passed. */
export type Step =
  | { readonly kind: "insert" | "replace"; readonly value: Part; readonly late: boolean }
  | { readonly kind: "remove" | "check"; readonly id: string; readonly late: boolean }
  | { readonly kind: "add"; readonly id: string; readonly delta: number; readonly floor: number }

/** What the model says a batch must come to: the records after it, or the refusals that are right. */
type Verdict =
  | { readonly refused: false; readonly records: Records }
  | { readonly refused: true; readonly reasons: ReadonlySet<string> }

const IDS = ["a", "b", "c", "d", "e"] as const

const anyId = fc.constantFrom(...IDS)

const anyPart = fc
  .record(
    {
      id: anyId,
      shelf: fc.constantFrom("s", "t"),
      rank: fc.integer({ min: 0, max: 2 }),
      live: fc.boolean(),
      stock: fc.integer({ min: 0, max: 5 }),
      bay: fc.constantFrom("x", "y"),
      code: fc.constantFrom("1", "2", "3", null),
      serial: fc.constantFrom("1", "2"),
      dueAt: fc.integer({ min: 0, max: 3 }),
    },
    { requiredKeys: ["id", "shelf", "rank", "live", "stock"] },
  )
  .map((given) => part(given.id, given))

const atTimes = fc.integer({ min: 0, max: 2 }).map((n) => n === 0)

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("insert"), value: anyPart, late: atTimes }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("replace"), value: anyPart, late: atTimes }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove"), id: anyId, late: atTimes }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("check"), id: anyId, late: atTimes }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("add"),
      id: anyId,
      delta: fc.integer({ min: -4, max: 3 }),
      floor: fc.constantFrom(0, 0, -9),
    }),
  },
) as fc.Arbitrary<Step>

/** A batch: it writes a record once, `add`s apart. */
const anyBatch = fc.array(anyStep, { minLength: 1, maxLength: 4, size: "max" }).map((steps) => {
  const kept = new Map<string, Step>()
  for (const step of steps) {
    const slot = step.kind === "check" ? `check ${idOf(step)}` : idOf(step)
    if (!kept.has(slot)) kept.set(slot, step)
  }
  return [...kept.values()]
})

/** A history: batches, each in one of two partitions. */
export const anyHistory = fc.array(fc.record({ second: fc.boolean(), batch: anyBatch }), {
  minLength: 1,
  maxLength: 20,
  size: "max",
})

export const idOf = (step: Step): string => ("value" in step ? step.value.id : step.id)

const RANK = { insert: 0, replace: 1, remove: 2, check: 3, add: 4 } as const

/**
 * What a batch must come to: its steps one after another, inserts first and counters last, each by id. The reason
 * of a refusal is that of the first kind of step that has one; drivers may differ within a kind.
 *
 * @param versionOf the version that a step holds its record to
 */
export const judge = (
  before: Records,
  batch: ReadonlyArray<Step>,
  versionOf: (step: Step) => number,
): Verdict => {
  const records = new Map(before)
  const inOrder = batch.toSorted(
    (x, y) => RANK[x.kind] - RANK[y.kind] || (idOf(x) < idOf(y) ? -1 : 1),
  )
  const slotOf = (step: Step) => `${idOf(step)} ${versionOf(step)}`
  const held = new Set(inOrder.filter(isHolding).map(slotOf))
  const refusals = inOrder.flatMap((step) => {
    // A check of the version that the batch itself replaces or removes says nothing more.
    const reason =
      step.kind === "check" && held.has(slotOf(step))
        ? undefined
        : apply(records, step, versionOf(step))
    return reason === undefined ? [] : [{ turn: TURN[step.kind], reason }]
  })
  const [first] = refusals
  if (first === undefined) return { refused: false, records }
  const reasons = refusals.filter(({ turn }) => turn === first.turn).map(({ reason }) => reason)
  return { refused: true, reasons: new Set(reasons) }
}

/** Which reasons are told first: those of inserts, then those of what was read, then those of counters. */
const TURN = { insert: 0, replace: 1, remove: 1, check: 1, add: 2 } as const

const isHolding = ({ kind }: Step): boolean => kind === "replace" || kind === "remove"

/** Applies one step, or says why not. */
const apply = (records: Map<string, Held>, step: Step, version: number): string | undefined => {
  const held = records.get(idOf(step))
  if (step.kind === "insert")
    return held === undefined ? put(records, { version: 1, value: step.value }) : "Duplicate"
  if (step.kind === "add") {
    if (held === undefined || held.value.stock + step.delta < step.floor) return "Insufficient"
    const value = { ...held.value, stock: held.value.stock + step.delta }
    return put(records, { version: held.version + 1, value })
  }
  if (held?.version !== version) return "Conflict"
  if (step.kind === "replace") return put(records, { version: version + 1, value: step.value })
  if (step.kind === "remove") records.delete(step.id)
  return undefined
}

const put = (records: Map<string, Held>, held: Held): string | undefined => {
  for (const other of records.values())
    if (other.value.id !== held.value.id && collide(other.value, held.value)) return "Duplicate"
  records.set(held.value.id, held)
  return undefined
}

const collide = (x: Part, y: Part): boolean =>
  (typeof x.code === "string" && x.code === y.code) ||
  (x.serial !== undefined && x.serial === y.serial && x.shelf === y.shelf)
