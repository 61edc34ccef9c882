import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import type { InvalidInput } from "../../src/command/index.ts"
import {
  adjustStock,
  approveCount,
  assembleKit,
  changeCondition,
  changeStockSettings,
  correctMovement,
  countStock,
  disassembleKit,
  expireLots,
  findMovements,
  moveStock,
  readStock,
  rebuildBalances,
  recallLot,
  receiveStock,
  receiveTransfer,
  sendTransfer,
  sweepEmptyCells,
  verifyLedger,
} from "../../src/inventory/index.ts"
import { inside, inWorld, MERCHANT_B } from "../world.ts"
import {
  define,
  defineAssembledKit,
  everything,
  freshKey,
  LEEDS,
  LONDON,
  receive,
} from "./stockWorld.ts"

const ID = "01890a5d-ac96-774b-8cce-b302099a8999"
const NOT_NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, "1", null]
const QUANTITIES = [0, -1, 1.5, 2 ** 53, 1_000_000_001, ...NOT_NUMBERS, undefined]
const LIMITS = [0, -1, 1.5, 1_000_000, ...NOT_NUMBERS]
const TIMES = [-1, 1.5, 8_640_000_000_000_001, ...NOT_NUMBERS]
const SKUS = ["", " A", "A/B", "A\u0000B", "x".repeat(65), 1, null, undefined]
const CODES = ["", " A", "A/B", "x".repeat(65), 1, null]
const IDS = ["", "warehouse", "01890A5D-AC96-774B-8CCE-B302099A8001", 1, null, undefined]
const CONDITIONS = ["broken", "", 1, null]
const RANKS = [-1, 0.5, 1e12, Number.NaN, "1", null]
const SERIALS = ["", "a/b", 1, null]
const DOCUMENTS = [
  "o-1",
  { kind: "basket" },
  { kind: "Order", id: "1" },
  { kind: "basket", id: "" },
]

const place = { warehouse: LONDON, bin: "A-1" }
const units = { sku: "TEA", quantity: 1 }
const key = ["", "a b", "x".repeat(129), 1, null, undefined]

