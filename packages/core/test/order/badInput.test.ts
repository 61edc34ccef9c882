import { describe, expect, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { policy } from "../../src/access/index.ts"
import type { InvalidInput } from "../../src/command/index.ts"
import {
  allocateOrder,
  amendOrder,
  brokerOrder,
  cancelImportedOrder,
  cancelOrder,
  changeOrderSettings,
  commitOrder,
  dispatchOrder,
  fillBackorders,
  findOrderByExternalId,
  findOrders,
  holdOrder,
  importOrder,
  liftHold,
  mergeOrders,
  readOrder,
  recordPack,
  recordPick,
  releaseOrder,
  resolveOrderLines,
  splitOrder,
} from "../../src/order/index.ts"
import { inside, MERCHANT_A, MERCHANT_B } from "../world.ts"
import {
  allocated,
  everything,
  LONDON,
  line,
  NOBODY,
  receive,
  runOrders,
  type Services,
  SHOP,
  snapshot,
  standing,
} from "./orderWorld.ts"

const QUANTITIES = [
  0,
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  1_000_000_001,
  "1",
  null,
  undefined,
]
const IDS = ["", "1", "00000000-0000-4000-8000-000000000000", 7, null, undefined]
const KEYS = ["", "a b", "x".repeat(129), undefined]
const LINE_IDS = ["", "a b", "é", "x".repeat(129), 1, undefined]
const INSTANTS = [-1, 1.5, Number.NaN, "2026-01-01", null]
const MINOR = ["1.5", "", "one", 100, String(10n ** 15n + 1n), null, undefined]
const CURRENCIES = ["XYZ", "gbp", "", "GBPX", 1, undefined]
const HOLD_CODES = ["angry", "", 1, undefined]
const SOURCES = ["", "Import", "a b", "x".repeat(65), undefined]
const LINES = [{ line: "1", quantity: 1 }]
const UNITS = {
  lines: [[], null, "1", undefined, [...LINES, ...LINES]],
  "lines[0]": [null, 5],
  "lines[0].line": LINE_IDS,
  "lines[0].quantity": QUANTITIES,
  "lines[0].price": [1],
}

const { key: _, ...GOOD } = snapshot([line("MUG", 2), line("TEA", 1, { cancelled: 1 })], {
  serviceLevel: "express",
})

const toOrder = { key: KEYS, order: IDS, merchant: [MERCHANT_B] }

/** Each operation with input that is right, and for each field what is wrong with it. */
const table = {
  importOrder: {
    run: importOrder,
    good: GOOD,
    bad: {
      key: KEYS,
      connection: IDS,
      externalId: ["", "a b", "x".repeat(129), 5, undefined],
      externalVersion: [-1, 1.5, Number.NaN, "1", undefined],
      orderedAt: [...INSTANTS, undefined],
      country: ["gb", "GBR", "", 1, undefined],
      currency: CURRENCIES,
      payment: ["cash", "", undefined],
      serviceLevel: ["", "next day", "x".repeat(65), 1],
      shipBy: INSTANTS,
      cancelled: ["yes", 1, null],
      buyer: ["somebody"],
      lines: [[], null, undefined, "MUG"],
      "lines[0].externalLineId": LINE_IDS,
      "lines[1].externalLineId": ["1"],
      "lines[0].channelSku": ["", " MUG", "a\tb", "x".repeat(129), 1, undefined],
      "lines[0].quantity": QUANTITIES,
      "lines[0].cancelled": [-1, 0.5, Number.NaN, 3, null],
      "lines[0].total": [null, 100, undefined, { currency: "EUR", minor: "1" }],
      "lines[0].total.currency": CURRENCIES,
      "lines[0].total.minor": MINOR,
      "lines[0].title": ["A mug"],
      "lines[1].note": ["For my mother"],
    },
  },
  cancelImportedOrder: {
    run: cancelImportedOrder,
    good: { connection: SHOP, externalId: "A-9" },
    bad: { key: KEYS, connection: IDS, externalId: ["", "a b", 1, undefined] },
  },
  resolveOrderLines: { run: resolveOrderLines, good: {}, bad: toOrder },
  brokerOrder: { run: brokerOrder, good: {}, bad: { ...toOrder, again: [1, "yes"] } },
  commitOrder: { run: commitOrder, good: {}, bad: { ...toOrder, rule: ["some", "", 1, null] } },
  fillBackorders: {
    run: fillBackorders,
    good: { warehouse: LONDON, sku: "MUG" },
    bad: {
      key: KEYS,
      warehouse: IDS,
      sku: ["", " A", "A/B", 1, undefined],
      limit: [0, -1, 201, 1.5, Number.NaN, "9"],
    },
  },
  holdOrder: {
    run: holdOrder,
    good: { code: "fraud", source: "desk" },
    bad: {
      ...toOrder,
      code: HOLD_CODES,
      source: SOURCES,
      reason: ["", "The buyer rang", "UPPER", 1],
      heldAt: [0],
    },
  },
  liftHold: {
    run: liftHold,
    good: { code: "fraud", source: "desk" },
    bad: { ...toOrder, code: HOLD_CODES, source: SOURCES },
  },
  releaseOrder: { run: releaseOrder, good: {}, bad: { ...toOrder, shipBy: INSTANTS } },
  allocateOrder: {
    run: allocateOrder,
    good: {},
    bad: { ...toOrder, strategy: ["random", "", 1], deliverBy: INSTANTS },
  },
  recordPick: { run: recordPick, good: { lines: LINES }, bad: { ...toOrder, ...UNITS } },
  recordPack: { run: recordPack, good: { lines: LINES }, bad: { ...toOrder, ...UNITS } },
  dispatchOrder: {
    run: dispatchOrder,
    good: { lines: LINES },
    bad: {
      ...toOrder,
      ...{ ...UNITS, lines: [[], null, "1", [...LINES, ...LINES]] },
      "lines[0].serials": [[], ["a", "b"], "a"],
      "lines[0].serials[0]": ["", " a", 1],
    },
  },
  cancelOrder: {
    run: cancelOrder,
    good: { lines: LINES },
    bad: { ...toOrder, ...UNITS, lines: [[], null, "1", [...LINES, ...LINES]] },
  },
  amendOrder: {
    run: amendOrder,
    good: {
      set: LINES,
      add: [{ line: "9", sku: "TEA", quantity: 1, total: { currency: "GBP", minor: "1" } }],
    },
    bad: {
      ...toOrder,
      set: [null, "1", [...LINES, ...LINES]],
      "set[0].line": LINE_IDS,
      "set[0].quantity": QUANTITIES,
      "add[0].line": LINE_IDS,
      "add[0].sku": ["", "A/B", 1, undefined],
      "add[0].quantity": QUANTITIES,
      "add[0].total.currency": CURRENCIES,
      "add[0].total.minor": MINOR,
    },
  },
  splitOrder: { run: splitOrder, good: { lines: LINES }, bad: { ...toOrder, ...UNITS } },
  mergeOrders: {
    run: mergeOrders,
    good: { children: [NOBODY] },
    bad: {
      ...toOrder,
      children: [[], null, undefined, [NOBODY, NOBODY], Array.from({ length: 21 }, () => NOBODY)],
      "children[0]": IDS.filter((id) => id !== undefined),
    },
  },
  changeOrderSettings: {
    run: changeOrderSettings,
    good: {
      rules: [{ countries: ["GB"], skuPrefixes: ["A"], warehouses: [LONDON] }],
      calendar: { zone: "Europe/London", workingDays: [1], closedOn: [], cutOff: "12:00" },
    },
    bad: {
      key: KEYS,
      rules: [null, "GB"],
      "rules[0].countries": [[], "GB"],
      "rules[0].countries[0]": ["UK1", "gb", 1],
      "rules[0].connections": [[]],
      "rules[0].skuPrefixes[0]": ["", " A", "A/"],
      "rules[0].warehouses": [[], undefined],
      "rules[0].warehouses[0]": ["London"],
      warehouses: [null, "London"],
      splitAcrossWarehouses: [1, null],
      commitRule: ["part", null],
      commitmentLifetime: [0, 999, -1, 1.5, Number.NaN, "1", 400 * 86_400_000 + 1],
      holdUnpaid: ["yes", null],
      calendar: ["always"],
      "calendar.zone": ["London", ""],
      "calendar.workingDays[0]": [0, 8],
      "calendar.cutOff": ["24:00", "noon"],
      currency: ["GBP"],
    },
  },
  readOrder: { run: readOrder, good: {}, bad: { order: IDS, merchant: [MERCHANT_B] } },
  findOrders: {
    run: findOrders,
    good: { state: "accepted", by: "orderedAt" },
    bad: {
      state: ["open", "", undefined],
      by: ["price", undefined],
      limit: [0, 101, 1.5, Number.NaN],
      after: [1],
    },
  },
} as const

type Run = (input: unknown) => Effect.Effect<unknown, { readonly _tag: string }, Services>

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

/** Whether an issue names the field: itself, a part of it, or where it has no place of its own, what it lies in. */
const names = (path: string, issue: string) =>
  issue.startsWith(path) || issue === path.replace(/\.[^.]*$/u, "")

/** Runs an operation with one field set wrong, and expects that the refusal names the field. */
const refuses = (command: string, run: Run, right: unknown, path: string, value: unknown) =>
  Effect.gen(function* () {
    const at = `${path}: ${String(value)}`
    const outcome = yield* Effect.result(run(withField(right, partsOf(path), value)))
    const refused = Result.isFailure(outcome) ? outcome.failure : undefined
    expect(refused, at).toMatchObject({ _tag: "InvalidInput", command })
    const paths = (refused as InvalidInput).issues.map((issue) => issue.path)
    expect(
      paths.some((each) => names(path, each)),
      `${at} in ${paths}`,
    ).toBe(true)
  })

describe.each(Object.entries(table))("%s", (name, { run: operation, good, bad }) => {
  const run = operation as unknown as Run
  const fields = Object.entries(bad) as ReadonlyArray<readonly [string, ReadonlyArray<unknown>]>
  const wrongs = fields.flatMap(([path, values]) => values.map((value) => ({ path, value })))

  it("names each field that is not what it must be, and changes nothing", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        const order = yield* allocated([["MUG", 2]])
        const world = yield* everything
        const right = {
          ...("key" in bad ? { key: "new" } : {}),
          ...("order" in bad ? { order } : {}),
          ...good,
        }
        for (const { path, value } of wrongs) yield* refuses(name, run, right, path, value)
        expect(yield* everything).toEqual(world)
      }),
    ))

  it("needs a role that the policy names", () =>
    runOrders(
      Effect.gen(function* () {
        const order = yield* inside(MERCHANT_A)(
          Effect.gen(function* () {
            yield* receive("MUG", 9)
            return yield* allocated([["MUG", 2]])
          }),
        )
        const outcome = yield* Effect.flip(run({ key: "new", order, ...good }))
        expect(outcome).toMatchObject({ _tag: "Forbidden", action: name })
        expect(policy).toHaveProperty(name)
      }),
      ["privacy_officer"],
    ))
})

