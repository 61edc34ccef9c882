import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Logger, Stream } from "effect"
import { TestClock } from "effect/testing"
import {
  checkPlaces,
  collections,
  corePlaceNames,
  corePlaces,
  registerPlaces,
  worker,
} from "../../src/host/index.ts"
import { placeholderChannel } from "../../src/memory/index.ts"
import { dispatchOrder, eraseBuyer, SalesChannels } from "../../src/order/index.ts"
import { type Place, PlaceName, PlaceUnavailable, PurgeRegistry } from "../../src/privacy/index.ts"
import { Store } from "../../src/store/index.ts"
import { packed, sealedOf, withBuyers } from "../order/buyerWorld.ts"
import { freshKey } from "../order/orderWorld.ts"
import { surroundings } from "../world.ts"

/** Where an adapter keeps papers: what was put there for an order. */
const journal = () => {
  const papers = new Map<string, string>()
  const asked: Array<string> = []
  let down = false
  const place: Place = {
    name: "courier_journal",
    holds: ["name", "address", "phone"],
    sealedWith: "order_key",
    purge: (order) =>
      Effect.suspend(() => {
        asked.push(order)
        if (down)
          return Effect.fail(
            new PlaceUnavailable({ place: "courier_journal", operation: "purge", retryable: true }),
          )
        papers.delete(order)
        return Effect.void
      }),
    scan: Stream.suspend(() =>
      Stream.fromIterable([...papers].map(([id, content]) => ({ id, content }))),
    ),
  }
  return { place, papers, asked, break: (broken: boolean) => (down = broken) }
}

const channels = (holds: ReadonlyArray<PlaceName> = []) =>
  SalesChannels.from([{ ...placeholderChannel("shopify"), holds }])

/** What the check of a composition comes to. */
const outcomeOf = (
  places: (own: ReadonlyArray<Place>) => ReadonlyArray<Place>,
  holds: ReadonlyArray<PlaceName> = [],
) =>
  Effect.gen(function* () {
    const registry = PurgeRegistry.from(places(yield* corePlaces()))
    return yield* checkPlaces().pipe(
      Effect.match({
        onFailure: ({ _tag, places: missing }) => ({ _tag, missing }),
        onSuccess: () => "composes" as const,
      }),
      Effect.provide(Layer.merge(registry, channels(holds))),
    )
  }).pipe(Effect.provide(surroundings))

describe("a composition", () => {
  it.effect("starts when every place of the engine and its channels is registered", () =>
    Effect.gen(function* () {
      expect(yield* outcomeOf((own) => own)).toBe("composes")
      const { place } = journal()
      expect(yield* outcomeOf((own) => [...own, place], ["courier_journal"])).toBe("composes")
    }),
  )

  it.effect.each(corePlaceNames)("does not start without the engine's own place %s", (missing) =>
    Effect.gen(function* () {
      const without = (own: ReadonlyArray<Place>) => own.filter(({ name }) => name !== missing)
      expect(yield* outcomeOf(without)).toEqual({
        _tag: "PlaceUnregistered",
        missing: [{ place: missing, by: "core" }],
      })
    }),
  )

  it.effect("does not start when a channel may keep something where nobody looks", () =>
    Effect.gen(function* () {
      const holds = ["channel_inbox", "order_pii", "channel_tokens"] as const
      expect(yield* outcomeOf((own) => own, holds)).toEqual({
        _tag: "PlaceUnregistered",
        missing: [
          { place: "channel_inbox", by: "shopify" },
          { place: "channel_tokens", by: "shopify" },
        ],
      })
    }),
  )

  it.effect("does not start when another adapter may", () =>
    Effect.gen(function* () {
      const declarations = [{ by: "dpd", holds: ["courier_journal"] as const }]
      const built = (places: ReadonlyArray<Place>) =>
        Layer.build(
          registerPlaces(places, { declarations }).pipe(
            Layer.provide(Layer.merge(surroundings, channels())),
          ),
        ).pipe(Effect.scoped, Effect.exit)
      expect((yield* built([]))._tag).toBe("Failure")
      expect((yield* built([journal().place]))._tag).toBe("Success")
    }),
  )

  it.effect("names every kind of place once", () =>
    Effect.sync(() => {
      expect(new Set(PlaceName.literals).size).toBe(PlaceName.literals.length)
      for (const name of corePlaceNames) expect(PlaceName.literals).toContain(name)
    }),
  )
})

