import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted, References } from "effect"
import { type CurrentActor, readStanding } from "../../src/access/index.ts"
import { AuditLog } from "../../src/audit/index.ts"
import { collections } from "../../src/host/index.ts"
import { Ids } from "../../src/kernel/index.ts"
import { type MemoryKeyRing, memoryKeyRingWith, storeDriver } from "../../src/memory/index.ts"
import {
  type ConnectionId,
  Credentials,
  connectChannel,
  disconnectChannel,
  keepCredential,
  readCredential,
} from "../../src/party/index.ts"
import { Vault } from "../../src/privacy/index.ts"
import {
  type CurrentPartition,
  Driver,
  type RawRecord,
  replace,
  Store,
} from "../../src/store/index.ts"
import { inside, MERCHANT_A, opened } from "../world.ts"

const SECRET = "Atzr|canary-refresh-token"

const run = <A, E>(
  work: (
    ring: MemoryKeyRing,
  ) => Effect.Effect<A, E, Store | Ids | Vault | Driver | CurrentPartition | CurrentActor>,
): Promise<A> => {
  const ring = memoryKeyRingWith()
  const quiet = Layer.succeed(References.MinimumLogLevel, "None" as const)
  const store = Store.layer([]).pipe(Layer.provideMerge(Layer.fresh(storeDriver)))
  const keys = ring.layer.pipe(Layer.provide(quiet))
  const world = Vault.layer.pipe(Layer.provideMerge(Layer.mergeAll(store, Ids.layer, keys)))
  return Effect.andThen(opened(), work(ring)).pipe(
    inside(MERCHANT_A),
    Effect.provide(world, { local: true }),
    Effect.runPromise,
  )
}

const connected = Effect.map(
  connectChannel({ key: "c", channel: "amazon", accountReference: "A1" }),
  ({ id }) => id,
)
const kept = Effect.tap(connected, (connection) => keepCredential({ connection, secret: SECRET }))

const stored = (connection: ConnectionId) =>
  Effect.flatMap(Driver, (driver) => driver.get(Credentials, MERCHANT_A, connection))

const dump = Effect.gen(function* () {
  const driver = yield* Driver
  const all = yield* Effect.forEach(collections, (each) =>
    driver.scan(each, MERCHANT_A, undefined, 100),
  )
  return JSON.stringify(all)
})

const failsWith = <A, E extends { readonly _tag: string }, R>(work: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(work), ({ _tag }) => _tag)

describe("the credential of a connection", () => {
  it("is kept sealed, and read as it was, with an event for each reading (R7, I10)", () =>
    run(() =>
      Effect.gen(function* () {
        const connection = yield* kept
        expect(Redacted.value(yield* readCredential(connection))).toBe(SECRET)
        yield* keepCredential({ connection, secret: "another" })
        expect(Redacted.value(yield* readCredential(connection))).toBe("another")
        const text = yield* dump
        for (const secret of [SECRET, Buffer.from(SECRET).toString("base64"), "another"])
          expect(text).not.toContain(secret)
        const events = yield* Effect.flatMap(Store, (store) =>
          store.find(AuditLog, "action", { equals: { action: "readCredential" } }),
        )
        expect(events.items).toHaveLength(2)
      }),
    ))

  it("is gone in the batch that ends the connection, for every worker (R42, I12)", () =>
    run(() =>
      Effect.gen(function* () {
        const connection = yield* kept
        yield* disconnectChannel({ key: "d", connection })
        expect(yield* stored(connection)).toBeUndefined()
        expect(yield* failsWith(readCredential(connection))).toBe("NoCredential")
        expect(yield* failsWith(keepCredential({ connection, secret: SECRET }))).toBe(
          "NoCredential",
        )
        const again = yield* connectChannel({
          key: "c2",
          channel: "amazon",
          accountReference: "A1",
        })
        expect(yield* failsWith(readCredential(again.id))).toBe("NoCredential")
      }),
    ))

  it("is neither read nor kept once the merchant is closed (R40, I12)", () =>
    run(() =>
      Effect.gen(function* () {
        const connection = yield* kept
        const store = yield* Store
        const standing = Option.getOrThrow(yield* readStanding)
        yield* store.commit([replace(standing, { ...standing.value, state: "closed" })])
        expect(yield* failsWith(readCredential(connection))).toBe("NoCredential")
        expect(yield* failsWith(keepCredential({ connection, secret: SECRET }))).toBe(
          "StandingRefused",
        )
      }),
    ))

  it("opens for its own connection only; elsewhere it is tampering, and recorded (I8)", () =>
    run(() =>
      Effect.gen(function* () {
        const first = yield* kept
        const second = yield* connectChannel({
          key: "s",
          channel: "shopify",
          accountReference: "B",
        })
        yield* keepCredential({ connection: second.id, secret: "its own" })
        const driver = yield* Driver
        const { body } = (yield* stored(first)) as RawRecord
        const { version } = (yield* stored(second.id)) as RawRecord
        yield* driver.commit(MERCHANT_A, [
          {
            kind: "replace",
            collection: Credentials,
            id: second.id,
            version,
            body: { ...body, connection: second.id },
          },
        ])
        expect(yield* failsWith(readCredential(second.id))).toBe("Tampered")
        expect(yield* dump).toContain('"reason":"Tampered"')
      }),
    ))

  it("is not kept in any form while the key ring fails (I14)", () =>
    run((ring) =>
      Effect.gen(function* () {
        const connection = yield* connected
        ring.break("unavailable")
        const before = yield* dump
        const refused = yield* Effect.flip(keepCredential({ connection, secret: SECRET }))
        expect(refused._tag).toBe("KeyRingUnavailable")
        expect(`${refused} ${JSON.stringify(refused)}`).not.toContain("canary")
        expect(yield* dump).toBe(before)
      }),
    ))

  it.each([
    ["none at all", {}],
    ["an empty secret", { secret: "" }],
    ["one that is too long", { secret: "canary".repeat(2000) }],
    ["a number", { secret: 7 }],
  ])("is refused by field, without being repeated: %s (R33)", (_what, input) =>
    run(() =>
      Effect.gen(function* () {
        const connection = yield* connected
        const refused = yield* Effect.flip(
          keepCredential({ connection, ...input } as Parameters<typeof keepCredential>[0]),
        )
        expect(refused).toMatchObject({ _tag: "InvalidInput", issues: [{ path: "secret" }] })
        expect(`${refused} ${JSON.stringify(refused)}`).not.toContain("canary")
      }),
    ),
  )
})
