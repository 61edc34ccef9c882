import { inspect } from "node:util"
import { it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { describe, expect } from "vitest"
import { InvalidInput, invalidField, query } from "../../src/command/index.ts"
import { Address, Quantity } from "../../src/kernel/index.ts"
import { inside, inWorld, MERCHANT_A } from "../world.ts"
import { leftBehind, pay } from "./tillWorld.ts"

const CANARY = "canary.buyer@example.com"
const good = { key: "k", till: "t", coins: 5 }

/** Sends what no type allows, as a caller without types may. */
const send = (input: unknown) => pay(input as typeof good)

const refusalOf = (input: unknown) =>
  inWorld(
    Effect.gen(function* () {
      const refused = yield* Effect.flip(send(input))
      const { tills, receipts, events } = yield* leftBehind
      expect([tills, receipts, events]).toEqual([[], [], []])
      if (!(refused instanceof InvalidInput)) throw new Error(`not InvalidInput: ${refused._tag}`)
      return refused
    }),
  )

const parts = (...units: ReadonlyArray<unknown>) => units.map((each) => ({ units: each }))
const lines = (...each: ReadonlyArray<unknown>) => each.map((some) => ({ sku: "A", parts: some }))

describe("bad input", () => {
  it.effect.each<[string, unknown, Array<string>]>([
    ["a quantity of zero", { ...good, coins: 0 }, ["coins"]],
    ["a negative quantity", { ...good, coins: -1 }, ["coins"]],
    ["a fraction", { ...good, coins: 1.5 }, ["coins"]],
    ["no number", { ...good, coins: Number.NaN }, ["coins"]],
    ["an unsafe number", { ...good, coins: 2 ** 53 }, ["coins"]],
    ["text for a number", { ...good, coins: "5" }, ["coins"]],
    ["a missing field", { key: "k", till: "t" }, ["coins"]],
    ["a null", { ...good, till: null }, ["till"]],
    ["two bad fields", { ...good, till: 1, coins: 0 }, ["till", "coins"]],
    ["a field too many", { ...good, merchant: "m" }, ["merchant"]],
    ["a list for a field", { ...good, lines: "x" }, ["lines"]],
    [
      "a bad line",
      { ...good, lines: [...lines(parts(1)), { sku: "A/B", parts: [] }] },
      ["lines[1].sku"],
    ],
    [
      "a bad part of a line",
      { ...good, lines: lines(parts(1), parts(1, 2, 0)) },
      ["lines[1].parts[2].units"],
    ],
    [
      "a field too many in a line",
      { ...good, lines: [{ sku: "A", parts: [], by: "x" }] },
      ["lines[0].by"],
    ],
    ["a missing field in a line", { ...good, lines: [{ sku: "A" }] }, ["lines[0].parts"]],
    ["no key", { till: "t", coins: 5 }, ["key"]],
    ["an empty key", { ...good, key: "" }, ["key"]],
    ["a key with a space", { ...good, key: "a b" }, ["key"]],
    ["a key too long", { ...good, key: "k".repeat(129) }, ["key"]],
    ["a key that is no text", { ...good, key: 1 }, ["key"]],
    ["nothing", undefined, ["key"]],
    ["null", null, ["key"]],
    ["text", "text", ["key"]],
    ["a list", [], ["key"]],
    ["a number", 5, ["key"]],
  ])("names the field: %s", ([_, input, paths]) =>
    Effect.gen(function* () {
      const refused = yield* refusalOf(input)
      expect(refused.command).toBe("adjustStock")
      expect([...new Set(refused.issues.map(({ path }) => path))]).toEqual(paths)
      for (const path of paths) expect(refused.message).toContain(`${path}: `)
    }),
  )

  it.effect.each<[string, unknown]>([
    ["a quantity", { ...good, coins: CANARY }],
    ["a key", { ...good, key: `${CANARY} ${CANARY}` }],
    ["a field too many", { ...good, note: CANARY }],
    [
      "a deep field",
      { ...good, lines: [{ sku: `/${CANARY}`, parts: [{ units: CANARY, more: CANARY }] }] },
    ],
    ["a list", { ...good, lines: CANARY }],
    ["an object for a text", { ...good, till: { email: CANARY } }],
  ])("never comes back in the error: %s", ([_, input]) =>
    Effect.gen(function* () {
      const refused = yield* refusalOf(input)
      const printed = [
        refused.message,
        refused.toString(),
        JSON.stringify(refused),
        refused.stack,
        inspect(refused, { depth: 9, showHidden: true }),
      ]
      for (const text of printed) expect(text).not.toContain(CANARY)
    }),
  )

  it.effect("does not stand in the way of what is right at the ends of its ranges", () =>
    inWorld(
      Effect.gen(function* () {
        yield* pay({ key: "k".repeat(128), till: "t", coins: 1 })
        yield* pay({ key: "!~", till: "t", coins: 1_000_000_000, lines: [] })
        expect((yield* leftBehind).receipts).toHaveLength(2)
      }),
    ),
  )

  it("found by more than a schema names its field as well", () => {
    const refused = invalidField("adjustStock", "lines[0].sku", "unknown")
    expect(refused.message).toBe("adjustStock: lines[0].sku: unknown")
  })
})

describe("a query", () => {
  const count = query({
    action: "readStock",
    input: Schema.Struct({ units: Quantity, to: Schema.optionalKey(Address) }),
    read: ({ units }) => Effect.succeed(units * 2),
  })

  it.effect("answers what it is asked, and writes nothing", () =>
    inWorld(
      Effect.gen(function* () {
        expect(yield* count({ units: 4 })).toBe(8)
        expect((yield* leftBehind).events).toEqual([])
      }),
    ),
  )

  it.effect("refuses bad input by its path, without telling it", () =>
    inWorld(
      Effect.gen(function* () {
        const to = { line2: CANARY, line1: "", city: "c", country: CANARY }
        const refused = yield* Effect.flip(count({ units: 0, to, more: CANARY } as never))
        expect(refused).toBeInstanceOf(InvalidInput)
        const paths = refused instanceof InvalidInput ? refused.issues.map(({ path }) => path) : []
        expect(paths.sort()).toEqual(["more", "to.country", "to.line1", "units"])
        expect(JSON.stringify(refused) + refused.message + inspect(refused)).not.toContain(CANARY)
        for (const nothing of [undefined, null, "x", []])
          expect((yield* Effect.flip(count(nothing as never)))._tag).toBe("InvalidInput")
      }),
    ),
  )

  it.effect("is refused to who may not ask, before its input is looked at", () =>
    inWorld(
      Effect.gen(function* () {
        const refused = yield* Effect.flip(
          inside(MERCHANT_A, ["privacy_officer"])(count({ units: 0 })),
        )
        expect(refused).toMatchObject({ _tag: "Forbidden", action: "readStock" })
        const { events } = yield* leftBehind
        expect(events).toMatchObject([
          { action: "readStock", outcome: "refused", reason: "Forbidden" },
        ])
      }),
    ),
  )
})
