import { expect, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { TestClock } from "effect/testing"
import { Role } from "../../src/access/index.ts"
import {
  dispatchOrder,
  fetchBuyer,
  type OrderId,
  recordPack,
  recordPick,
  restrictBuyer,
  revealForLabel,
  revealForPackingSlip,
} from "../../src/order/index.ts"
import { inside, MERCHANT_A, MERCHANT_B } from "../world.ts"
import { withBuyers } from "./buyerWorld.ts"
import { allocated, DAY, freshKey, receive, released } from "./orderWorld.ts"

/** What the table of security 3 says, written down a second time: purpose, role, and the states that allow it. */
const ALLOWED = new Set([
  ...["released", "picked", "packed", "dispatched"].flatMap((state) => [
    `label owner ${state}`,
    `label manager ${state}`,
    `packing_slip owner ${state}`,
    `packing_slip manager ${state}`,
  ]),
  "label dispatcher packed",
  "label dispatcher dispatched",
  "packing_slip packer picked",
  "packing_slip packer packed",
])

/** Roles that an operation knows at all: others are refused before the order is looked at. */
const KNOWN = {
  label: ["owner", "manager", "dispatcher"],
  packing_slip: ["owner", "manager", "packer"],
} as const

const REVEALS = { label: revealForLabel, packing_slip: revealForPackingSlip } as const
type Purpose = keyof typeof REVEALS

/** What comes of asking: the state's own answer for everybody, or what the table says. */
const OUTCOMES: Record<string, string> = {
  "not released": "BuyerNotHeld",
  restricted: "RevealRefused",
  "past the deadline": "PiiAnonymised",
}

const expected = (purpose: Purpose, role: Role, state: string): string => {
  if (!(KNOWN[purpose] as ReadonlyArray<string>).includes(role)) return "Forbidden"
  if (state in OUTCOMES) return OUTCOMES[state] as string
  return ALLOWED.has(`${purpose} ${role} ${state}`) ? "shown" : "RevealRefused"
}

const lines = [{ line: "1", quantity: 1 }] as [{ line: string; quantity: number }]

/** One order in each state. The order of the rows is the order in which they are made. */
const inEachState = Effect.gen(function* () {
  yield* receive("MUG", 100)
  const at = new Map<string, OrderId>()
  const next = (externalId: string) =>
    Effect.gen(function* () {
      const order = yield* allocated([["MUG", 1]], { externalId })
      yield* fetchBuyer({ key: freshKey(), order })
      return order
    })
  at.set("not released", yield* released([["MUG", 1]], { externalId: "none" }))
  at.set("released", yield* next("released"))
  for (const state of ["picked", "packed", "dispatched", "restricted"]) {
    const order = yield* next(state)
    at.set(state, order)
    yield* recordPick({ key: freshKey(), order, lines })
    if (state !== "picked") yield* recordPack({ key: freshKey(), order, lines })
    if (state === "dispatched") yield* dispatchOrder({ key: freshKey(), order })
    if (state === "restricted") yield* restrictBuyer({ key: freshKey(), order })
  }
  return at
})

const outcome = (purpose: Purpose, order: OrderId) =>
  Effect.map(Effect.result(REVEALS[purpose]({ order })), (result) =>
    Result.isSuccess(result) ? "shown" : result.failure._tag,
  )

const everyCell = (states: Iterable<string>) =>
  [...states].flatMap((state) =>
    Role.literals.flatMap((role) =>
      (["label", "packing_slip"] as const).map((purpose) => ({ state, role, purpose })),
    ),
  )

it("shows a buyer by role, purpose and state as the table says, and nowhere else (R28, R29)", () =>
  withBuyers(() =>
    Effect.gen(function* () {
      const orders = yield* inEachState
      for (const { state, role, purpose } of everyCell(orders.keys())) {
        const order = orders.get(state) as OrderId
        const seen = yield* inside(MERCHANT_A, [role])(outcome(purpose, order))
        expect([purpose, role, state, seen]).toEqual([
          purpose,
          role,
          state,
          expected(purpose, role, state),
        ])
        const foreign = yield* inside(MERCHANT_B, [role])(outcome(purpose, order))
        expect(["Forbidden", "NotFound"]).toContain(foreign)
      }
      yield* TestClock.setTime(31 * DAY)
      const dispatched = orders.get("dispatched") as OrderId
      for (const { role, purpose } of everyCell(["past the deadline"])) {
        const seen = yield* inside(MERCHANT_A, [role])(outcome(purpose, dispatched))
        expect([purpose, role, seen]).toEqual([
          purpose,
          role,
          expected(purpose, role, "past the deadline"),
        ])
      }
    }),
  ))