/** The ids that a composition's places hold, by place. */
const held = Effect.gen(function* () {
  const items = yield* Stream.runCollect((yield* PurgeRegistry).scan)
  const byPlace = Map.groupBy(items, ({ place }) => place)
  return Object.fromEntries([...byPlace].map(([place, some]) => [place, some.map(({ id }) => id)]))
})

const registered = (...places: ReadonlyArray<Place>) =>
  Effect.provide(registerPlaces(places), { local: true })

describe("the engine's own places", () => {
  it("show every record of the engine, each in one place", () =>
    withBuyers(() =>
      Effect.gen(function* () {
        const order = yield* packed
        const byPlace = yield* held
        expect(byPlace["order_pii"]).toEqual([`order_pii/${order}`])
        expect(byPlace["blind_index"]).toEqual([`order_pii/${order}`])
        const { blind_index: _, ...others } = byPlace
        const shown = Object.values(others).flat()
        expect(new Set(shown).size).toBe(shown.length)
        for (const part of ["orders", "connections", "outbox", "receipts", "audit_log"])
          expect(shown.some((id) => id.startsWith(`${part}/`))).toBe(true)
        const [own] = yield* corePlaces()
        expect(own?.holds).toEqual(["name", "address", "phone", "email", "other"])
      }).pipe(registered()),
    ))

  it("cover every collection, so that a new one cannot be forgotten", () =>
    withBuyers(() =>
      Effect.gen(function* () {
        const scanned: Array<string> = []
        const spy = Effect.map(Store, (store) => ({
          ...store,
          scan: ((collection) => {
            scanned.push(collection.name)
            return store.scan(collection)
          }) as typeof store.scan,
        }))
        const places = yield* Effect.provideServiceEffect(corePlaces(), Store, spy)
        yield* Effect.forEach(places, ({ scan }) => Stream.runDrain(scan))
        const twice = ["jobs", "order_pii"]
        expect(scanned.toSorted()).toEqual(
          [...collections.map(({ name }) => name), ...twice].toSorted(),
        )
      }),
    ))

  it("give up an order's sealed data when they are purged, of that order only, as often as one likes", () =>
    withBuyers(() =>
      Effect.gen(function* () {
        const order = yield* packed
        const registry = yield* PurgeRegistry
        yield* registry.purge("01890a5d-ac96-774b-8cce-b302099a80ff")
        expect((yield* sealedOf(order))._tag).toBe("Some")
        const { order_pii: _, blind_index: __, ...before } = yield* held
        yield* registry.purge(order)
        yield* registry.purge(order)
        expect((yield* sealedOf(order))._tag).toBe("None")
        expect(yield* held).toEqual(before)
      }).pipe(registered()),
    ))
})

describe("a registered place", () => {
  it("is asked although another does not answer, and again until all have", () => {
    const [first, second] = [journal(), journal()]
    return withBuyers(() =>
      Effect.gen(function* () {
        const registry = yield* PurgeRegistry
        first.papers.set("o-1", "sealed")
        second.papers.set("o-1", "sealed")
        first.break(true)
        expect(yield* Effect.flip(registry.purge("o-1"))).toMatchObject({
          _tag: "PlaceUnavailable",
          place: "courier_journal",
        })
        expect([first.papers.size, second.papers.size]).toEqual([1, 0])
        first.break(false)
        yield* registry.purge("o-1")
        expect(first.papers.size).toBe(0)
      }).pipe(registered(first.place, second.place)),
    )
  })

  it("loses what it has of an order after its buyer was erased, whenever it answers", () => {
    const { place, papers, asked, break: fail } = journal()
    return withBuyers(() =>
      Effect.gen(function* () {
        const order = yield* packed
        papers.set(order, "sealed")
        papers.set("another", "sealed")
        yield* dispatchOrder({ key: freshKey(), order })
        fail(true)
        yield* eraseBuyer({ key: freshKey(), order })
        const working = yield* Effect.forkChild(worker([], { pollMillis: 1 }))
        while (asked.length === 0) yield* TestClock.adjust("1 millis")
        expect(papers.size).toBe(2)
        fail(false)
        while (papers.size === 2) yield* TestClock.adjust("1 second")
        yield* Fiber.interrupt(working)
        expect([...papers.keys()]).toEqual(["another"])
        expect(new Set(asked)).toEqual(new Set([order]))
      }).pipe(registered(place), Effect.provide(Logger.layer([]))),
    )
  })
})
