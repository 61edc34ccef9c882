import { randomBytes } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { KeyRefused, KeyRing, KeyRingUnavailable } from "../privacy/index.ts"
import { Masters } from "./Masters.ts"

/** One member of the ring. */
export type KeyRingOperation = "newKey" | "unwrap" | "rewrap" | "sign" | "verify" | "health"

/**
 * What the ring does instead of answering. `unavailable`: a time-out, which asking again may mend. `disabled`: its key
 * was switched off. `refused`: the wrapped key is not taken; operations that take none are unavailable.
 */
export type KeyRingFault = "unavailable" | "disabled" | "refused"

/** A memory key ring whose life a test can watch and disturb. */
export interface MemoryKeyRing {
  readonly layer: Layer.Layer<KeyRing>
  /** How often each operation was asked, answered or not. */
  readonly asked: Readonly<Record<KeyRingOperation, number>>
  /** From now on the operations fail so; without an argument for them, all of them. */
  readonly break: (fault: KeyRingFault, ...operations: ReadonlyArray<KeyRingOperation>) => void
  /** All operations answer again. */
  readonly mend: () => void
  /** Makes a new master key. What older ones wrapped and signed stays good. */
  readonly rotate: () => void
}

/**
 * The key ring of tests and demonstrations: master key in this process's memory, gone with it, and everything that was
 * sealed under it with it. It says so loudly when it is built, and `health` says so too.
 */
export const memoryKeyRing: Layer.Layer<KeyRing> = Layer.suspend(() => memoryKeyRingWith().layer)

/**
 * A memory key ring with controls: one ring, wherever its layer is built.
 *
 * @param options.seed what the master keys are derived from, for known answers; random when left out
 */
export const memoryKeyRingWith = (options: { readonly seed?: Uint8Array } = {}): MemoryKeyRing => {
  const masters = new Masters(options.seed ?? randomBytes(32))
  const asked = { newKey: 0, unwrap: 0, rewrap: 0, sign: 0, verify: 0, health: 0 }
  const faults = new Map<KeyRingOperation, KeyRingFault>()

  const ask = <A, E>(operation: KeyRingOperation, answer: () => Effect.Effect<A, E>) =>
    Effect.suspend((): Effect.Effect<A, E | KeyRingUnavailable> => {
      asked[operation] += 1
      const fault = faults.get(operation)
      return fault === undefined ? answer() : Effect.fail(unavailable(operation, fault))
    })
  const askOf = <A>(operation: "unwrap" | "rewrap", answer: () => A | undefined) =>
    Effect.suspend((): Effect.Effect<A, KeyRefused | KeyRingUnavailable> => {
      if (faults.get(operation) !== "refused")
        return ask(operation, () => {
          const found = answer()
          return found === undefined ? refuse(operation) : Effect.succeed(found)
        })
      asked[operation] += 1
      return refuse(operation)
    })

  const service = KeyRing.of({
    newKey: (context) =>
      ask("newKey", () => {
        const plain = randomBytes(KEY_BYTES)
        return Effect.succeed({ plain: redacted(plain), wrapped: masters.wrap(context, plain) })
      }),
    unwrap: (context, wrapped) =>
      askOf("unwrap", () => {
        const plain = masters.unwrap(context, wrapped)
        return plain && redacted(plain)
      }),
    rewrap: (context, wrapped) =>
      askOf("rewrap", () => {
        const plain = masters.unwrap(context, wrapped)
        return plain && masters.wrap(context, plain)
      }),
    sign: (digest) => ask("sign", () => Effect.succeed(masters.sign(digest))),
    verify: (digest, signature) =>
      ask("verify", () => Effect.succeed(masters.verify(digest, signature))),
    health: ask("health", () => Effect.succeed({ name: "memory", ephemeral: true, faults: [] })),
  })

  return {
    layer: Layer.effect(
      KeyRing,
      Effect.as(
        Effect.logWarning(
          "MEMORY KEY RING: keys live and die with this process. For tests and demonstrations only, never for the data of real people.",
        ),
        service,
      ),
    ),
    asked,
    break: (fault, ...operations) => {
      for (const each of operations.length === 0 ? OPERATIONS : operations) faults.set(each, fault)
    },
    mend: () => faults.clear(),
    rotate: () => masters.rotate(),
  }
}

const OPERATIONS: ReadonlyArray<KeyRingOperation> = [
  "newKey",
  "unwrap",
  "rewrap",
  "sign",
  "verify",
  "health",
]

const KEY_BYTES = 32

const redacted = (plain: Uint8Array) => Redacted.make(plain, { label: "key" })

const unavailable = (operation: string, fault: KeyRingFault) =>
  new KeyRingUnavailable({ operation, reason: fault, retryable: fault === "unavailable" })

const refuse = (operation: string) =>
  Effect.fail(new KeyRefused({ operation, reason: "not wrapped by this ring for this context" }))
