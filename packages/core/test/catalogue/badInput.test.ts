import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { AuditLog } from "../../src/audit/index.ts"
import {
  defineKit,
  defineListing,
  defineProduct,
  findListings,
  findProductByBarcode,
  findProducts,
  readKit,
  readProduct,
  removeListing,
  resolveListing,
  reviseProduct,
} from "../../src/catalogue/index.ts"
import type { InvalidInput } from "../../src/command/index.ts"
import { Store } from "../../src/store/index.ts"
import { inWorld } from "../world.ts"

const CONNECTION = "01890a5d-ac96-774b-8cce-b302099a8070"
const EAN = "4006381333931"
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
]
const SKUS = ["", " A", "A/B", "A\u0000B", "x".repeat(65), 1, null, undefined]
const CHANNEL_SKUS = ["", " x", "a\tb", "x".repeat(129), 5, undefined]
const GRAMS = [0, -1, 0.5, 30_000_001, Number.NaN, "100"]

/** Each operation with input that is right, and for each field what is wrong with it. */
const table = {
  defineProduct: {
    run: defineProduct,
    good: {
      key: "1",
      sku: "TEA",
      title: "Tea",
      barcodes: [EAN],
      packs: [
        { code: "case", units: 12, barcodes: [] },
        { code: "pallet", units: 480, barcodes: [] },
      ],
      size: { length: 1, width: 2, height: 3 },
      tracking: { lot: true, expiry: true },
      shelfLife: { minimumRemainingDays: 10 },
    },
    bad: {
      key: ["", "a b", undefined],
      sku: SKUS,
      title: ["", " ", "x".repeat(201), "a\nb", 7, undefined],
      barcodes: ["4006381333931", null, Array.from({ length: 21 }, () => EAN)],
      "barcodes[0]": ["4006381333930", "123", "", 4006381333931],
      "barcodes[1]": [EAN, `0${EAN}`],
      packs: [{}, Array.from({ length: 21 }, (_, at) => ({ code: `p${at}`, units: 2 }))],
      "packs[0].code": ["", "two words", "x".repeat(33), undefined],
      "packs[0].units": [...QUANTITIES, 1, undefined],
      "packs[0].barcodes[0]": ["1", EAN],
      "packs[1].code": ["case"],
      weight: [...GRAMS, null],
      size: [1, null],
      "size.length": [0, 20_001, 1.5, "1", undefined],
      tracking: [true, null],
      "tracking.lot": [false, 1, undefined],
      "tracking.expiry": ["yes"],
      "tracking.serial": [0],
      shelfLife: [7],
      "shelfLife.minimumRemainingDays": [-1, 1.5, 3651, Number.NaN, "10"],
      "shelfLife.doNotPickDays": [-1, null],
      availableFrom: [-1, 1.5, "2026-01-01", Number.NaN],
      originCountry: ["gb", "GBR", "", 1],
      hsCode: ["12345", "12345678901", "0902.30", 90230],
      state: ["retired"],
    },
  },
  reviseProduct: {
    run: reviseProduct,
    good: { key: "1", sku: "TEA", changes: {} },
    bad: {
      key: [1],
      sku: SKUS,
      changes: [undefined, null, 1],
      "changes.sku": ["OTHER"],
      "changes.title": ["", null],
      "changes.barcodes": [null],
      "changes.barcodes[0]": ["1"],
      "changes.packs[0].units": [1, 2.5],
      "changes.weight": GRAMS,
      "changes.size": [0],
      "changes.tracking.lot": [1],
      "changes.shelfLife.doNotPickDays": [-1],
      "changes.availableFrom": [-5],
      "changes.originCountry": ["United Kingdom"],
      "changes.hsCode": ["x"],
      "changes.state": ["deleted", null],
      "changes.createdAt": [0],
    },
  },
  defineKit: {
    run: defineKit,
    good: {
      key: "1",
      sku: "SET",
      kind: "virtual",
      components: [
        { sku: "A", quantity: 1 },
        { sku: "B", quantity: 2 },
      ],
    },
    bad: {
      key: [undefined],
      sku: SKUS,
      kind: ["bundle", "", 1, undefined],
      components: [
        null,
        "A",
        undefined,
        Array.from({ length: 101 }, (_, at) => ({ sku: `S${at}`, quantity: 1 })),
      ],
      "components[0].sku": ["SET", "", 5],
      "components[1].sku": ["A", "SET"],
      "components[1].quantity": [...QUANTITIES, undefined],
    },
  },
  defineListing: {
    run: defineListing,
    good: { key: "1", connection: CONNECTION, channelSku: "x", sku: "TEA" },
    bad: {
      key: [""],
      connection: ["", "shop", 1, undefined],
      channelSku: CHANNEL_SKUS,
      sku: SKUS,
      multiple: QUANTITIES,
    },
  },
  removeListing: {
    run: removeListing,
    good: { key: "1", connection: CONNECTION, channelSku: "x" },
    bad: { key: [""], connection: ["1"], channelSku: CHANNEL_SKUS },
  },
  resolveListing: {
    run: resolveListing,
    good: { connection: CONNECTION, channelSku: "x" },
    bad: { connection: [null], channelSku: CHANNEL_SKUS },
  },
  findListings: {
    run: findListings,
    good: { connection: CONNECTION },
    bad: { connection: ["1", undefined], state: ["live"], limit: [0, 1001], after: [1] },
  },
  readProduct: { run: readProduct, good: { sku: "A" }, bad: { sku: SKUS, merchant: ["B"] } },
  readKit: { run: readKit, good: { sku: "A" }, bad: { sku: SKUS } },
  findProducts: {
    run: findProducts,
    good: {},
    bad: { state: ["sold"], limit: [0, -1, 1.5, Number.NaN, 1001], after: [{}] },
  },
  findProductByBarcode: {
    run: findProductByBarcode,
    good: { barcode: EAN },
    bad: { barcode: ["4006381333932", "12345", "", 4006381333931, undefined] },
  },
} as const

type Run = (input: unknown) => ReturnType<typeof readProduct>

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

for (const [name, { run: operation, good, bad }] of Object.entries(table)) {
  describe(name, () => {
    const run = operation as unknown as Run
    for (const [path, values] of Object.entries(bad)) {
      it.effect(`names ${path} when it is not what it must be, and changes nothing`, () =>
        Effect.gen(function* () {
          for (const value of values as ReadonlyArray<unknown>) {
            const input = withField(good, partsOf(path), value)
            const refused = (yield* Effect.flip(run(input))) as InvalidInput
            expect(refused, `${path}: ${value}`).toMatchObject({
              _tag: "InvalidInput",
              command: name,
            })
            const paths = refused.issues.map((issue) => issue.path)
            expect(paths, `${path}: ${value}`).toContain(path)
          }
          expect((yield* (yield* Store).find(AuditLog, "time", {})).items).toEqual([])
        }).pipe(inWorld),
      )
    }
  })
}

describe("an empty kit", () => {
  it.effect("is none", () =>
    Effect.gen(function* () {
      const input = { key: "1", sku: "SET", kind: "virtual", components: [] }
      const refused = (yield* Effect.flip((defineKit as unknown as Run)(input))) as InvalidInput
      expect(refused.issues[0]?.path).toMatch(/^components/u)
    }).pipe(inWorld),
  )
})
