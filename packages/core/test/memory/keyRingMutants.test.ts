import { Effect, Layer, Logger, Redacted } from "effect"
import { describe, expect, it } from "vitest"
import { memoryKeyRingWith } from "../../src/memory/index.ts"
import { type KeyContext, KeyRing, type WrappedKey } from "../../src/privacy/index.ts"
import { brokenClauses, keyRingContractOf } from "../../src/testing/index.ts"
import { MERCHANT_A } from "../world.ts"

type Ring = KeyRing["Service"]

const BOUND: KeyContext = { partition: MERCHANT_A, use: "personal_data" }

const alteredBytes = (wrapped: WrappedKey, alter: (bytes: Buffer) => Uint8Array): WrappedKey =>
  Buffer.from(alter(Buffer.from(wrapped, "base64"))).toString("base64") as WrappedKey

const LENGTH = 64

/** Rings that break one promise each, with the clauses that must find out. */
const mutants: ReadonlyArray<{
  readonly name: string
  readonly breaks: ReadonlyArray<string>
  readonly alter: (ring: Ring) => Partial<Ring>
}> = [
  {
    name: "binds no key to its merchant",
    breaks: [
      "a key of another merchant or another use is refused (R15, I8)",
      "a key that is wrapped anew is the same key, bound as before",
    ],
    alter: (ring) => {
      const at = ({ use }: KeyContext) => ({ ...BOUND, use })
      return {
        newKey: (context) => ring.newKey(at(context)),
        unwrap: (context, wrapped) => ring.unwrap(at(context), wrapped),
        rewrap: (context, wrapped) => ring.rewrap(at(context), wrapped),
      }
    },
  },
  {
    name: "binds no key to its use",
    breaks: ["a key of another merchant or another use is refused (R15, I8)"],
    alter: (ring) => {
      const at = (context: KeyContext) => ({ ...context, use: "personal_data" as const })
      return {
        newKey: (context) => ring.newKey(at(context)),
        unwrap: (context, wrapped) => ring.unwrap(at(context), wrapped),
        rewrap: (context, wrapped) => ring.rewrap(at(context), wrapped),
      }
    },
  },
  {
    name: "takes a wrapped key with something behind it",
    breaks: ["a wrapped key that is cut, or no key at all, is refused"],
    alter: (ring) => ({
      unwrap: (context, wrapped) =>
        ring.unwrap(
          context,
          alteredBytes(wrapped, (bytes) => bytes.subarray(0, LENGTH)),
        ),
    }),
  },
  {
    name: "does not look at the first byte of a wrapped key",
    breaks: ["a wrapped key that is damaged in any byte is refused"],
    alter: (ring) => ({
      unwrap: (context, wrapped) =>
        ring.unwrap(
          context,
          alteredBytes(wrapped, (bytes) => bytes.fill(0, 0, 1)),
        ),
    }),
  },
  {
    name: "unwraps to a key of 31 bytes and a zero",
    breaks: ["a new key unwraps to itself, for each use"],
    alter: (ring) => ({
      unwrap: (context, wrapped) =>
        Effect.map(ring.unwrap(context, wrapped), (plain) => {
          Redacted.value(plain).fill(0, 31)
          return plain
        }),
    }),
  },
  {
    name: "hands out one array for all who ask",
    breaks: ["who is given a key may overwrite its bytes: the next one gets them whole"],
    alter: (ring) => {
      const kept = new Map<string, Redacted.Redacted<Uint8Array>>()
      return {
        unwrap: (context, wrapped) =>
          Effect.map(ring.unwrap(context, wrapped), (plain) => {
            kept.set(wrapped, kept.get(wrapped) ?? plain)
            return kept.get(wrapped) ?? plain
          }),
      }
    },
  },
  {
    name: "makes another key when it wraps anew",
    breaks: [
      "a key that is wrapped anew is the same key, bound as before",
      "what was wrapped before a rotation still unwraps",
    ],
    alter: (ring) => ({
      rewrap: (context, wrapped) =>
        Effect.andThen(
          ring.unwrap(context, wrapped),
          Effect.map(Effect.orDie(ring.newKey(context)), (key) => key.wrapped),
        ),
    }),
  },
  {
    name: "verifies whatever it is shown",
    breaks: ["an altered signature does not verify", "a signature verifies over no other digest"],
    alter: () => ({ verify: () => Effect.succeed(true) }),
  },
  {
    name: "verifies nothing",
    breaks: [
      "a signature verifies over its digest",
      "what was signed before a rotation still verifies",
    ],
    alter: () => ({ verify: () => Effect.succeed(false) }),
  },
  {
    name: "gives everybody the same key",
    breaks: ["no two keys are the same, nor their wrapped forms"],
    alter: (ring) => {
      const first = new Map<string, Effect.Success<ReturnType<Ring["newKey"]>>>()
      return {
        newKey: (context) =>
          Effect.map(ring.newKey(context), (made) => {
            const name = `${context.partition} ${context.use}`
            const kept = first.get(name) ?? { ...made, plain: copyOf(made.plain) }
            first.set(name, kept)
            return { ...kept, plain: copyOf(kept.plain) }
          }),
      }
    },
  },
  {
    name: "stores the key beside its wrapped form",
    breaks: ["a key does not print, and its wrapped form does not hold it"],
    alter: (ring) => ({
      newKey: (context) =>
        Effect.map(ring.newKey(context), ({ plain, wrapped }) => ({
          plain,
          wrapped: alteredBytes(wrapped, (bytes) => Buffer.concat([bytes, Redacted.value(plain)])),
        })),
      unwrap: (context, wrapped) =>
        ring.unwrap(
          context,
          alteredBytes(wrapped, (bytes) => bytes.subarray(0, LENGTH)),
        ),
    }),
  },
  {
    name: "is not well and says nothing else",
    breaks: ["a ring that works has a name and no faults"],
    alter: (ring) => ({
      health: Effect.map(ring.health, (health) => ({ ...health, faults: ["rotation is off"] })),
    }),
  },
]

const copyOf = (plain: Redacted.Redacted<Uint8Array>) =>
  Redacted.make(Uint8Array.from(Redacted.value(plain)))

describe("the key ring contract catches a ring that", () => {
  for (const { name, breaks, alter } of mutants) {
    it(name, async () => {
      const controls = memoryKeyRingWith()
      const altered = Layer.effect(
        KeyRing,
        Effect.map(KeyRing, (ring) => ({ ...ring, ...alter(ring) })),
      ).pipe(Layer.provide(controls.layer), Layer.provide(Logger.layer([])))
      const contract = keyRingContractOf({ rotate: Effect.sync(controls.rotate) })
      const broken = await Effect.runPromise(brokenClauses(contract, altered))
      const seen = broken.map(({ clause }) => clause)
      expect(breaks.length).toBeGreaterThan(0)
      for (const clause of breaks) expect(seen).toContain(clause)
    })
  }

  it("has one for every clause", () => {
    const contract = keyRingContractOf({ rotate: Effect.void })
    const proved = new Set(mutants.flatMap(({ breaks }) => breaks))
    const unproved = contract.clauses.map(({ name }) => name).filter((name) => !proved.has(name))
    expect(unproved).toEqual([])
  })
})
