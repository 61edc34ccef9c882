import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { defineListing, removeListing } from "../../src/catalogue/index.ts"
import {
  adjustStock,
  ChannelRules,
  readChannelQuantity,
  releaseCommitment,
  setChannelRule,
} from "../../src/inventory/index.ts"
import { connectChannel, disconnectChannel } from "../../src/party/index.ts"
import { inside, inWorld, MERCHANT_B } from "../world.ts"
import {
  BASKET,
  books,
  commit,
  define,
  defineVirtualKit,
  everything,
  freshKey,
  LEEDS,
  LONDON,
  receive,
  records,
} from "./promiseWorld.ts"

const connect = Effect.suspend(() => {
  const key = freshKey()
  return Effect.map(
    connectChannel({ key, channel: "shopify", accountReference: key }),
    ({ id }) => id,
  )
})

const told = (
  connection: string,
  asked: Partial<Parameters<typeof readChannelQuantity>[0]> = { sku: "MUG" },
) => readChannelQuantity({ connection, ...asked })

describe("readChannelQuantity", () => {
  it.effect("tells all that is available, over all warehouses, where no rule is set", () =>
    Effect.gen(function* () {
      const connection = yield* connect
      yield* define("MUG")
      yield* receive("MUG", 5)
      yield* receive("MUG", 4, { warehouse: LEEDS })
      yield* receive("MUG", 3, { bin: "Q-1", condition: "quarantine" })
      yield* commit([["MUG", 2]])
      expect(yield* told(connection)).toMatchObject({ sku: "MUG", quantity: 7, available: 7 })
      expect(yield* told(connection, { sku: "MUG", warehouses: [LEEDS] })).toMatchObject({
        quantity: 4,
      })
    }).pipe(inWorld),
  )

  it.effect("lets a shortfall in one warehouse take nothing from another", () =>
    Effect.gen(function* () {
      const connection = yield* connect
      yield* define("MUG")
      yield* receive("MUG", 5)
      yield* receive("MUG", 4, { warehouse: LEEDS })
      yield* commit([["MUG", 5]])
      yield* adjustStock({
        key: "lost",
        direction: "remove",
        reason: "lost",
        warehouse: LONDON,
        bin: "A-1",
        sku: "MUG",
        quantity: 3,
      })
      expect((yield* books).pools).toMatchObject({ MUG: { uncommitted: -3 } })
      expect((yield* told(connection)).quantity).toBe(4)
    }).pipe(inWorld),
  )

  it.effect("goes by the rule of the SKU, else by the rule for all", () =>
    Effect.gen(function* () {
      const connection = yield* connect
      const other = yield* connect
      yield* define("MUG", "PEN")
      yield* receive("MUG", 10)
      yield* receive("PEN", 10)
      yield* setChannelRule({ key: "1", connection, sku: "*", buffer: 1, share: 5000 })
      yield* setChannelRule({ key: "2", connection, sku: "MUG", buffer: 2, cap: 7 })
      expect((yield* told(connection)).quantity).toBe(7)
      expect((yield* told(connection, { sku: "PEN" })).quantity).toBe(4)
      expect((yield* told(other, { sku: "PEN" })).quantity).toBe(10)
      yield* setChannelRule({ key: "3", connection, sku: "MUG", endWhen: 10 })
      expect((yield* told(connection)).quantity).toBe(0)
    }).pipe(inWorld),
  )

  it.effect("makes kits of what the components have, warehouse by warehouse", () =>
    Effect.gen(function* () {
      const connection = yield* connect
      yield* define("TEA", "CUP")
      yield* defineVirtualKit("SET", ["TEA", 1], ["CUP", 4])
      yield* receive("TEA", 5)
      yield* receive("CUP", 11)
      yield* receive("TEA", 1, { warehouse: LEEDS })
      yield* receive("CUP", 40, { warehouse: LEEDS })
      expect(yield* told(connection, { sku: "SET" })).toMatchObject({ quantity: 3, available: 3 })
    }).pipe(inWorld),
  )

  it.effect("counts in the units of the listing, full ones only", () =>
    Effect.gen(function* () {
      const connection = yield* connect
      yield* define("MUG")
      yield* receive("MUG", 11)
      yield* defineListing({ key: "1", connection, channelSku: "MUG x3", sku: "MUG", multiple: 3 })
      const asked = { channelSku: "MUG x3" }
      expect(yield* told(connection, asked)).toMatchObject({
        sku: "MUG",
        quantity: 3,
        available: 11,
        multiple: 3,
      })
      yield* removeListing({ key: "2", connection, channelSku: "MUG x3" })
      expect(yield* Effect.flip(told(connection, asked))).toMatchObject({
        _tag: "NotFound",
        kind: "listing",
      })
    }).pipe(inWorld),
  )

  it.effect("has a higher version after every change that it depends on (O7)", () =>
    Effect.gen(function* () {
      const connection = yield* connect
      yield* define("TEA", "CUP")
      yield* defineVirtualKit("SET", ["TEA", 1], ["CUP", 4])
      yield* receive("TEA", 5)
      yield* receive("CUP", 12)
      const version = Effect.map(told(connection, { sku: "SET" }), (found) => found.version)
      let last = yield* version
      const changes = [
        receive("CUP", 4),
        receive("TEA", 4, { warehouse: LEEDS }),
        commit([["SET", 1]]),
        releaseCommitment({ key: "undo", document: BASKET }),
        setChannelRule({ key: "1", connection, sku: "*", buffer: 1 }),
        setChannelRule({ key: "2", connection, sku: "SET", buffer: 1 }),
        setChannelRule({ key: "3", connection, sku: "SET", buffer: 2 }),
        setChannelRule({ key: "4", connection, sku: "*", buffer: 2 }),
      ]
      for (const change of changes) {
        yield* change as Effect.Effect<unknown>
        const next = yield* version
        expect(next).toBeGreaterThan(last)
        last = next
      }
      expect(yield* version).toBe(last)
    }).pipe(inWorld),
  )

  it.effect("names a SKU that the catalogue does not have", () =>
    Effect.gen(function* () {
      const connection = yield* connect
      expect(yield* Effect.flip(told(connection))).toMatchObject({
        _tag: "NotFound",
        kind: "product",
        id: "MUG",
      })
    }).pipe(inWorld),
  )
})

