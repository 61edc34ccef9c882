// The logger is provided around the ring, whose layer logs when it is built.
// @effect-diagnostics multipleEffectProvide:off

import { describe, expect, it } from "@effect/vitest"
import { Effect, Logger, Redacted } from "effect"
import { memoryKeyRing, memoryKeyRingWith } from "../../src/memory/index.ts"
import { type KeyContext, KeyRing, type WrappedKey } from "../../src/privacy/index.ts"
import vectors from "../privacy/vectors.json" with { type: "json" }
import { MERCHANT_A } from "../world.ts"

const context: KeyContext = { partition: MERCHANT_A, use: "personal_data" }

describe("the memory key ring", () => {
  it.effect("says loudly at boot that it is no place for real data, and no more than that", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.make(({ logLevel, message }) => {
        lines.push(`${logLevel} ${String(message)}`)
      })
      const { plain, health } = yield* Effect.gen(function* () {
        const ring = yield* KeyRing
        const { plain } = yield* ring.newKey(context)
        return { plain, health: yield* ring.health }
      }).pipe(Effect.provide(memoryKeyRing), Effect.provide(Logger.layer([logger])))
      expect(lines).toHaveLength(1)
      expect(lines[0]).toMatch(/^Warn MEMORY KEY RING: .*never for the data of real people/u)
      expect(lines[0]).not.toContain(Buffer.from(Redacted.value(plain)).toString("base64"))
      expect(health).toEqual({ name: "memory", ephemeral: true, faults: [] })
    }),
  )

  it.effect("unwraps what another implementation wrapped under the same seed", () => {
    const { seed, merchantKey } = vectors.record
    const ring = memoryKeyRingWith({ seed: Buffer.from(seed, "hex") })
    return Effect.gen(function* () {
      const plain = yield* (yield* KeyRing).unwrap(context, merchantKey.wrapped as WrappedKey)
      expect(Buffer.from(Redacted.value(plain)).toString("hex")).toBe(merchantKey.plain)
    }).pipe(Effect.provide(ring.layer), Effect.provide(Logger.layer([])))
  })

  it.effect("of one process does not unwrap what another one wrapped", () =>
    Effect.gen(function* () {
      const wrap = Effect.flatMap(KeyRing, (ring) => ring.newKey(context))
      const { wrapped } = yield* Effect.provide(wrap, memoryKeyRing, { local: true })
      const unwrap = Effect.flatMap(KeyRing, (ring) => ring.unwrap(context, wrapped))
      const refused = yield* Effect.flip(Effect.provide(unwrap, memoryKeyRing, { local: true }))
      expect(refused._tag).toBe("KeyRefused")
    }).pipe(Effect.provide(Logger.layer([]))),
  )

  it.effect("counts what it was asked, and fails as it is told, until it is mended", () => {
    const controls = memoryKeyRingWith()
    return Effect.gen(function* () {
      const ring = yield* KeyRing
      const { wrapped } = yield* ring.newKey(context)
      controls.break("refused", "unwrap")
      expect((yield* Effect.flip(ring.unwrap(context, wrapped)))._tag).toBe("KeyRefused")
      yield* ring.rewrap(context, wrapped)
      controls.break("disabled")
      for (const asked of [
        ring.newKey(context),
        ring.unwrap(context, wrapped),
        ring.rewrap(context, wrapped),
        ring.sign(new Uint8Array(32)),
        ring.verify(new Uint8Array(32), { key: "memory-1", value: "" }),
        ring.health,
      ]) {
        const refused = yield* Effect.flip(asked as Effect.Effect<unknown, unknown>)
        expect(refused).toMatchObject({ _tag: "KeyRingUnavailable", retryable: false })
      }
      controls.break("unavailable", "health")
      expect(yield* Effect.flip(ring.health)).toMatchObject({ retryable: true })
      controls.mend()
      yield* ring.unwrap(context, wrapped)
      expect(controls.asked).toEqual({
        newKey: 2,
        unwrap: 3,
        rewrap: 2,
        sign: 1,
        verify: 1,
        health: 2,
      })
    }).pipe(Effect.provide(controls.layer), Effect.provide(Logger.layer([])))
  })
})
