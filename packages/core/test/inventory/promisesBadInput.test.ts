import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import type { InvalidInput } from "../../src/command/index.ts"
import {
  allocateStock,
  commitStock,
  dispatchStock,
  expireCommitments,
  readChannelQuantity,
  releaseAllocation,
  releaseCommitment,
  setChannelRule,
} from "../../src/inventory/index.ts"
import { connectChannel } from "../../src/party/index.ts"
import { MAX_ENTRIES } from "../../src/store/index.ts"
import { inside, inWorld, MERCHANT_B } from "../world.ts"
import {
  type Attempt,
  BASKET,
  commit,
  define,
  everything,
  LONDON,
  receive,
} from "./promiseWorld.ts"

const ID = "01890a5d-ac96-774b-8cce-b302099a8070"
const UNITS = [0, -5, 1.5, Number.NaN, Infinity, 2 ** 53, 1_000_000_001, "3", null]
const IDS = ["", "1", ID.toUpperCase(), ID.replace("-774b", "-474b"), `${ID}0`, 7, null]
const SKUS = ["", " MUG", "MUG ", "A/B", "A\nB", "x".repeat(65), 7, null]
const KEYS = ["", "two words", "x".repeat(129), "ü", 1, undefined]
const DOCUMENTS = [null, "order", {}]
const KINDS = ["", "Order", "order 1", 1]
const DOCUMENT = { "document.kind": KINDS, "document.id": ["", "x".repeat(513), 1, null] }

/** Each operation with input that is right, and for each field what is wrong with it. */
const table: {
  readonly [operation: string]: {
    readonly run: (input: never) => Attempt
    readonly good: object
    readonly bad: { readonly [path: string]: ReadonlyArray<unknown> }
  }
} = {
  commitStock: {
    run: commitStock,
    good: { key: "k", document: BASKET, lines: [{ sku: "MUG", warehouse: LONDON, quantity: 1 }] },
    bad: {
      key: KEYS,
      document: [undefined, ...DOCUMENTS.slice(0, 2)],
      ...DOCUMENT,
      lines: [[], undefined, null, {}, "MUG"],
      "lines[0]": [null, "MUG"],
      "lines[0].sku": [undefined, ...SKUS],
      "lines[0].warehouse": [undefined, ...IDS],
      "lines[0].quantity": [undefined, ...UNITS],
      "lines[0].line": ["", "two words", "x".repeat(129), 1],
      "lines[0].price": [1],
      policy: ["", "half", null, 1],
      expiresInMillis: [0, 999, -1, 1500.5, Number.NaN, 34_560_000_001, "1000"],
      merchant: [MERCHANT_B],
    },
  },
  releaseCommitment: {
    run: releaseCommitment,
    good: { key: "k", commitments: [{ id: ID, quantity: 1 }] },
    bad: {
      key: KEYS,
      commitments: [[], null, {}],
      "commitments[0].id": [undefined, ...IDS],
      "commitments[0].quantity": UNITS,
      "commitments[0].line": ["1"],
      document: [...DOCUMENTS.slice(0, 2), BASKET],
    },
  },
  expireCommitments: {
    run: expireCommitments,
    good: { key: "k", commitments: [ID] },
    bad: {
      key: KEYS,
      commitments: [[], undefined, null, Array.from({ length: 501 }, () => ID)],
      "commitments[0]": IDS,
      at: [1],
    },
  },
  allocateStock: {
    run: allocateStock,
    good: { key: "k", commitments: [{ id: ID }] },
    bad: {
      key: KEYS,
      commitments: [[], null],
      "commitments[0].id": IDS,
      "commitments[0].quantity": UNITS,
      document: [null, BASKET],
      strategy: ["FEFO", "random", "", null],
      deliverBy: [-1, 1.5, Number.NaN, "2026-01-01", null, 8_640_000_000_000_001],
      minShelfLifeDays: [-1, 1.5, Number.NaN, 3651, "7", null],
    },
  },
  releaseAllocation: {
    run: releaseAllocation,
    good: { key: "k", allocations: [{ id: ID }] },
    bad: {
      key: KEYS,
      allocations: [[], null],
      "allocations[0].id": [undefined, ...IDS],
      "allocations[0].quantity": UNITS,
      document: [null, BASKET],
    },
  },
  dispatchStock: {
    run: dispatchStock,
    good: { key: "k", document: BASKET, lines: [{ line: "1" }] },
    bad: {
      key: KEYS,
      document: [undefined, ...DOCUMENTS.slice(0, 2)],
      ...DOCUMENT,
      lines: [[], null],
      "lines[0].line": [undefined, "", "two words", 1],
      "lines[0].sku": SKUS,
      "lines[0].warehouse": IDS,
      "lines[0].quantity": UNITS,
      "lines[0].serials": [[], null, "S1"],
      "lines[0].serials[0]": ["", " S1", "S/1", 5],
      rest: ["drop", "", null],
    },
  },
  setChannelRule: {
    run: setChannelRule,
    good: { key: "k", connection: ID, sku: "MUG" },
    bad: {
      key: KEYS,
      connection: [undefined, ...IDS],
      sku: [undefined, ...SKUS],
      buffer: UNITS.slice(1),
      share: [-1, 0.5, 10_001, Number.NaN, "50", null],
      cap: UNITS.slice(1),
      endWhen: UNITS.slice(1),
    },
  },
  readChannelQuantity: {
    run: readChannelQuantity,
    good: { connection: ID, sku: "MUG" },
    bad: {
      connection: [undefined, ...IDS],
      sku: [undefined, ...SKUS],
      channelSku: ["", " x", "x".repeat(129), 1],
      warehouses: [[], null, LONDON],
      "warehouses[0]": IDS,
    },
  },
}