/** Each operation with input that is well formed, and for each field what is wrong with it. */
const table = {
  receiveStock: {
    run: receiveStock,
    good: { key: "1", lines: [{ ...units, place }] },
    bad: {
      key,
      document: DOCUMENTS,
      occurredAt: TIMES,
      lines: [null, "x", undefined],
      "lines[0].sku": SKUS,
      "lines[0].quantity": QUANTITIES,
      "lines[0].lot": CODES,
      "lines[0].expiresAt": TIMES,
      "lines[0].serials": [[], null, ["S1", "S2"]],
      "lines[0].serials[0]": SERIALS,
      "lines[0].condition": CONDITIONS,
      "lines[0].place": [null, undefined, "A-1"],
      "lines[0].place.warehouse": IDS,
      "lines[0].place.bin": [...CODES, undefined],
      "lines[0].place.package": CODES,
      "lines[0].place.pickSequence": RANKS,
      "lines[0].merchant": ["B"],
    },
  },
  moveStock: {
    run: moveStock,
    good: { key: "1", ...units, warehouse: LONDON, from: { bin: "A-1" }, to: { bin: "B-1" } },
    bad: {
      key,
      sku: SKUS,
      quantity: QUANTITIES,
      warehouse: IDS,
      lot: CODES,
      serials: [[], ["S1", "S2"]],
      condition: CONDITIONS,
      "from.bin": [...CODES, undefined],
      "from.package": CODES,
      "to.bin": [...CODES, undefined],
      "to.pickSequence": RANKS,
      to: [{ bin: "A-1" }, null, undefined],
      reason: ["receipt", "", null],
      document: DOCUMENTS,
      occurredAt: TIMES,
    },
  },
  changeCondition: {
    run: changeCondition,
    good: { key: "1", ...units, ...place, from: "sellable", to: "damaged" },
    bad: {
      key,
      sku: SKUS,
      quantity: QUANTITIES,
      warehouse: IDS,
      bin: [...CODES, undefined],
      package: CODES,
      lot: CODES,
      from: [...CONDITIONS, undefined],
      to: [...CONDITIONS, undefined, "sellable"],
      reason: ["receipt", "own:", "own:Bad", null],
      serials: [["S1", "S2"]],
      occurredAt: TIMES,
    },
  },
  adjustStock: {
    run: adjustStock,
    good: { key: "1", ...units, ...place, direction: "add", reason: "found" },
    bad: {
      key,
      sku: SKUS,
      quantity: QUANTITIES,
      warehouse: IDS,
      bin: [...CODES, undefined],
      package: CODES,
      lot: CODES,
      condition: CONDITIONS,
      direction: ["set", "", null, undefined],
      reason: ["lost", "receipt", "own:", null, undefined],
      expiresAt: TIMES,
      pickSequence: RANKS,
      serials: [["S1", "S2"], []],
      occurredAt: TIMES,
    },
  },
  correctMovement: {
    run: correctMovement,
    good: { key: "1", movement: ID },
    bad: { key, movement: IDS, quantity: QUANTITIES.filter((each) => each !== undefined) },
  },
  countStock: {
    run: countStock,
    good: { key: "1", ...place, sku: "TEA", counted: 1, blind: true },
    bad: {
      key,
      sku: SKUS,
      counted: [-1, 1.5, 2 ** 53, 1_000_000_001, ...NOT_NUMBERS, undefined],
      warehouse: IDS,
      bin: [...CODES, undefined],
      lot: CODES,
      condition: CONDITIONS,
      expiresAt: TIMES,
      countedAt: TIMES,
      blind: ["yes", 1, null, undefined],
    },
  },
  approveCount: {
    run: approveCount,
    good: { key: "1", count: ID },
    bad: { key, count: IDS, verdict: ["approved", "", null] },
  },
  sendTransfer: {
    run: sendTransfer,
    good: { key: "1", from: LONDON, to: LEEDS, lines: [{ ...units, bin: "A-1" }] },
    bad: {
      key,
      from: IDS,
      to: [...IDS, LONDON],
      lines: [null, undefined],
      "lines[0].sku": SKUS,
      "lines[0].quantity": QUANTITIES,
      "lines[0].bin": [...CODES, undefined],
      "lines[0].lot": CODES,
      "lines[0].condition": CONDITIONS,
      "lines[0].serials": [["S1", "S2"]],
      occurredAt: TIMES,
    },
  },
  receiveTransfer: {
    run: receiveTransfer,
    good: { key: "1", transfer: ID, lines: [{ line: "1", quantity: 1, place: { bin: "A-1" } }] },
    bad: {
      key,
      transfer: IDS,
      lines: [null, undefined],
      "lines[0].line": [1, null, undefined],
      "lines[0].quantity": QUANTITIES,
      "lines[0].place.bin": [...CODES, undefined],
      "lines[0].condition": CONDITIONS,
      "lines[0].serials": [["S1", "S2"]],
      close: ["yes", 1, null],
      occurredAt: TIMES,
    },
  },
  recallLot: {
    run: recallLot,
    good: { key: "1", sku: "TEA", lot: "L1" },
    bad: { key, sku: SKUS, lot: [...CODES, undefined] },
  },
  expireLots: { run: expireLots, good: { key: "1" }, bad: { key, limit: LIMITS } },
  assembleKit: {
    run: assembleKit,
    good: {
      key: "1",
      kit: "SET",
      quantity: 1,
      warehouse: LONDON,
      components: [{ sku: "TEA", quantity: 2, bin: "A-1" }],
      to: { bin: "K-1" },
    },
    bad: {
      key,
      kit: SKUS,
      quantity: QUANTITIES,
      warehouse: IDS,
      lot: CODES,
      expiresAt: TIMES,
      serials: [["S1", "S2"]],
      components: [null, undefined],
      "components[0].sku": SKUS,
      "components[0].quantity": QUANTITIES,
      "components[0].bin": [...CODES, undefined],
      "components[0].serials": [["S1"]],
      "to.bin": [...CODES, undefined],
      occurredAt: TIMES,
    },
  },
  disassembleKit: {
    run: disassembleKit,
    good: {
      key: "1",
      kit: "SET",
      quantity: 1,
      warehouse: LONDON,
      from: { bin: "K-1" },
      components: [{ sku: "TEA", quantity: 2, place: { bin: "A-1" } }],
    },
    bad: {
      key,
      kit: SKUS,
      quantity: QUANTITIES,
      warehouse: IDS,
      condition: CONDITIONS,
      "from.bin": [...CODES, undefined],
      components: [null, undefined],
      "components[0].sku": SKUS,
      "components[0].quantity": QUANTITIES,
      "components[0].condition": CONDITIONS,
      "components[0].place.bin": [...CODES, undefined],
      occurredAt: TIMES,
    },
  },
  readStock: {
    run: readStock,
    good: { sku: "TEA" },
    bad: { sku: SKUS, warehouse: ["x", 1, null], cells: ["yes", null] },
  },
  findMovements: {
    run: findMovements,
    good: {},
    bad: { sku: ["", 1], since: TIMES, until: TIMES, order: ["up"], limit: LIMITS, after: [1] },
  },
  verifyLedger: { run: verifyLedger, good: {}, bad: { merchant: ["B"] } },
  rebuildBalances: { run: rebuildBalances, good: { key: "1" }, bad: { key, limit: LIMITS } },
  sweepEmptyCells: { run: sweepEmptyCells, good: { key: "1" }, bad: { key, limit: LIMITS } },
  changeStockSettings: {
    run: changeStockSettings,
    good: { key: "1" },
    bad: {
      key,
      removalStrategy: ["random", "", null],
      doNotPickDays: [-1, 0.5, 3651, ...NOT_NUMBERS],
      minimumShelfLifeDays: [-1, 0.5, 3651, ...NOT_NUMBERS],
      commitmentLifetime: [0, -1, 999, 0.5, Number.NaN, "1"],
    },
  },
} as const

