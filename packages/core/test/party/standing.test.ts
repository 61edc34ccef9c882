import { describe, expect, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { StandingState } from "../../src/access/index.ts"
import {
  changeMerchantSettings,
  changeStanding,
  closeMerchant,
  connectChannel,
  decideStanding,
  disconnectChannel,
  readMerchant,
  registerOperator,
  StandingChanges,
  standingTransitions,
} from "../../src/party/index.ts"
import { CurrentPartition, Store } from "../../src/store/index.ts"
import { inside, surroundings } from "../world.ts"
import { insideMerchant, OPERATOR, openedMerchant, registration } from "./operatorWorld.ts"

/** Runs `work` inside a new merchant. */
const inMerchant = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  Effect.flatMap(openedMerchant(), (merchant) => insideMerchant(merchant)(work)).pipe(
    Effect.provide(surroundings, { local: true }),
  )

type Reachable = "active" | "on_stop" | "suspended" | "closing"
let sent = 0
const standAt = (to: Reachable) =>
  changeStanding({ key: `standing-${sent++}`, to, reason: "contract" })
const shut = (key = `close-${sent++}`) => closeMerchant({ key, reason: "own_request" })

describe("a standing", () => {
  it("leads where the table says, and nowhere else", () => {
    for (const from of StandingState.literals)
      for (const to of StandingState.literals)
        expect(Result.isSuccess(decideStanding(from, to))).toBe(
          standingTransitions[from].includes(to),
        )
  })

  it("never changes into itself, is never reached again once closed, and closes from closing only", () => {
    for (const from of StandingState.literals) {
      expect(standingTransitions[from]).not.toContain(from)
      expect(standingTransitions[from].includes("closed")).toBe(from === "closing")
    }
    expect(standingTransitions.closed).toEqual([])
    expect(standingTransitions.closing).toEqual(["active", "closed"])
  })

  it.effect("is not the merchant's own to change: its owner cannot lift a stop", () =>
    Effect.gen(function* () {
      yield* standAt("on_stop")
      const { id } = yield* CurrentPartition
      const lifting = changeStanding({ key: "lift", to: "active", reason: "contract" })
      expect(yield* Effect.flip(inside(id, ["owner"])(lifting))).toMatchObject({
        _tag: "Forbidden",
        action: "changeStanding",
      })
    }).pipe(inMerchant),
  )

  it.effect("of a merchant on stop lets it write; of a suspended one it does not", () =>
    Effect.gen(function* () {
      const connect = (accountReference: string) =>
        connectChannel({ key: accountReference, channel: "shopify", accountReference })
      yield* standAt("on_stop")
      yield* connect("one")
      yield* standAt("suspended")
      expect(yield* Effect.flip(connect("two"))).toMatchObject({
        _tag: "StandingRefused",
        state: "suspended",
        allowed: ["active", "on_stop"],
      })
      yield* standAt("active")
      yield* connect("two")
    }).pipe(inMerchant),
  )

  it.effect("is kept with its reasons: who changed it from what to what, and why", () =>
    Effect.gen(function* () {
      yield* changeStanding({ key: "1", to: "on_stop", reason: "credit" })
      yield* changeStanding({ key: "2", to: "active", reason: "own:paid_by_card" })
      const { items } = yield* (yield* Store).find(StandingChanges, "time", {})
      expect(items.map(({ value: { from, to, reason } }) => [from, to, reason])).toEqual([
        ["active", "on_stop", "credit"],
        ["on_stop", "active", "own:paid_by_card"],
      ])
    }).pipe(inMerchant),
  )

  it.effect("that is asked for twice changes once", () =>
    Effect.gen(function* () {
      const first = yield* standAt("on_stop")
      expect(yield* standAt("on_stop")).toEqual(first)
      const { items } = yield* (yield* Store).find(StandingChanges, "time", {})
      expect(items).toHaveLength(1)
    }).pipe(inMerchant),
  )

  it.effect("of an operator is not for these commands", () =>
    Effect.gen(function* () {
      yield* registerOperator(registration)
      const refused = yield* Effect.flip(inside(OPERATOR, ["platform_admin"])(standAt("suspended")))
      expect(refused).toMatchObject({ _tag: "NotFound", kind: "merchant" })
    }).pipe(Effect.provide(surroundings, { local: true })),
  )
})

describe("closing a merchant", () => {
  it.effect("takes two steps: winding up, then closed", () =>
    Effect.gen(function* () {
      expect(yield* Effect.flip(shut())).toMatchObject({
        _tag: "StandingRefused",
        state: "active",
        allowed: ["closing"],
      })
      yield* standAt("closing")
      expect(yield* shut()).toMatchObject({ state: "closed" })
      expect((yield* readMerchant({})).standing.state).toBe("closed")
    }).pipe(inMerchant),
  )

  it.effect("can be called off while it winds up, and back to active only", () =>
    Effect.gen(function* () {
      yield* standAt("closing")
      expect(yield* Effect.flip(standAt("on_stop"))).toMatchObject({
        _tag: "StandingChangeRefused",
        from: "closing",
        to: "on_stop",
        allowed: ["active", "closed"],
      })
      expect((yield* standAt("active")).state).toBe("active")
    }).pipe(inMerchant),
  )

  it.effect("lets go of channels while winding up, and takes no new ones", () =>
    Effect.gen(function* () {
      const shop = { channel: "shopify", accountReference: "shop-1" }
      const { id } = yield* connectChannel({ key: "1", ...shop })
      yield* standAt("closing")
      const refused = yield* Effect.flip(connectChannel({ key: "2", ...shop }))
      expect(refused._tag).toBe("StandingRefused")
      yield* disconnectChannel({ key: "3", connection: id })
    }).pipe(inMerchant),
  )

  it.effect("is final", () =>
    Effect.gen(function* () {
      yield* standAt("closing")
      yield* shut()
      expect(yield* Effect.flip(standAt("active"))).toMatchObject({
        _tag: "StandingChangeRefused",
        from: "closed",
        allowed: [],
      })
      expect((yield* Effect.flip(shut()))._tag).toBe("StandingRefused")
      const change = changeMerchantSettings({ key: "late", currency: "EUR" })
      expect((yield* Effect.flip(change))._tag).toBe("StandingRefused")
      expect((yield* readMerchant({})).merchant.settings.currency).toBe("GBP")
    }).pipe(inMerchant),
  )

  it.effect("answers the same command with the recorded answer", () =>
    Effect.gen(function* () {
      yield* standAt("closing")
      const closed = yield* shut("close-for-good")
      expect(yield* shut("close-for-good")).toEqual(closed)
    }).pipe(inMerchant),
  )

  it.effect("needs a role that may", () =>
    Effect.gen(function* () {
      const merchant = yield* openedMerchant()
      const asManager = inside(merchant.id, ["manager"])
      expect((yield* Effect.flip(asManager(standAt("closing"))))._tag).toBe("Forbidden")
      yield* insideMerchant(merchant)(standAt("closing"))
      expect((yield* Effect.flip(asManager(shut())))._tag).toBe("Forbidden")
      expect((yield* asManager(readMerchant({}))).standing.state).toBe("closing")
    }).pipe(Effect.provide(surroundings, { local: true })),
  )
})
