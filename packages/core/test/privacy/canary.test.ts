import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Logger, Redacted, References, Tracer } from "effect"
import { OrderPiis, Vault } from "../../src/privacy/index.ts"
import { insert, Store } from "../../src/store/index.ts"
import { dump, exposed, inA, sealOrder, WRITTEN, world } from "./vaultWorld.ts"

const values = (value: unknown): ReadonlyArray<string> =>
  typeof value === "object" && value !== null
    ? Object.values(value).flatMap(values)
    : [String(value)]

/** Every marked value, as it is and as it might be written down. The country is no canary. */
const CANARIES = values(WRITTEN)
  .filter((value) => value !== "GB")
  .flatMap((value) => {
    const bytes = Buffer.from(value)
    const base64 = bytes.toString("base64").replace(/=+$/u, "").slice(0, -1)
    return [value, value.toLowerCase(), base64, bytes.toString("hex"), encodeURIComponent(value)]
  })

const expectClean = (what: string, ...seen: ReadonlyArray<unknown>) => {
  const texts = seen.flatMap((each) => [
    String(each),
    JSON.stringify(each, (_, value) => (typeof value === "bigint" ? `${value}` : value)) ?? "",
    inspect(each, { depth: 12, showHidden: true, maxStringLength: null }),
  ])
  for (const canary of CANARIES)
    for (const text of texts)
      if (text.includes(canary)) expect.fail(`${what} shows ${canary}: ${text.slice(0, 300)}`)
}

/** Work that must fail, with its failure in the log. */
const expectCleanFailure = <R>(work: Effect.Effect<unknown, unknown, R>) =>
  Effect.gen(function* () {
    const exit = yield* Effect.exit(work)
    if (Exit.isSuccess(exit)) return expect.fail("it did not fail")
    expectClean("a failure", exit, Cause.pretty(exit.cause))
    yield* Effect.logError("failed", exit)
  })

/** Runs work with every log line and every span kept. */
const watched = <A, E, R>(work: Effect.Effect<A, E, R>) => {
  const lines: Array<unknown> = []
  const spans: Array<Tracer.NativeSpan> = []
  const logger = Logger.make((options) => {
    lines.push([options.message, options.cause, options.logLevel])
  })
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    },
  })
  return work.pipe(
    Effect.withTracer(tracer),
    Effect.provide(Logger.layer([logger])),
    Effect.provideService(References.MinimumLogLevel, "Trace"),
    Effect.map((answer) => ({ answer, lines, spans })),
  )
}

describe("a buyer's marked values are nowhere", () => {
  it.effect(
    "in what is sealed, stored, printed, logged, traced or refused, whatever goes wrong",
    () => {
      const { layer, ring } = world()
      const label = { kind: "label", id: "1" } as const
      const bytes = Redacted.make<Uint8Array>(Buffer.from(JSON.stringify(WRITTEN)))
      return Effect.gen(function* () {
        const { lines, spans } = yield* watched(
          Effect.gen(function* () {
            const vault = yield* Vault
            const store = yield* Store
            const pii = yield* sealOrder()
            yield* store.commit([insert(OrderPiis, pii)])
            expectClean("the sealed record", pii)
            const opened = yield* vault.open(pii, ["name", "address", "email", "phone", "other"])
            expect(exposed(opened)).toEqual(WRITTEN)
            expectClean("what was opened", opened)
            const sealed = yield* vault.sealDocument(pii, label, bytes)
            expectClean("the sealed document", sealed, Buffer.from(sealed).toString("latin1"))
            const document = yield* vault.openDocument(pii, label, sealed)
            expectClean("the opened document", document)
            expectClean("the vault", vault, ring)

            const swapped = { ...pii, fields: { ...pii.fields, name: pii.fields.address as never } }
            const failing = [
              vault.open(swapped, ["name"]),
              vault.open({ ...pii, order: "01890a5d-ac96-774b-8cce-b302099a8999" }, ["name"]),
              vault.openDocument(pii, { ...label, id: "2" }, sealed),
              vault.open({ ...pii, wrappedKey: "" as never }, ["email"]),
            ]
            for (const work of failing) yield* expectCleanFailure(work)
            for (const fault of ["unavailable", "disabled", "refused"] as const) {
              ring.break(fault)
              yield* vault.forget
              yield* expectCleanFailure(sealOrder())
              yield* expectCleanFailure(vault.open(pii, ["name"]))
            }
            ring.mend()
          }).pipe(inA),
        )
        expect(lines.length).toBe(10)
        expect(spans.map(({ name }) => name)).toContain("Vault.merchantKey")
        expectClean("the log", ...lines)
        expectClean(
          "the spans",
          ...spans.map(({ name, attributes, events, status }) => [
            name,
            [...attributes],
            events,
            status,
          ]),
        )
        const records = yield* dump
        expect(records.length).toBeGreaterThanOrEqual(3)
        expectClean("the store", ...records)
      }).pipe(Effect.provide(layer))
    },
  )

  it.effect("in a defect of the store while something is recorded", () => {
    const { layer } = world()
    const broken = Layer.effect(
      Store,
      Effect.map(Store, (store) => ({
        ...store,
        commit: () => Effect.die(new Error("the store fell over")),
      })),
    )
    return Effect.gen(function* () {
      const pii = yield* sealOrder()
      const altered = { ...pii, fields: { ...pii.fields, name: pii.fields.email as never } }
      const vault = Layer.fresh(Vault.layer).pipe(Layer.provide(broken))
      const opening = Vault.use((each) => each.open(altered, ["name"])).pipe(Effect.provide(vault))
      const exit = yield* Effect.exit(opening)
      expect(Exit.isFailure(exit) && Cause.hasDies(exit.cause)).toBe(true)
      expectClean("the defect", exit, Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "")
    }).pipe(inA, Effect.provide(layer))
  })
})

describe("the watch", () => {
  it("would see a marked value in any of its forms", () => {
    for (const leak of [
      { name: WRITTEN.name },
      Buffer.from(`..${WRITTEN.email}..`).toString("hex"),
      [`x=${encodeURIComponent(WRITTEN.address.line1)}`],
      new Error(WRITTEN.phone),
    ])
      expect(() => expectClean("a leak", leak)).toThrow()
  })
})