type Run = (input: unknown) => ReturnType<typeof receiveStock>

/** The input with the field at a path set, or left out for undefined. */
const withField = (input: unknown, path: ReadonlyArray<string>, value: unknown): unknown => {
  const [head = "", ...rest] = path
  if (Array.isArray(input)) {
    const next = [...input]
    next[Number(head)] = rest.length === 0 ? value : withField(input[Number(head)], rest, value)
    return next
  }
  const { [head]: before, ...others } = (input ?? {}) as { readonly [field: string]: unknown }
  const empty = /^\d+$/u.test(rest[0] ?? "") ? [] : {}
  const next = rest.length === 0 ? value : withField(before ?? empty, rest, value)
  return next === undefined ? others : { ...others, [head]: next }
}

const partsOf = (path: string) => path.replaceAll("[", ".").replaceAll("]", "").split(".")

/** A world in which the good input of the table would mostly work. */
const stocked = Effect.gen(function* () {
  yield* define("TEA")
  yield* defineAssembledKit("SET", ["TEA", 2])
  yield* receive("TEA", 50)
})

for (const [name, { run: operation, good, bad }] of Object.entries(table)) {
  describe(name, () => {
    const run = operation as unknown as Run
    for (const [path, values] of Object.entries(bad)) {
      it.effect(`names ${path} when it is not what it must be, and changes nothing`, () =>
        Effect.gen(function* () {
          yield* stocked
          const before = yield* everything()
          for (const value of values as ReadonlyArray<unknown>) {
            const input = withField(good, partsOf(path), value)
            const refused = (yield* Effect.flip(run(input))) as InvalidInput
            const what = `${path}: ${JSON.stringify(value)}`
            expect(refused, what).toMatchObject({ _tag: "InvalidInput", command: name })
            const paths = refused.issues.map((issue) => issue.path)
            expect(
              paths.some((each) => each.startsWith(path)),
              `${what} in ${paths}`,
            ).toBe(true)
          }
          expect(yield* everything()).toEqual(before)
        }).pipe(inWorld),
      )
    }
  })
}

describe("an operation without lines", () => {
  it.effect.each([
    ["receiveStock", receiveStock, { lines: [] }],
    ["sendTransfer", sendTransfer, { from: LONDON, to: LEEDS, lines: [] }],
    ["receiveTransfer", receiveTransfer, { transfer: ID, lines: [] }],
  ] as const)("is none: %s", ([, operation, input]) =>
    Effect.gen(function* () {
      const run = operation as unknown as Run
      const refused = (yield* Effect.flip(run({ key: freshKey(), ...input }))) as {
        readonly _tag: string
        readonly issues?: ReadonlyArray<{ readonly path: string }>
      }
      // A transfer that is not there is said first: whether lines are needed depends on it.
      expect(refused._tag === "NotFound" || refused.issues?.[0]?.path.startsWith("lines")).toBe(
        true,
      )
    }).pipe(inWorld),
  )
})

const foreign = "01890a5d-ac96-774b-8cce-b302099a8777"
const kit = table.assembleKit.good
const apart = table.disassembleKit.good

/** Well formed, but of what is not there: each with the refusal that it gets. */
const missing: ReadonlyArray<
  readonly [name: string, operation: unknown, input: object, refusal: object]
