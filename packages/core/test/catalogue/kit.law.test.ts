import { Effect, Result } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  defineKit,
  defineProduct,
  explodeKit,
  type KitComponent,
  kitAvailability,
  lookUpKits,
} from "../../src/catalogue/index.ts"
import { contains } from "../../src/catalogue/kitGraph.ts"
import { MAX_UNITS, type Quantity, Sku } from "../../src/kernel/index.ts"
import { unevenWorld } from "../party/unevenDriver.ts"
import { inside, MERCHANT_A, opened } from "../world.ts"

const sku = (at: number) => Sku.make(`SKU-${at}`)

/** A kit of one to six components, with what is available of each. */
const stocked = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: -50, max: 400 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => {
    const [first, ...rest] = parts.map(
      ([quantity], at): KitComponent => ({ sku: sku(at), quantity: quantity as Quantity }),
    )
    if (first === undefined) throw new Error("one at least")
    const available = new Map(parts.map(([, units], at) => [sku(at), units]))
    const components: readonly [KitComponent, ...Array<KitComponent>] = [first, ...rest]
    return {
      kit: { sku: Sku.make("KIT"), components },
      availableOf: (of: Sku) => available.get(of) ?? 0,
    }
  })

describe("kits", () => {
  it("R11 explode to the ratio of every component", () => {
    fc.assert(
      fc.property(stocked, fc.integer({ min: 1, max: 10_000 }), ({ kit }, kits) => {
        const parts = Result.getOrThrow(explodeKit(kit, kits as Quantity))
        expect(parts).toHaveLength(kit.components.length)
        for (const [at, part] of parts.entries()) {
          expect(part.sku).toBe(kit.components[at]?.sku)
          expect(part.quantity).toBe((kit.components[at]?.quantity ?? 0) * kits)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it("are available exactly as often as their components suffice", () => {
    fc.assert(
      fc.property(stocked, ({ kit, availableOf }) => {
        const suffices = (kits: number) =>
          kit.components.every(({ sku: of, quantity }) => quantity * kits <= availableOf(of))
        const kits = kitAvailability(kit, availableOf)
        expect(kits).toBeGreaterThanOrEqual(0)
        if (kits > 0) expect(suffices(kits)).toBe(true)
        expect(suffices(kits + 1)).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })

  it("that come to more units than a quantity holds are refused as a whole", () => {
    const kit = {
      sku: Sku.make("KIT"),
      components: [
        { sku: sku(1), quantity: 1 as Quantity },
        { sku: sku(2), quantity: 2 as Quantity },
      ],
    } as const
    expect(Result.getOrThrow(Result.flip(explodeKit(kit, MAX_UNITS as Quantity)))).toMatchObject({
      _tag: "KitRefused",
      reason: "too many units",
      component: "SKU-2",
    })
  })

  it("never form a circle, whoever defines them at the same moment", async () => {
    let refused = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 12 }),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 2, maxLength: 4 }),
        async (pace, ring) => {
          const outcome = await Effect.runPromise(
            Effect.gen(function* () {
              yield* opened()
              const skus = ring.map(sku)
              yield* Effect.forEach(skus, (each) =>
                defineProduct({ key: each, sku: each, title: each }),
              )
              // Each is to be made of the next one, the last of the first: one of them at least must be refused.
              const made = yield* Effect.forEach(
                skus,
                (each, at) =>
                  Effect.result(
                    defineKit({
                      key: `kit-${each}`,
                      sku: each,
                      kind: "assembled",
                      components: [{ sku: skus[(at + 1) % skus.length] ?? each, quantity: 1 }],
                    }),
                  ),
                { concurrency: "unbounded" },
              )
              const stored = yield* lookUpKits(skus)
              const kits = new Map([...stored].map(([each, { value }]) => [each, value]))
              return { made, kits }
            }).pipe(inside(MERCHANT_A), Effect.provide(unevenWorld(pace), { local: true })),
          )
          for (const [each, kit] of outcome.kits)
            for (const part of kit.components)
              expect(contains(outcome.kits, part.sku, each)).toBe(false)
          const failures = outcome.made.filter(Result.isFailure)
          expect(failures).toHaveLength(1)
          expect(failures[0]?.failure._tag).toBe("KitRefused")
          refused += failures.length
        },
      ),
      { numRuns: 300 },
    )
    expect(refused).toBeGreaterThan(0)
  })
})
