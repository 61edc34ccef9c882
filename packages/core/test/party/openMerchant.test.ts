import { describe, expect, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { TestClock } from "effect/testing"
import {
  changeMerchantSettings,
  findMerchants,
  openMerchant,
  readMerchant,
  registerOperator,
} from "../../src/party/index.ts"
import { inside, MERCHANT_A, opened, surroundings } from "../world.ts"
import {
  auditTrail,
  insideMerchant,
  OPERATOR,
  openedMerchant,
  opening,
  registration,
} from "./operatorWorld.ts"
import { unevenWorld } from "./unevenDriver.ts"

const inNewWorld = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  Effect.provide(work, surroundings, { local: true })

describe("opening a merchant", () => {
  it.effect("lists it with its operator and opens its own partition", () =>
    Effect.gen(function* () {
      const merchant = yield* openedMerchant()
      const { items } = yield* inside(OPERATOR)(findMerchants({}))
      expect(items).toEqual([{ id: merchant.id, name: "Tea & Co", openedAt: merchant.createdAt }])
      expect(yield* insideMerchant(merchant)(readMerchant({}))).toEqual({
        merchant,
        standing: { state: "active", since: merchant.createdAt },
      })
      expect(yield* insideMerchant(merchant)(auditTrail)).toEqual(["openMerchant merchant done"])
      expect(yield* inside(OPERATOR)(auditTrail)).toContain("openMerchant merchant done")
    }).pipe(inNewWorld),
  )

  it.effect("opens one merchant for one key, and two for two keys", () =>
    Effect.gen(function* () {
      const merchant = yield* openedMerchant()
      const asOperator = inside(OPERATOR)
      expect(yield* asOperator(openMerchant(opening()))).toEqual(merchant)
      const namesake = yield* asOperator(openMerchant(opening("Tea & Co", "another")))
      expect(namesake.id).not.toBe(merchant.id)
      expect((yield* asOperator(findMerchants({}))).items).toHaveLength(2)
      expect(yield* insideMerchant(merchant)(auditTrail)).toHaveLength(1)
    }).pipe(inNewWorld),
  )

  it.effect("leaves a merchant as it is when the command arrives again much later", () =>
    Effect.gen(function* () {
      const merchant = yield* openedMerchant()
      const change = { key: "euro", currency: "EUR" }
      yield* insideMerchant(merchant)(changeMerchantSettings(change))
      expect(yield* inside(OPERATOR)(openMerchant(opening()))).toEqual(merchant)
      const now = yield* insideMerchant(merchant)(readMerchant({}))
      expect(now.merchant.settings.currency).toBe("EUR")
    }).pipe(inNewWorld),
  )

  it.effect("finishes a half-done opening when the command is sent again", () =>
    Effect.gen(function* () {
      yield* registerOperator(registration)
      const asOperator = inside(OPERATOR)
      const failed = yield* Effect.flip(asOperator(openMerchant(opening())))
      expect(failed._tag).toBe("StoreUnavailable")
      const [entry, ...others] = (yield* asOperator(findMerchants({}))).items
      expect(others).toEqual([])
      const halfOpen = yield* Effect.result(inside(entry?.id ?? OPERATOR)(readMerchant({})))
      expect(Result.isFailure(halfOpen) && halfOpen.failure._tag).toBe("NotFound")

      yield* TestClock.adjust("1 hour")
      const merchant = yield* asOperator(openMerchant(opening()))
      expect(merchant.id).toBe(entry?.id)
      expect(merchant.createdAt).toBe(entry?.openedAt)
      const { standing } = yield* insideMerchant(merchant)(readMerchant({}))
      expect(standing.since).toBeGreaterThan(merchant.createdAt)
      expect((yield* insideMerchant(merchant)(readMerchant({}))).merchant).toEqual(merchant)
      expect((yield* asOperator(findMerchants({}))).items).toHaveLength(1)
      // The third commit is the second half of the first opening: register, enlist, open.
    }).pipe(
      Effect.provide(
        unevenWorld([0], (operation, call) => operation === "commit" && call === 3),
        { local: true },
      ),
    ),
  )

  it.effect("opens one merchant however many send the same command at once", () =>
    Effect.gen(function* () {
      yield* registerOperator(registration)
      const merchants = yield* Effect.forEach(
        Array.from({ length: 16 }, () => opening()),
        (input) => inside(OPERATOR)(openMerchant(input)),
        { concurrency: "unbounded" },
      )
      expect(new Set(merchants.map(({ id }) => id)).size).toBe(1)
      expect((yield* inside(OPERATOR)(findMerchants({}))).items).toHaveLength(1)
    }).pipe(Effect.provide(unevenWorld([0, 2, 5, 1]), { local: true })),
  )

  it.effect("is for operators: a merchant, even its owner, opens no merchant", () =>
    Effect.gen(function* () {
      const merchant = yield* openedMerchant()
      const refused = yield* Effect.flip(insideMerchant(merchant)(openMerchant(opening("Sub"))))
      expect(refused).toMatchObject({ _tag: "NotFound", kind: "operator" })
      const listed = yield* Effect.flip(insideMerchant(merchant)(findMerchants({})))
      expect(listed).toMatchObject({ _tag: "NotFound", kind: "operator" })
    }).pipe(inNewWorld),
  )

  it.effect("needs a role that may", () =>
    Effect.gen(function* () {
      yield* registerOperator(registration)
      const refused = yield* Effect.flip(inside(OPERATOR, ["manager"])(openMerchant(opening())))
      expect(refused._tag).toBe("Forbidden")
      expect((yield* inside(OPERATOR)(findMerchants({}))).items).toEqual([])
    }).pipe(inNewWorld),
  )
})

describe("the directory", () => {
  it.effect("pages by name without gap or repeat", () =>
    Effect.gen(function* () {
      yield* registerOperator(registration)
      const names = ["Fig", "Ash", "Elm", "Bay", "Cob"]
      for (const name of names) yield* inside(OPERATOR)(openMerchant(opening(name)))
      const seen: Array<string> = []
      let page = yield* inside(OPERATOR)(findMerchants({ limit: 2 }))
      for (;;) {
        seen.push(...page.items.map(({ name }) => name))
        if (page.next === undefined) break
        page = yield* inside(OPERATOR)(findMerchants({ limit: 2, after: page.next }))
      }
      expect(seen).toEqual(["Ash", "Bay", "Cob", "Elm", "Fig"])
    }).pipe(inNewWorld),
  )
})

describe("settings", () => {
  it.effect("belong to one merchant", () =>
    Effect.gen(function* () {
      const tea = yield* openedMerchant("Tea")
      const coffee = yield* inside(OPERATOR)(openMerchant(opening("Coffee")))
      const changed = yield* insideMerchant(tea)(
        changeMerchantSettings({ key: "1", currency: "EUR", timeZone: "Europe/Berlin" }),
      )
      expect(changed.settings).toEqual({ currency: "EUR", timeZone: "Europe/Berlin" })
      const other = yield* insideMerchant(coffee)(readMerchant({}))
      expect(other.merchant.settings).toEqual({ currency: "GBP", timeZone: "Europe/London" })
    }).pipe(inNewWorld),
  )

  it.effect("that are left out stay, and the same again leaves no event", () =>
    Effect.gen(function* () {
      const merchant = yield* openedMerchant()
      const change = (key: string) =>
        insideMerchant(merchant)(changeMerchantSettings({ key, currency: "USD" }))
      expect((yield* change("1")).settings).toEqual({
        currency: "USD",
        timeZone: "Europe/London",
      })
      yield* change("2")
      const trail = yield* insideMerchant(merchant)(auditTrail)
      expect(trail.filter((each) => each.startsWith("changeMerchantSettings"))).toHaveLength(1)
    }).pipe(inNewWorld),
  )

  it.effect("are not found where no merchant was opened", () =>
    Effect.gen(function* () {
      yield* registerOperator(registration)
      yield* inside(MERCHANT_A)(opened())
      const change = changeMerchantSettings({ key: "1", currency: "USD" })
      expect((yield* Effect.flip(inside(MERCHANT_A)(change)))._tag).toBe("NotFound")
      expect((yield* Effect.flip(inside(OPERATOR)(change)))._tag).toBe("NotFound")
      expect((yield* Effect.flip(inside(OPERATOR)(readMerchant({}))))._tag).toBe("NotFound")
    }).pipe(inNewWorld),
  )
})
