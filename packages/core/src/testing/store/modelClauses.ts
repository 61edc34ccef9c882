import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import {
  add,
  type Cursor,
  check,
  type Entry,
  insert,
  type PartitionId,
  remove,
  replace,
  Store,
  type Stored,
} from "../../store/index.ts"
import { expectSame, expectTrue } from "../expectations.ts"
import { forAll, type Trials } from "../forAll.ts"
import { type Part, Parts } from "./contractCollections.ts"
import {
  commit,
  dueParts,
  freshPartition,
  inPartition,
  scanParts,
  seenOf,
  storeClause,
} from "./storeClause.ts"
import { anyHistory, type Held, idOf, judge, type Records, type Step } from "./storeModel.ts"

/** Any row of batches in two partitions, against a model of plain maps: every outcome and everything seen. */
export const modelClauses = (trials: Trials) => [
  storeClause(
    "any history of batches shows what a plain model of records shows",
    "every member",
    forAll(anyHistory, trials, (history) =>
      Effect.gen(function* () {
        const sides: readonly [Side, Side] = [
          { id: yield* freshPartition, records: new Map(), read: new Handles() },
          { id: yield* freshPartition, records: new Map(), read: new Handles() },
        ]
        for (const [i, { second, batch }] of history.entries()) {
          const side = sides[second ? 1 : 0]
          side.records = yield* inPartition(side.id)(takeStep(`batch ${i}`, side, batch))
          for (const each of sides)
            yield* inPartition(each.id)(compareAll(`after batch ${i}`, each.records, each.read))
        }
        yield* compareDue(sides)
      }),
    ),
  ),
]

interface Side {
  readonly id: PartitionId
  records: Records
  readonly read: Handles
}

/** What was read of each record: the latest version and the one before. */
class Handles {
  private readonly byId = new Map<string, ReadonlyArray<Stored<Part>>>()

  note(stored: Stored<Part>): void {
    const [latest] = this.byId.get(stored.id) ?? []
    if (latest?.version !== stored.version)
      this.byId.set(stored.id, latest === undefined ? [stored] : [stored, latest])
  }

  of(step: Step): Stored<Part> | undefined {
    const [latest, before] = this.byId.get(idOf(step)) ?? []
    return "late" in step && step.late ? (before ?? latest) : latest
  }
}

const takeStep = Effect.fnUntraced(function* (
  what: string,
  side: Side,
  batch: ReadonlyArray<Step>,
) {
  // Nobody can hold a record to a version without having read it once.
  const possible = batch.filter((step) => needsNone(step) || side.read.of(step) !== undefined)
  const verdict = judge(side.records, possible, (step) => side.read.of(step)?.version ?? 0)
  const entries = possible.map((step) => entryOf(step, side.read.of(step)))
  const outcome = yield* Effect.result(commit(...entries))
  expectSame(`${what} is refused`, Result.isFailure(outcome), verdict.refused)
  if (!verdict.refused) return verdict.records
  const tag = Result.isFailure(outcome) ? outcome.failure._tag : ""
  expectTrue(`${what} is refused as ${tag} of ${[...verdict.reasons]}`, verdict.reasons.has(tag))
  return side.records
})

const needsNone = (step: Step): boolean => step.kind === "insert" || step.kind === "add"

const entryOf = (step: Step, stored: Stored<Part> | undefined): Entry => {
  if (step.kind === "insert") return insert(Parts, step.value)
  if (step.kind === "add") return add(Parts, step.id, { stock: step.delta }, { stock: step.floor })
  if (stored === undefined) throw new TypeError("a step that holds a version needs a handle")
  if (step.kind === "replace") return replace(stored, step.value)
  return step.kind === "remove" ? remove(stored) : check(stored)
}

const compareAll = Effect.fnUntraced(function* (what: string, records: Records, read: Handles) {
  const store = yield* Store
  const expected = [...records.values()].sort((x, y) => (x.value.id < y.value.id ? -1 : 1))
  const scanned = yield* scanParts()
  for (const stored of scanned) read.note(stored)
  expectSame(`scan ${what}`, scanned.map(seenOf), expected.map(shown))
  const ids = expected.map(({ value }) => value.id)
  const many = yield* store.getMany(Parts, ["nowhere", ...ids])
  expectSame(`getMany ${what}`, [...many.values()].map(seenOf), expected.map(shown))
  for (const [index, fields] of walks) {
    const inOrder = expected
      .filter(({ value }) =>
        fields.every((field) => value[field] !== undefined && value[field] !== null),
      )
      .sort((x, y) => compareBy(fields, x.value, y.value))
    const up = yield* allPages(store.find, index, "ascending")
    expectSame(`by ${index} ${what}`, up, inOrder.map(shown))
    const down = yield* allPages(store.find, index, "descending")
    expectSame(`by ${index}, descending, ${what}`, down, inOrder.map(shown).reverse())
  }
})

type WalkIndex = Exclude<keyof typeof Parts.indexes, "dueAt">

const walks = Object.entries(Parts.indexes).flatMap(([name, { kind, fields }]) =>
  kind === "due" ? [] : [[name as WalkIndex, fields as ReadonlyArray<keyof Part>] as const],
)

/** Pages of two, so that a few records make several. */
const allPages = Effect.fnUntraced(function* (
  find: Store["Service"]["find"],
  index: WalkIndex,
  order: "ascending" | "descending",
) {
  const seen: Array<unknown> = []
  let after: Cursor | undefined
  do {
    const page: { items: ReadonlyArray<Stored<Part>>; next: Cursor | undefined } = yield* find(
      Parts,
      index,
      { order, limit: 2, after },
    )
    seen.push(...page.items.map(seenOf))
    after = page.next
  } while (after !== undefined && seen.length < 100)
  return seen
})

const compareDue = Effect.fnUntraced(function* (sides: ReadonlyArray<Side>) {
  const due = sides.flatMap(({ id, records }) =>
    [...records.values()].flatMap(({ value }) =>
      value.dueAt !== undefined && value.dueAt <= 2
        ? [{ at: value.dueAt, partition: id, id: value.id }]
        : [],
    ),
  )
  const keyOf = (each: { at: number; partition: string; id: string }) =>
    `${each.at} ${each.partition} ${each.id}`
  const expected = due.sort((x, y) => (keyOf(x) < keyOf(y) ? -1 : 1))
  expectSame(
    "due",
    yield* dueParts(
      2,
      sides.map(({ id }) => id),
    ),
    expected,
  )
})

const compareBy = (fields: ReadonlyArray<keyof Part>, x: Part, y: Part): number => {
  for (const field of [...fields, "id" as const]) {
    const [left, right] = [x[field] ?? "", y[field] ?? ""]
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}

const shown = ({ version, value }: Held) => ({ id: value.id, version, value })