/** The input with another value at a path; without the field, when the value is undefined. */
const withValue = (input: object, path: string, value: unknown): object => {
  const copy = structuredClone(input)
  const steps = path.replaceAll("[", ".").replaceAll("]", "").split(".")
  let place = copy as { [step: string]: unknown }
  for (const [at, step] of steps.entries()) {
    if (at < steps.length - 1) {
      place[step] ??= steps[at + 1] === "0" ? [] : {}
      place = place[step] as typeof place
    } else if (value === undefined) delete place[step]
    else place[step] = value
  }
  return copy
}

const world = Effect.gen(function* () {
  yield* define("MUG")
  yield* receive("MUG", 5)
  yield* commit([["MUG", 2]])
  yield* allocateStock({ key: "pin", document: BASKET })
})

describe("an operation on promises, given bad input", () => {
  for (const [operation, { run, good, bad }] of Object.entries(table)) {
    it.effect(`names the field, and changes nothing: ${operation}`, () =>
      Effect.gen(function* () {
        yield* world
        const before = yield* everything()
        for (const [path, values] of Object.entries(bad)) {
          for (const value of values) {
            const input = withValue(good, path, value) as never
            const refused = (yield* Effect.flip(run(input))) as InvalidInput
            const told = `${operation} ${path} = ${JSON.stringify(value)}`
            expect(refused._tag, told).toBe("InvalidInput")
            expect(refused.command).toBe(operation)
            const paths = refused.issues.map((issue) => issue.path)
            expect(
              paths.some((found) => found.startsWith(path)),
              `${told}: ${paths}`,
            ).toBe(true)
          }
        }
        expect(yield* everything()).toEqual(before)
      }).pipe(inWorld),
    )
  }

  it.effect("names ids that are unknown or another merchant's alike, and changes nothing", () =>
    Effect.gen(function* () {
      yield* world
      const { commitments } = yield* world.pipe(
        Effect.andThen(commit([["MUG", 1]])),
        inside(MERCHANT_B),
      )
      const foreign = commitments[0]?.commitment ?? ""
      const connection = yield* connectChannel({
        key: "c",
        channel: "shopify",
        accountReference: "b",
      }).pipe(inside(MERCHANT_B))
      const before = yield* everything()
      const theirs = yield* everything().pipe(inside(MERCHANT_B))
      const document = { kind: "basket", id: "unknown" }
      const attempts: ReadonlyArray<readonly [kind: string, Attempt]> = [
        ["product", commit([["PEN", 1]])],
        ["commitment", releaseCommitment({ key: "1", commitments: [{ id: ID }] })],
        ["commitment", releaseCommitment({ key: "2", commitments: [{ id: foreign }] })],
        ["basket", releaseCommitment({ key: "3", document })],
        ["commitment", allocateStock({ key: "4", commitments: [{ id: foreign }] })],
        ["basket", allocateStock({ key: "5", document })],
        ["allocation", releaseAllocation({ key: "6", allocations: [{ id: foreign }] })],
        ["basket", releaseAllocation({ key: "7", document })],
        ["basket", dispatchStock({ key: "8", document })],
        ["connection", setChannelRule({ key: "9", connection: connection.id, sku: "MUG" })],
        ["connection", readChannelQuantity({ connection: connection.id, sku: "MUG" })],
      ]
      for (const [kind, attempt] of attempts)
        expect(yield* Effect.flip(attempt)).toMatchObject({ _tag: "NotFound", kind })
      expect(yield* everything()).toEqual(before)
      expect(yield* everything().pipe(inside(MERCHANT_B))).toEqual(theirs)
    }).pipe(inWorld),
  )

  it.effect("refuses a name or an id that is given twice", () =>
    Effect.gen(function* () {
      yield* world
      const before = yield* everything()
      const twice = { sku: "MUG", warehouse: LONDON, quantity: 1 }
      const issue = (path: string) => ({ _tag: "InvalidInput", issues: [{ path }] })
      const lines = (...names: ReadonlyArray<string | undefined>) =>
        commitStock({
          key: "k",
          document: BASKET,
          lines: names.map((line) => ({ ...twice, ...(line !== undefined && { line }) })) as never,
        })
      expect(yield* Effect.flip(lines("a", "b", "a"))).toMatchObject(issue("lines[2].line"))
      expect(yield* Effect.flip(lines("2", undefined))).toMatchObject(issue("lines[1].line"))
      const [one] = (yield* lines("a")).commitments
      yield* releaseCommitment({ key: "undo", commitments: [{ id: one?.commitment ?? "" }] })
      const ids = [{ id: ID }, { id: ID }] as const
      const after = yield* everything()
      const twiceNamed: ReadonlyArray<Attempt> = [
        releaseCommitment({ key: "1", commitments: ids }),
        allocateStock({ key: "2", commitments: ids }),
      ]
      for (const attempt of twiceNamed)
        expect(yield* Effect.flip(attempt)).toMatchObject(issue("commitments[1].id"))
      expect(yield* Effect.flip(releaseAllocation({ key: "3", allocations: ids }))).toMatchObject(
        issue("allocations[1].id"),
      )
      expect(yield* everything()).toEqual(after)
      expect(before).not.toEqual(after)
    }).pipe(inWorld),
  )

  it.effect("refuses a request for neither a document nor ids", () =>
    Effect.gen(function* () {
      const attempts: ReadonlyArray<Attempt> = [
        releaseCommitment({ key: "1" }),
        allocateStock({ key: "2" }),
        releaseAllocation({ key: "3" }),
      ]
      for (const attempt of attempts)
        expect(yield* Effect.flip(attempt)).toMatchObject({
          _tag: "InvalidInput",
          issues: [{ path: "document" }],
        })
    }).pipe(inWorld),
  )

  it.effect("works, or refuses as a whole, for a document of 1,114 lines", () =>
    Effect.gen(function* () {
      const skus = Array.from({ length: 1114 }, (_, place) => `SKU-${place}`)
      yield* define(...skus)
      yield* Effect.forEach(skus, (sku) => receive(sku, 1))
      yield* commit(skus.map((sku) => [sku, 1]))
      const before = yield* everything()
      // Pinning writes three records a line: where that is more than a batch holds, it is done in parts.
      const pinned = yield* Effect.result(allocateStock({ key: "all", document: BASKET }))
      if (3 * 1114 > MAX_ENTRIES) {
        expect(pinned).toMatchObject({ failure: { _tag: "TooLarge", what: "batch" } })
        expect(yield* everything()).toEqual(before)
      } else expect(pinned).toMatchObject({ success: { allocations: { length: 1114 } } })
      const { commitments } = yield* releaseCommitment({ key: "undo", document: BASKET })
      expect(commitments).toHaveLength(1114)
    }).pipe(inWorld),
  )
})
