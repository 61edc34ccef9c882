import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import type { InvalidInput } from "../../src/command/index.ts"
import {
  changeMerchantSettings,
  changeStanding,
  closeMerchant,
  connectChannel,
  disconnectChannel,
  findConnections,
  findMerchants,
  openMerchant,
  readMerchant,
  registerOperator,
} from "../../src/party/index.ts"
import { inside, inWorld, MERCHANT_A } from "../world.ts"
import { auditTrail, opening, registration } from "./operatorWorld.ts"

const CONNECTION = "01890a5d-ac96-774b-8cce-b302099a8070"
const LONG = "x".repeat(201)

/** Each operation with input that is right, and for each field what is wrong with it. */
const table = {
  registerOperator: {
    run: registerOperator,
    good: registration,
    bad: {
      key: ["", "two words", 1, undefined],
      id: ["", "1", MERCHANT_A.toUpperCase(), 7],
      name: ["", " x", LONG, "a\nb", null],
      timeZone: ["Mars/Olympus", "", 0],
    },
  },
  openMerchant: {
    run: openMerchant,
    good: opening(),
    bad: {
      key: ["", "x".repeat(129), undefined, {}],
      name: ["", LONG, 1],
      settings: [undefined, "GBP", null],
      "settings.currency": ["gbp", "XXX", "", 826],
      "settings.timeZone": ["Europe/Nowhere", 1],
      "settings.language": ["en"],
    },
  },
  changeMerchantSettings: {
    run: changeMerchantSettings,
    good: { key: "1" },
    bad: { key: [""], currency: ["pounds", null], timeZone: ["GMT+25"], name: ["New"] },
  },
  changeStanding: {
    run: changeStanding,
    good: { key: "1", to: "on_stop", reason: "credit" },
    bad: { key: [5], to: ["closed", "open", 1], reason: ["because", "own:Not This", 3, undefined] },
  },
  closeMerchant: {
    run: closeMerchant,
    good: { key: "1", reason: "contract" },
    bad: { key: [null], reason: ["", false], force: [true] },
  },
  connectChannel: {
    run: connectChannel,
    good: { key: "1", channel: "amazon", accountReference: "A1B2" },
    bad: {
      key: [undefined],
      channel: ["Amazon", "", 1],
      accountReference: ["", "two words", "x".repeat(129), 1],
      credentials: ["secret"],
    },
  },
  disconnectChannel: {
    run: disconnectChannel,
    good: { key: "1", connection: CONNECTION },
    bad: { key: ["é"], connection: ["1", "", null, CONNECTION.replace("-774b", "-474b")] },
  },
  readMerchant: { run: readMerchant, good: {}, bad: { merchant: [MERCHANT_A] } },
  findMerchants: {
    run: findMerchants,
    good: {},
    bad: { limit: [0, 1001, 1.5, Number.NaN, "10"], after: [1] },
  },
  findConnections: {
    run: findConnections,
    good: {},
    bad: { limit: [-1], after: [{}], state: ["live", 1] },
  },
} as const

/** The input with the field at a dotted path set, or left out for undefined. */
const withField = (input: object, path: string, value: unknown): object => {
  const [head = "", ...rest] = path.split(".")
  const { [head]: before, ...others } = input as { readonly [field: string]: unknown }
  const next = rest.length === 0 ? value : withField(before as object, rest.join("."), value)
  return next === undefined ? others : { ...others, [head]: next }
}

type Run = (input: object) => ReturnType<typeof openMerchant>

for (const [name, { run: operation, good, bad }] of Object.entries(table)) {
  describe(name, () => {
    const run = operation as unknown as Run
    for (const [path, values] of Object.entries(bad)) {
      it.effect(`names ${path} when it is not what it must be, and changes nothing`, () =>
        Effect.gen(function* () {
          for (const value of values as ReadonlyArray<unknown>) {
            const input = withField(good, path, value)
            const refused = (yield* Effect.flip(run(input))) as InvalidInput
            expect(refused).toMatchObject({ _tag: "InvalidInput", command: name })
            expect(refused.issues.map((issue) => issue.path)).toContain(path)
          }
          expect(yield* auditTrail).toEqual([])
          expect(yield* inside(MERCHANT_A)(auditTrail)).toEqual([])
        }).pipe(inWorld),
      )
    }
  })
}
