import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Ids } from "../../kernel/index.ts"
import {
  type KeyContext,
  KeyRing,
  KeyUse,
  type PlainKey,
  type Signature,
  type WrappedKey,
} from "../../privacy/index.ts"
import { PartitionId } from "../../store/index.ts"
import type { Clause, Contract } from "../Contract.ts"
import { expectRefused, expectSame, expectTrue } from "../expectations.ts"

type Ring = KeyRing["Service"]

/** A clause about two merchants that no key was made for. */
const clause = (
  name: string,
  law: string,
  body: (ring: Ring, context: KeyContext, other: KeyContext) => Effect.Effect<void, unknown>,
): Clause<KeyRing> => ({
  name,
  law,
  check: Effect.gen(function* () {
    const ring = yield* KeyRing
    const ids = yield* Ids
    const contextOf = (id: string): KeyContext => ({
      partition: PartitionId.make(id),
      use: "personal_data",
    })
    yield* body(ring, contextOf(yield* ids.next), contextOf(yield* ids.next))
  }).pipe(Effect.provide(Ids.layer, { local: true })),
})

const bytesOf = (key: PlainKey): ReadonlyArray<number> => [...Redacted.value(key)]

const digestOf = (text: string): Uint8Array => createHash("sha256").update(text).digest()

/** The base64 text with one bit of one byte turned. */
const damagedAt = (text: string, at: number): string => {
  const bytes = Buffer.from(text, "base64")
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
  return bytes.toString("base64")
}

const lengthOf = (text: string): number => Buffer.from(text, "base64").length

const refusesToOpen = (what: string, ring: Ring, context: KeyContext, wrapped: WrappedKey) =>
  Effect.gen(function* () {
    yield* expectRefused(`unwrap ${what}`, "KeyRefused", ring.unwrap(context, wrapped))
    yield* expectRefused(`rewrap ${what}`, "KeyRefused", ring.rewrap(context, wrapped))
  })

const opensTo = (what: string, ring: Ring, context: KeyContext, wrapped: WrappedKey) => ({
  same: (plain: ReadonlyArray<number>) =>
    Effect.map(ring.unwrap(context, wrapped), (key) => expectSame(what, bytesOf(key), plain)),
})

const keyClauses: ReadonlyArray<Clause<KeyRing>> = [
  clause("a new key unwraps to itself, for each use", "newKey, unwrap", (ring, context) =>
    Effect.gen(function* () {
      for (const use of KeyUse.literals) {
        const { plain, wrapped } = yield* ring.newKey({ ...context, use })
        expectSame("bytes", bytesOf(plain).length, 32)
        yield* opensTo(use, ring, { ...context, use }, wrapped).same(bytesOf(plain))
      }
    }),
  ),

  clause("no two keys are the same, nor their wrapped forms", "newKey: random", (ring, context) =>
    Effect.gen(function* () {
      const keys = yield* Effect.replicateEffect(ring.newKey(context), 16)
      expectSame("keys", new Set(keys.map(({ plain }) => String(bytesOf(plain)))).size, 16)
      expectSame("wrapped", new Set(keys.map(({ wrapped }) => wrapped)).size, 16)
    }),
  ),

  clause(
    "who is given a key may overwrite its bytes: the next one gets them whole",
    "unwrap: bytes of its own",
    (ring, context) =>
      Effect.gen(function* () {
        const { plain, wrapped } = yield* ring.newKey(context)
        const before = bytesOf(plain)
        Redacted.value(plain).fill(0)
        const once = yield* ring.unwrap(context, wrapped)
        expectSame("after the new key was overwritten", bytesOf(once), before)
        Redacted.value(once).fill(0)
        yield* opensTo("after an unwrapped one was", ring, context, wrapped).same(before)
      }),
  ),

  clause("a key does not print, and its wrapped form does not hold it", "newKey", (ring, context) =>
    Effect.gen(function* () {
      const { plain, wrapped } = yield* ring.newKey(context)
      const bytes = Buffer.from(Redacted.value(plain))
      expectTrue("JSON", !JSON.stringify({ plain }).includes(bytes.toString("base64")))
      expectTrue("text", String(plain).includes("redacted"))
      expectTrue("wrapped", !Buffer.from(wrapped, "base64").includes(bytes))
    }),
  ),

  clause(
    "a key of another merchant or another use is refused (R15, I8)",
    "unwrap: context",
    (ring, context, other) =>
      Effect.gen(function* () {
        const { wrapped } = yield* ring.newKey(context)
        yield* refusesToOpen("for another merchant", ring, other, wrapped)
        for (const use of KeyUse.literals.filter((each) => each !== context.use))
          yield* refusesToOpen(`as ${use}`, ring, { ...context, use }, wrapped)
      }),
  ),

  clause(
    "a wrapped key that is damaged in any byte is refused",
    "unwrap: damage",
    (ring, context) =>
      Effect.gen(function* () {
        const { wrapped } = yield* ring.newKey(context)
        for (let at = 0; at < lengthOf(wrapped); at++)
          yield* expectRefused(
            `unwrap with byte ${at} turned`,
            "KeyRefused",
            ring.unwrap(context, damagedAt(wrapped, at) as WrappedKey),
          )
      }),
  ),

  clause(
    "a wrapped key that is cut, or no key at all, is refused",
    "unwrap: damage",
    (ring, context) =>
      Effect.gen(function* () {
        const { wrapped } = yield* ring.newKey(context)
        const bytes = Buffer.from(wrapped, "base64")
        const cuts = [bytes.subarray(1), bytes.subarray(0, -1), bytes.subarray(0, 16)]
        const others = [Buffer.concat([bytes, Buffer.alloc(1)]), Buffer.alloc(bytes.length, 7)]
        for (const each of [...cuts, ...others])
          yield* refusesToOpen(
            "what is no key",
            ring,
            context,
            each.toString("base64") as WrappedKey,
          )
      }),
  ),

  clause(
    "a key that is wrapped anew is the same key, bound as before",
    "rewrap",
    (ring, context, other) =>
      Effect.gen(function* () {
        const { plain, wrapped } = yield* ring.newKey(context)
        const anew = yield* ring.rewrap(context, wrapped)
        yield* opensTo("the new form", ring, context, anew).same(bytesOf(plain))
        yield* opensTo("the old form", ring, context, wrapped).same(bytesOf(plain))
        yield* refusesToOpen("for another merchant", ring, other, anew)
      }),
  ),
]

