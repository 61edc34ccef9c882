import { describe, expect, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { TestClock } from "effect/testing"
import { connectChannel, disconnectChannel, findConnections } from "../../src/party/index.ts"
import { inside, inWorld, MERCHANT_A, MERCHANT_B, opened } from "../world.ts"
import { unevenWorld } from "./unevenDriver.ts"

const SHOP = { channel: "shopify", accountReference: "tea.example" }

describe("connecting a channel", () => {
  it.effect("makes a connection that is found", () =>
    Effect.gen(function* () {
      const connection = yield* connectChannel({ key: "1", ...SHOP })
      expect(connection).toMatchObject({ ...SHOP, state: "connected" })
      expect((yield* findConnections({})).items).toEqual([connection])
    }).pipe(inWorld),
  )

  it.effect("refuses an account that is connected, and names its connection", () =>
    Effect.gen(function* () {
      const { id } = yield* connectChannel({ key: "1", ...SHOP })
      expect(yield* Effect.flip(connectChannel({ key: "2", ...SHOP }))).toMatchObject({
        _tag: "AccountConnected",
        channel: "shopify",
        connection: id,
      })
      yield* connectChannel({ key: "3", ...SHOP, accountReference: "coffee.example" })
      yield* connectChannel({ key: "4", ...SHOP, channel: "amazon" })
      expect((yield* findConnections({})).items).toHaveLength(3)
    }).pipe(inWorld),
  )

  it.effect("connects an account once, however many try at the same moment", () =>
    Effect.gen(function* () {
      yield* inside(MERCHANT_A)(opened())
      const tries = yield* Effect.forEach(
        Array.from({ length: 16 }, (_, at) => `${at}`),
        (key) => Effect.result(inside(MERCHANT_A)(connectChannel({ key, ...SHOP }))),
        { concurrency: "unbounded" },
      )
      const made = tries.filter(Result.isSuccess)
      expect(made).toHaveLength(1)
      for (const refused of tries.filter(Result.isFailure))
        expect(refused.failure).toMatchObject({
          _tag: "AccountConnected",
          connection: made[0]?.success.id,
        })
    }).pipe(Effect.provide(unevenWorld([0, 4, 1, 2]), { local: true })),
  )

  it.effect("of two merchants to one account does not tell either of the other", () =>
    Effect.gen(function* () {
      const mine = yield* connectChannel({ key: "1", ...SHOP })
      const theirs = yield* inside(MERCHANT_B)(connectChannel({ key: "1", ...SHOP }))
      expect(theirs.id).not.toBe(mine.id)
      expect((yield* findConnections({})).items).toEqual([mine])
    }).pipe(inWorld),
  )
})

describe("disconnecting a channel", () => {
  it.effect("is final: who connects the account again gets a new id", () =>
    Effect.gen(function* () {
      const { id } = yield* connectChannel({ key: "1", ...SHOP })
      const ended = yield* disconnectChannel({ key: "2", connection: id })
      expect(ended).toMatchObject({ id, state: "disconnected" })
      expect(ended.disconnectedAt).toBeDefined()
      const again = yield* connectChannel({ key: "3", ...SHOP })
      expect(again.id).not.toBe(id)
      const of = (state: "connected" | "disconnected") =>
        Effect.map(findConnections({ state }), ({ items }) => items.map((each) => each.id))
      expect(yield* of("connected")).toEqual([again.id])
      expect(yield* of("disconnected")).toEqual([id])
    }).pipe(inWorld),
  )

  it.effect("twice changes nothing", () =>
    Effect.gen(function* () {
      const { id } = yield* connectChannel({ key: "1", ...SHOP })
      const ended = yield* disconnectChannel({ key: "2", connection: id })
      yield* TestClock.adjust("1 hour")
      expect(yield* disconnectChannel({ key: "3", connection: id })).toEqual(ended)
    }).pipe(inWorld),
  )

  it.effect("of another merchant looks like one that does not exist", () =>
    Effect.gen(function* () {
      const { id } = yield* inside(MERCHANT_B)(connectChannel({ key: "1", ...SHOP }))
      expect(yield* Effect.flip(disconnectChannel({ key: "2", connection: id }))).toMatchObject({
        _tag: "NotFound",
        kind: "connection",
      })
      expect(
        (yield* inside(MERCHANT_B)(findConnections({ state: "connected" }))).items,
      ).toHaveLength(1)
    }).pipe(inWorld),
  )
})