describe("orders of another merchant", () => {
  const acting = Object.entries(table).filter(([, { bad }]) => "order" in bad)

  it.each(acting)("%s finds none, as if it did not exist (R29)", (_name, { run, good }) =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        const order = yield* allocated([["MUG", 2]])
        const world = yield* everything
        const asked = (id: string) =>
          Effect.result(
            (run as unknown as Run)({
              ...(run === readOrder ? {} : { key: "new" }),
              order: id,
              ...good,
            }),
          ).pipe(inside(MERCHANT_B))
        const foreign = yield* asked(order)
        const missing = yield* asked(NOBODY)
        expect(foreign).toMatchObject({ failure: { _tag: "NotFound", kind: "order", id: order } })
        expect(missing).toMatchObject({ failure: { _tag: "NotFound", kind: "order", id: NOBODY } })
        expect(yield* everything).toEqual(world)
      }),
    ),
  )
})

describe("a merchant that is closed", () => {
  const writing = Object.entries(table).filter(([, { bad }]) => "key" in bad)

  it.each(writing)("cannot %s", (name, { run, good }) =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        const order = yield* allocated([["MUG", 2]])
        yield* standing("closed")
        const world = yield* everything
        const input = {
          key: "new",
          ...("order" in table[name as "holdOrder"].bad ? { order } : {}),
          ...good,
        }
        expect(yield* Effect.flip((run as unknown as Run)(input))).toMatchObject({
          _tag: "StandingRefused",
          state: "closed",
        })
        expect(yield* everything).toEqual(world)
      }),
    ),
  )
})

describe("the largest numbers", () => {
  it("are taken where a line can hold them, and named where it cannot", () =>
    runOrders(
      Effect.gen(function* () {
        yield* importOrder(snapshot([line("MUG", 1_000_000_000)]))
        const refused = yield* Effect.flip(
          importOrder(snapshot([line("MUG-3PK", 1_000_000_000)], { externalId: "A-2" })),
        )
        expect(refused).toMatchObject({
          _tag: "InvalidInput",
          issues: [{ path: "lines[0].quantity" }],
        })
        expect(
          yield* findOrderByExternalId({ connection: SHOP, externalId: "A-2" }),
        ).toBeUndefined()
      }),
    ))
})
