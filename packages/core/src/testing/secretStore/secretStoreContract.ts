import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Ids } from "../../kernel/index.ts"
import { SecretRef, SecretStore, SecretVersion } from "../../privacy/index.ts"
import type { Clause, Contract } from "../Contract.ts"
import { expectRefused, expectSame, expectTrue } from "../expectations.ts"

/** A clause about two references that nobody has used. */
const clause = (
  name: string,
  law: string,
  body: (
    store: SecretStore["Service"],
    ref: SecretRef,
    other: SecretRef,
  ) => Effect.Effect<void, unknown>,
): Clause<SecretStore> => ({
  name,
  law,
  check: Effect.gen(function* () {
    const store = yield* SecretStore
    const ref = SecretRef.make(`secret:contract/${yield* (yield* Ids).next}`)
    const other = SecretRef.make(`${ref}/other`)
    yield* body(store, ref, other).pipe(
      Effect.ensuring(Effect.ignore(Effect.andThen(store.delete(ref), store.delete(other)))),
    )
  }).pipe(Effect.provide(Ids.layer, { local: true })),
})

const secret = (text: string) => Redacted.make(text)

const clauses: ReadonlyArray<Clause<SecretStore>> = [
  clause("a secret that nobody stored is not there", "get: missing", (store, ref) =>
    expectRefused("get", "SecretNotFound", store.get(ref)),
  ),

  clause("what was stored is read back as it was, redacted", "get, put", (store, ref) =>
    Effect.gen(function* () {
      for (const text of ["x", " padded ", '{"token":"a\\"b"}', "päss😀word", "y".repeat(65_536)]) {
        const version = yield* store.put(ref, secret(text))
        const read = yield* store.get(ref)
        expectTrue("the value is the one stored", Redacted.value(read.value) === text)
        expectSame("version", read.version, version)
        expectTrue("it does not print", !JSON.stringify(read).includes(text))
      }
    }),
  ),

  clause("a value that is empty or too large is refused", "put: size", (store, ref) =>
    Effect.gen(function* () {
      for (const text of ["", "y".repeat(65_537), "é".repeat(32_769)]) {
        const refused = yield* expectRefused(
          "put",
          "SecretStoreUnavailable",
          store.put(ref, secret(text)),
        )
        expectSame("retryable", refused.retryable, false)
      }
      yield* expectRefused("get", "SecretNotFound", store.get(ref))
    }),
  ),

  clause("a new value has a new version, the one before stays readable", "versions", (store, ref) =>
    Effect.gen(function* () {
      const first = yield* store.put(ref, secret("first"))
      const second = yield* store.put(ref, secret("second"))
      expectTrue("versions differ", first !== second)
      expectSame("present", Redacted.value((yield* store.get(ref)).value), "second")
      expectSame("by version", Redacted.value((yield* store.get(ref, second)).value), "second")
      const before = yield* store.get(ref, first)
      expectSame("before", [Redacted.value(before.value), before.version], ["first", first])
    }),
  ),

  clause("the same value stored again is another version", "put: versions", (store, ref) =>
    Effect.gen(function* () {
      const first = yield* store.put(ref, secret("same"))
      expectTrue("versions differ", first !== (yield* store.put(ref, secret("same"))))
    }),
  ),

  clause("a version that never was is not found", "get: version", (store, ref) =>
    Effect.gen(function* () {
      yield* store.put(ref, secret("value"))
      const never = SecretVersion.make("00000000-0000-4000-8000-000000000000")
      yield* expectRefused("get", "SecretNotFound", store.get(ref, never))
    }),
  ),

  clause("a reference reads its own secret only", "get: by reference", (store, ref, other) =>
    Effect.gen(function* () {
      const version = yield* store.put(ref, secret("mine"))
      yield* expectRefused("get another", "SecretNotFound", store.get(other))
      yield* store.put(other, secret("other"))
      yield* expectRefused("get another's version", "SecretNotFound", store.get(other, version))
      yield* store.delete(other)
      expectSame("mine", Redacted.value((yield* store.get(ref)).value), "mine")
    }),
  ),

  clause("after delete no version can be read", "delete: R42", (store, ref) =>
    Effect.gen(function* () {
      const first = yield* store.put(ref, secret("first"))
      const second = yield* store.put(ref, secret("second"))
      yield* store.delete(ref)
      yield* expectRefused("get", "SecretNotFound", store.get(ref))
      yield* expectRefused("get first", "SecretNotFound", store.get(ref, first))
      yield* expectRefused("get second", "SecretNotFound", store.get(ref, second))
    }),
  ),

  clause("delete may be repeated, and may find nothing", "delete: idempotent", (store, ref) =>
    Effect.gen(function* () {
      yield* store.delete(ref)
      yield* store.put(ref, secret("value"))
      yield* store.delete(ref)
      yield* store.delete(ref)
      yield* expectRefused("get", "SecretNotFound", store.get(ref))
    }),
  ),

  clause(
    "what is stored after a delete does not bring versions back",
    "delete: R42",
    (store, ref) =>
      Effect.gen(function* () {
        const first = yield* store.put(ref, secret("first"))
        yield* store.delete(ref)
        const second = yield* store.put(ref, secret("second"))
        expectTrue("versions differ", first !== second)
        yield* expectRefused("get first", "SecretNotFound", store.get(ref, first))
        expectSame("present", Redacted.value((yield* store.get(ref)).value), "second")
      }),
  ),
]

/**
 * What every secret store promises. Clauses use new references below `secret:contract/` and delete what they stored.
 */
export const secretStoreContract: Contract<SecretStore> = {
  name: "secret store contract",
  clauses,
}