> = [
  [
    "receiving",
    receiveStock,
    { lines: [{ sku: "GONE", quantity: 1, place }] },
    { _tag: "NotFound", kind: "product", id: "GONE" },
  ],
  [
    "moving",
    moveStock,
    { ...table.moveStock.good, sku: "GONE" },
    { _tag: "NotFound", kind: "product" },
  ],
  [
    "moving in a foreign warehouse",
    moveStock,
    { ...table.moveStock.good, warehouse: foreign },
    { _tag: "CellShort", onHand: 0 },
  ],
  [
    "changing",
    changeCondition,
    { ...table.changeCondition.good, sku: "GONE" },
    { _tag: "NotFound", kind: "product" },
  ],
  [
    "changing in a foreign warehouse",
    changeCondition,
    { ...table.changeCondition.good, warehouse: foreign },
    { _tag: "CellShort" },
  ],
  [
    "adjusting",
    adjustStock,
    { ...table.adjustStock.good, sku: "GONE" },
    { _tag: "NotFound", kind: "product" },
  ],
  [
    "removing from a foreign warehouse",
    adjustStock,
    { ...table.adjustStock.good, direction: "remove", reason: "lost", warehouse: foreign },
    { _tag: "CellShort" },
  ],
  [
    "correcting",
    correctMovement,
    { movement: foreign },
    { _tag: "NotFound", kind: "movement", id: foreign },
  ],
  [
    "counting",
    countStock,
    { ...table.countStock.good, sku: "GONE" },
    { _tag: "NotFound", kind: "product" },
  ],
  ["judging a count", approveCount, { count: foreign }, { _tag: "NotFound", kind: "count" }],
  [
    "sending",
    sendTransfer,
    { ...table.sendTransfer.good, lines: [{ sku: "GONE", quantity: 1, bin: "A-1" }] },
    { _tag: "NotFound", kind: "product" },
  ],
  [
    "sending from a foreign warehouse",
    sendTransfer,
    { ...table.sendTransfer.good, from: foreign },
    { _tag: "CellShort" },
  ],
  [
    "receiving a transfer",
    receiveTransfer,
    table.receiveTransfer.good,
    { _tag: "NotFound", kind: "transfer" },
  ],
  ["recalling", recallLot, { sku: "GONE", lot: "L1" }, { _tag: "NotFound", kind: "lot" }],
  ["assembling", assembleKit, { ...kit, kit: "GONE" }, { _tag: "NotFound", kind: "kit" }],
  [
    "assembling in a foreign warehouse",
    assembleKit,
    { ...kit, warehouse: foreign },
    { _tag: "CellShort" },
  ],
  [
    "assembling too many",
    assembleKit,
    { ...kit, quantity: 1_000_000_000 },
    { _tag: "KitRefused", reason: "too many units" },
  ],
  ["taking apart", disassembleKit, { ...apart, kit: "GONE" }, { _tag: "NotFound", kind: "kit" }],
  ["taking apart what is not there", disassembleKit, apart, { _tag: "CellShort" }],
  ["reading", readStock, { sku: "GONE" }, { _tag: "NotFound", kind: "product" }],
]

describe("what is not there", () => {
  for (const [name, operation, input, refusal] of missing) {
    it.effect(`is refused with what it is, and nothing changes: ${name}`, () =>
      Effect.gen(function* () {
        yield* stocked
        const before = yield* everything()
        const asked = operation === readStock ? input : { ...input, key: freshKey() }
        expect(yield* Effect.flip((operation as Run)(asked))).toMatchObject(refusal)
        expect(yield* everything()).toEqual(before)
      }).pipe(inWorld),
    )
  }
})

describe("another merchant's movement, count and transfer", () => {
  it.effect("look as if they were not there", () =>
    Effect.gen(function* () {
      yield* stocked
      const received = yield* receive("TEA", 1)
      const { count } = yield* countStock({ ...table.countStock.good, key: freshKey() })
      const { transfer } = yield* sendTransfer({
        key: freshKey(),
        from: LONDON,
        to: LEEDS,
        lines: [{ sku: "TEA", quantity: 1, bin: "A-1" }],
      })
      const before = yield* everything()
      yield* inside(MERCHANT_B)(
        Effect.gen(function* () {
          const movement = received.moved[0]?.movement ?? ""
          const lines = table.receiveTransfer.good.lines
          const refusals = [
            yield* Effect.flip(correctMovement({ key: freshKey(), movement })),
            yield* Effect.flip(approveCount({ key: freshKey(), count })),
            yield* Effect.flip(receiveTransfer({ key: freshKey(), transfer, lines })),
          ]
          expect(refusals.map(({ _tag }) => _tag)).toEqual(["NotFound", "NotFound", "NotFound"])
        }),
      )
      expect(yield* everything()).toEqual(before)
    }).pipe(inWorld),
  )
})