const signClauses: ReadonlyArray<Clause<KeyRing>> = [
  clause("a signature verifies over its digest", "sign, verify", (ring, { partition }) =>
    Effect.gen(function* () {
      const digest = digestOf(partition)
      const signature = yield* ring.sign(digest)
      expectTrue("it verifies", yield* ring.verify(digest, signature))
      expectTrue("and again", yield* ring.verify(digestOf(partition), { ...signature }))
    }),
  ),

  clause("a signature verifies over no other digest", "verify: digest", (ring, { partition }) =>
    Effect.gen(function* () {
      const digest = digestOf(partition)
      const signature = yield* ring.sign(digest)
      for (let at = 0; at < digest.length; at++) {
        const altered = Uint8Array.from(digest)
        altered[at] = (altered[at] ?? 0) ^ 1
        expectTrue(`byte ${at} altered`, !(yield* ring.verify(altered, signature)))
      }
    }),
  ),

  clause("an altered signature does not verify", "verify: signature", (ring, { partition }) =>
    Effect.gen(function* () {
      const digest = digestOf(partition)
      const signature = yield* ring.sign(digest)
      const length = lengthOf(signature.value)
      const step = Math.max(1, Math.floor(length / 32))
      const altered: Array<Signature> = []
      for (let at = 0; at < length; at += step)
        altered.push({ ...signature, value: damagedAt(signature.value, at) })
      const cut = Buffer.from(signature.value, "base64").subarray(0, -1).toString("base64")
      altered.push({ ...signature, value: cut }, { ...signature, value: "" })
      const another = yield* ring.sign(digestOf(`${partition} another`))
      altered.push(another)
      for (const each of altered)
        expectTrue("it does not verify", !(yield* ring.verify(digest, each)))
    }),
  ),
]

const healthClauses: ReadonlyArray<Clause<KeyRing>> = [
  clause("a ring that works has a name and no faults", "health", (ring) =>
    Effect.map(ring.health, ({ name, faults }) => {
      expectTrue("name", name.length > 0)
      expectSame("faults", faults, [])
    }),
  ),
]

const rotationClauses = (
  rotate: Effect.Effect<void, unknown, KeyRing>,
): ReadonlyArray<Clause<KeyRing>> => [
  clause("what was wrapped before a rotation still unwraps", "rotation", (ring, context) =>
    Effect.gen(function* () {
      const { plain, wrapped } = yield* ring.newKey(context)
      yield* Effect.provideService(rotate, KeyRing, ring)
      yield* opensTo("the old form", ring, context, wrapped).same(bytesOf(plain))
      const anew = yield* ring.rewrap(context, wrapped)
      yield* opensTo("the new form", ring, context, anew).same(bytesOf(plain))
      const next = yield* ring.newKey(context)
      yield* opensTo("a new key", ring, context, next.wrapped).same(bytesOf(next.plain))
    }),
  ),

  clause("what was signed before a rotation still verifies", "rotation", (ring, { partition }) =>
    Effect.gen(function* () {
      const digest = digestOf(partition)
      const before = yield* ring.sign(digest)
      yield* Effect.provideService(rotate, KeyRing, ring)
      const after = yield* ring.sign(digest)
      expectTrue("the old one", yield* ring.verify(digest, before))
      expectTrue("the new one", yield* ring.verify(digest, after))
    }),
  ),
]

/**
 * What every key ring promises: keys bound to merchant and use, refusal of whatever was altered, signatures that hold
 * for one digest. Clauses make keys for merchants of their own, so they may run on a ring in use.
 *
 * @param options.rotate gives the ring a new master key, to prove that what the old one made stays good: the port has
 * no such member, because rings rotate by themselves
 */
export const keyRingContractOf = (options: {
  readonly rotate: Effect.Effect<void, unknown, KeyRing>
}): Contract<KeyRing> => ({
  name: keyRingContract.name,
  clauses: [...keyRingContract.clauses, ...rotationClauses(options.rotate)],
})

/** The key ring's contract without the two clauses on rotation. */
export const keyRingContract: Contract<KeyRing> = {
  name: "key ring contract",
  clauses: [...keyClauses, ...signClauses, ...healthClauses],
}
