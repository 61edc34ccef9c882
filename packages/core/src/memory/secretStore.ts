import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import {
  type Secret,
  SecretNotFound,
  type SecretRef,
  SecretStore,
  SecretStoreUnavailable,
  SecretVersion,
} from "../privacy/index.ts"

const MAX_BYTES = 65_536

/** Secrets in this process's memory, for tests and demonstrations: they are gone with it. */
export const secretStore: Layer.Layer<SecretStore> = Layer.sync(SecretStore, () => {
  const kept = new Map<SecretRef, ReadonlyArray<Secret>>()
  let stored = 0

  return SecretStore.of({
    get: (ref, version) =>
      Effect.suspend(() => {
        const [present, before] = kept.get(ref) ?? []
        const wanted = [present, before].find(
          (secret) => version === undefined || secret?.version === version,
        )
        return wanted === undefined
          ? Effect.fail(new SecretNotFound({ ref }))
          : Effect.succeed(wanted)
      }),
    put: (ref, value) =>
      Effect.suspend(() => {
        const bytes = new TextEncoder().encode(Redacted.value(value)).length
        if (bytes === 0 || bytes > MAX_BYTES)
          return Effect.fail(
            new SecretStoreUnavailable({
              operation: "put",
              reason: `a value of ${bytes} bytes`,
              retryable: false,
            }),
          )
        stored += 1
        const version = SecretVersion.make(`version-${stored}`)
        kept.set(ref, [{ value, version }, ...(kept.get(ref) ?? [])].slice(0, 2))
        return Effect.succeed(version)
      }),
    delete: (ref) => Effect.sync(() => void kept.delete(ref)),
  })
})