describe("setChannelRule", () => {
  it.effect("replaces the rule as a whole, and changes nothing when it says the same", () =>
    Effect.gen(function* () {
      const connection = yield* connect
      yield* define("MUG")
      yield* setChannelRule({ key: "1", connection, sku: "MUG", buffer: 2, cap: 9 })
      const rule = yield* setChannelRule({ key: "2", connection, sku: "MUG", share: 2500 })
      expect(rule).toMatchObject({ buffer: 0, share: 2500, endWhen: 0 })
      expect(rule).not.toHaveProperty("cap")
      expect(yield* records(ChannelRules)).toMatchObject([{ value: rule, version: 2 }])
      const before = yield* everything()
      expect(yield* setChannelRule({ key: "3", connection, sku: "MUG", share: 2500 })).toEqual(rule)
      expect(yield* everything()).toEqual(before)
    }).pipe(inWorld),
  )

  it.effect("wants a connection that is connected, and a SKU that exists", () =>
    Effect.gen(function* () {
      const connection = yield* connect
      const theirs = yield* connect.pipe(inside(MERCHANT_B))
      yield* define("MUG")
      const before = yield* records(ChannelRules)
      const refused = (of: string, sku = "MUG") =>
        Effect.flip(setChannelRule({ key: freshKey(), connection: of, sku }))
      expect(yield* refused(theirs)).toMatchObject({ _tag: "NotFound", kind: "connection" })
      expect(yield* refused(connection, "PEN")).toMatchObject({ _tag: "NotFound", id: "PEN" })
      yield* disconnectChannel({ key: "bye", connection })
      expect(yield* refused(connection)).toMatchObject({ _tag: "NotFound", kind: "connection" })
      expect(yield* records(ChannelRules)).toEqual(before)
    }).pipe(inWorld),
  )
})
