import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import {
  AuditChains,
  AuditDigests,
  AuditLog,
  expireAuditLog,
  verifyDigests,
} from "../../src/audit/index.ts"
import { sealAuditLog } from "../../src/privacy/index.ts"
import { type CollectionShape, Driver, type RawRecord } from "../../src/store/index.ts"
import { MERCHANT_A } from "../world.ts"
import { inAudit, verified, write } from "./auditWorld.ts"

/** Four events in two digests, and one that waits. */
const sealedLog = Effect.gen(function* () {
  for (const id of ["o-1", "o-2", "o-3", "o-4"]) {
    yield* write({ object: { kind: "order", id } })
    yield* TestClock.adjust(1_000)
  }
  yield* sealAuditLog({ limit: 2 })
  yield* write()
})

const raw = (collection: CollectionShape) =>
  Effect.flatMap(Driver, (driver) => driver.scan(collection, MERCHANT_A, undefined, 100))

/** Writes what no schema would let through: by hand, into the store. */
const overwrite = (
  collection: CollectionShape,
  record: RawRecord | undefined,
  body: RawRecord["body"],
) =>
  Effect.flatMap(Driver, (driver) =>
    record === undefined
      ? Effect.die("nothing to overwrite")
      : driver.commit(MERCHANT_A, [
          { kind: "replace", collection, id: record.id, version: record.version, body },
        ]),
  )

const byDigest = (digest: number) => (record: RawRecord) => record.body["digest"] === digest

describe("a hand in the store is found", () => {
  it.effect.each([
    ["an action that is none", { action: "Not An Action" }],
    ["an instant that is none", { at: "yesterday" }],
    ["a digest and a wait at once", { unsealedAt: 0 }],
    ["a personal name for an actor", { actor: { kind: "user", id: "Canary Buyer" } }],
    ["no outcome", { outcome: null }],
  ] as const)("where an event got %s", ([, change]) =>
    Effect.gen(function* () {
      yield* sealedLog
      const event = (yield* raw(AuditLog)).find(byDigest(2))
      yield* overwrite(AuditLog, event, { ...event?.body, ...change })
      expect((yield* verified).broken).toEqual({ digest: 2, what: "edited_event" })
    }).pipe(inAudit),
  )

  it.effect("where two events changed their places, each with its id", () =>
    Effect.gen(function* () {
      yield* sealedLog
      const [one, two] = (yield* raw(AuditLog)).filter(byDigest(1))
      yield* overwrite(AuditLog, one, two?.body ?? {})
      yield* overwrite(AuditLog, two, one?.body ?? {})
      expect((yield* verified).broken).toEqual({ digest: 1, what: "edited_event" })
    }).pipe(inAudit),
  )

  it.effect("where an event lost its digest and does not wait either", () =>
    Effect.gen(function* () {
      yield* sealedLog
      const event = (yield* raw(AuditLog)).find(byDigest(1))
      const { digest: _, ...rest } = event?.body ?? {}
      yield* overwrite(AuditLog, event, rest)
      expect((yield* verified).broken).toEqual({ digest: 1, what: "dropped_event" })
    }).pipe(inAudit),
  )

  it.effect("where a digest was made unreadable", () =>
    Effect.gen(function* () {
      yield* sealedLog
      const digest = (yield* raw(AuditDigests))[1]
      yield* overwrite(AuditDigests, digest, { ...digest?.body, count: -1 })
      expect((yield* verified).broken).toEqual({ digest: 2, what: "edited_digest" })
    }).pipe(inAudit),
  )

  it.effect(
    "where the chain's record was made unreadable, and nothing is sealed or let go then",
    () =>
      Effect.gen(function* () {
        yield* sealedLog
        const [chain] = yield* raw(AuditChains)
        yield* overwrite(AuditChains, chain, { ...chain?.body, head: { n: 0, hash: "x" } })
        expect((yield* verified).broken).toMatchObject({ what: "bad_head" })
        const refused = { _tag: "AuditLogBroken", what: "bad_head" }
        expect(yield* Effect.flip(sealAuditLog())).toMatchObject(refused)
        expect(yield* Effect.flip(expireAuditLog)).toMatchObject(refused)
      }).pipe(inAudit),
  )

  it.effect("where an event that waits was made unreadable", () =>
    Effect.gen(function* () {
      yield* sealedLog
      const event = (yield* raw(AuditLog)).find(({ body }) => body["digest"] === undefined)
      yield* overwrite(AuditLog, event, { ...event?.body, actor: "nobody" })
      const found = { digest: 3, what: "edited_event" }
      expect((yield* verified).broken).toEqual(found)
      expect(yield* Effect.flip(sealAuditLog())).toMatchObject({ _tag: "AuditLogBroken", ...found })
    }).pipe(inAudit),
  )
})

/** Any value that can stand in a record. */
const junk = fc.oneof(fc.string({ maxLength: 8 }), fc.integer(), fc.boolean(), fc.constant(null))

/** Puts a value into some leaf of some sealed record; whether that changed anything, and the store let it. */
const changeAnything = Effect.fnUntraced(function* (which: number, part: number, value: unknown) {
  const events = (yield* raw(AuditLog)).filter(({ body }) => "digest" in body)
  const records = [
    ...events.map((record) => ({ collection: AuditLog as CollectionShape, record })),
    ...(yield* raw(AuditDigests)).map((record) => ({ collection: AuditDigests, record })),
  ]
  const { collection, record } = pick(records, which)
  const body = changed(record.body, pick(leaves(record.body), part), value)
  if (JSON.stringify(body) === JSON.stringify(record.body)) return false
  // A digest's number is unique: the store itself refuses some.
  return yield* Effect.match(overwrite(collection, record, body), {
    onSuccess: () => true,
    onFailure: () => false,
  })
})

const pick = <A>(all: ReadonlyArray<A>, which: number): A => {
  const chosen = all[which % all.length]
  if (chosen === undefined) throw new Error("nothing to choose from")
  return chosen
}

describe("any field of any sealed record", () => {
  it.effect("cannot be changed unseen", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(fc.nat(), fc.nat(), junk, (which, part, value) =>
          Effect.runPromise(
            Effect.gen(function* () {
              yield* sealedLog
              const changes = yield* changeAnything(which, part, value)
              const { broken } = yield* verified
              expect(broken !== undefined).toBe(changes)
            }).pipe(inAudit, Effect.provide(TestClock.layer())),
          ),
        ),
        { numRuns: 150 },
      ),
    ),
  )
})

const leaves = (value: unknown, path: ReadonlyArray<string> = []): Array<ReadonlyArray<string>> =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, part]) => leaves(part, [...path, key]))
    : [path]

const changed = <A>(value: A, [key, ...rest]: ReadonlyArray<string>, to: unknown): A =>
  key === undefined
    ? (to as A)
    : { ...value, [key]: changed((value as Record<string, unknown>)[key], rest, to) }

describe("a check without the right key ring", () => {
  it.effect("finds no digest signed", () =>
    Effect.gen(function* () {
      yield* sealedLog
      const { broken } = yield* verifyDigests({ signed: () => Effect.succeed(false) })
      expect(broken).toEqual({ digest: 1, what: "bad_signature" })
    }).pipe(inAudit),
  )
})
