import { Effect, Layer } from "effect"
import { describe, expect, it } from "vitest"
import { collections, openCore, operations } from "../../src/host/index.ts"
import { memoryPorts, storeDriver } from "../../src/memory/index.ts"
import { Driver, type PartitionId } from "../../src/store/index.ts"
import { openShop, ownerOf } from "./hostWorld.ts"

const steps = ["importOrders", "commitOrders", "releaseOrders", "allocateOrders"]
const commandsAndQueries = Object.keys(operations).filter((name) => !steps.includes(name))

const nonsense: ReadonlyArray<readonly [string, unknown]> = [
  ["nothing", undefined],
  ["null", null],
  ["a number", 7],
  ["a text", "SURPRISE-42"],
  ["a list", [1]],
  ["a field too many", { key: "k-1", surprise: "SURPRISE-42" }],
  ["wrong types everywhere", { key: 7, lines: "SURPRISE-42", sku: 7, quantity: "1", order: {} }],
]

/** A shop over a driver whose records can be looked at from outside. */
const openGlassShop = async () => {
  const driver = Driver.of(
    await Effect.runPromise(Effect.provide(Driver, storeDriver, { local: true })),
  )
  const oto = await openCore(Layer.merge(Layer.succeed(Driver, driver), memoryPorts))
  const { merchant } = await openShop(oto)
  const everyRole = {
    ...ownerOf(merchant.id),
    grants: [{ partition: merchant.id, roles: ["owner" as const, "platform_admin" as const] }],
  }
  const dump = () =>
    Effect.forEach(collections, (collection) =>
      driver.scan(collection, merchant.id as PartitionId, undefined, 1000),
    ).pipe(Effect.runPromise)
  return { oto, shop: oto.desk(everyRole, merchant.id), dump }
}

describe("an operation that is asked nonsense", () => {
  it.each(commandsAndQueries)(
    "%s refuses it by field, repeats no value, changes nothing",
    async (name) => {
      const { oto, shop, dump } = await openGlassShop()
      const before = await dump()
      const operation = shop.settled[name as keyof typeof operations] as (
        input: unknown,
      ) => Promise<{ readonly ok: boolean; readonly error?: { readonly _tag: string } }>
      for (const [what, input] of nonsense) {
        const outcome = await operation(input)
        expect(outcome, what).toMatchObject({ ok: false, error: { _tag: "InvalidInput" } })
        expect(`${outcome.error} ${JSON.stringify(outcome.error)}`, what).not.toContain(
          "SURPRISE-42",
        )
      }
      expect(await dump()).toEqual(before)
      await oto.close()
    },
  )
})
