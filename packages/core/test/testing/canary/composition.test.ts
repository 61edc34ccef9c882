// Errors that leak are of any kind.
// @effect-diagnostics globalErrorInEffectFailure:off

import { createHash } from "node:crypto"
import { inspect } from "node:util"
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import { Cause, Effect, Exit, Metric, Redacted, Schema } from "effect"
import { TestClock } from "effect/testing"
import { message, Outbox, topic } from "../../../src/integration/index.ts"
import { now } from "../../../src/kernel/index.ts"
import {
  dispatchOrder,
  ExternalId,
  eraseBuyer,
  fetchBuyer,
  keepRetention,
  revealForLabel,
  revealForPackingSlip,
} from "../../../src/order/index.ts"
import { AccountReference } from "../../../src/party/index.ts"
import { Driver, insert, Store } from "../../../src/store/index.ts"
import { findCanaries, haystacksOf } from "../../../src/testing/index.ts"
import { as, packed } from "../../order/buyerWorld.ts"
import { DAY, freshKey, type Services, SHOP } from "../../order/orderWorld.ts"
import { MERCHANT_A } from "../../world.ts"
import { searched } from "./canaryWorld.ts"

type Given = Parameters<Parameters<typeof searched>[0]>[0]

/** The name of the buyer in clear, as only a careless adapter has it. */
const nameOf = ({ channel }: Given) =>
  Effect.map(
    channel.buyer({
      connection: SHOP,
      accountReference: AccountReference.make("a"),
      externalId: ExternalId.make("A-1"),
    }),
    ({ name }) => Redacted.value(name),
  )

const Free = topic("bad.topic", Schema.Struct({ text: Schema.String }))

/** A record with free text in it: what the types of the engine leave no room for. */
const store = (text: string) =>
  Effect.gen(function* () {
    const told = yield* message(Free, { text }, yield* now)
    yield* (yield* Store).commit([insert(Outbox, told)])
  })

describe("the whole composition", () => {
  it("shows nothing of a buyer but blind indexes while the data is held (I6, R19, R24)", async () => {
    const { findings, seen, exit, canaries } = await searched(() =>
      Effect.gen(function* () {
        const order = yield* packed
        yield* as("dispatcher")(revealForLabel({ order }))
        yield* as("packer")(revealForPackingSlip({ order }))
        yield* Effect.exit(as("picker")(revealForLabel({ order })))
        yield* Effect.exit(fetchBuyer({ key: freshKey(), order: "nobody" }))
        yield* dispatchOrder({ key: freshKey(), order })
        return yield* as("dispatcher")(revealForLabel({ order }))
      }),
    )
    expect(exit._tag).toBe("Success")
    expect(canaries.map(({ name }) => name)).toContain("address.postcode")
    expect(new Set(seen.map(({ place }) => place.split(" ")[0]))).toEqual(
      new Set(["span", "store", "place", "what"]),
    )
    expect(new Set(findings.map(({ place, canary }) => `${place}: ${canary}`))).toEqual(
      new Set(
        ["store order_pii", "place order_pii", "place blind_index"].flatMap((place) => [
          `${place}: blind index of email`,
          `${place}: blind index of phone`,
        ]),
      ),
    )
  })

  it("shows nothing at all after the sweep, hashed with the store's key neither (I2)", async () => {
    const { findings, exit } = await searched(() =>
      Effect.gen(function* () {
        const order = yield* packed
        yield* dispatchOrder({ key: freshKey(), order })
        yield* TestClock.setTime(29 * DAY)
        return yield* as("system")(keepRetention([order]))
      }),
    )
    expect(exit).toMatchObject({ value: { anonymised: 1 } })
    expect(findings).toEqual([])
  })

  it("shows nothing at all after an erasure on request (R49)", async () => {
    const { findings } = await searched(() =>
      Effect.gen(function* () {
        const order = yield* packed
        yield* dispatchOrder({ key: freshKey(), order })
        yield* eraseBuyer({ key: freshKey(), order })
      }),
    )
    expect(findings).toEqual([])
  })

  it("is not searched for what was not planted: another buyer's order is not found", async () => {
    const { findings } = await searched(({ channel }) =>
      Effect.gen(function* () {
        const other = { connection: SHOP, accountReference: AccountReference.make("a") }
        yield* channel.buyer({ ...other, externalId: ExternalId.make("A-1") })
        const second = yield* channel.buyer({ ...other, externalId: ExternalId.make("A-2") })
        yield* store(Redacted.value(second.name))
      }),
    )
    expect(findings).toEqual([])
  })
})

const orders = Metric.counter("orders")

const CARELESS: ReadonlyArray<
  readonly [
    string,
    (name: string, given: Given) => Effect.Effect<unknown, unknown, Services>,
    string,
  ]
> = [
  ["logs the name", (name) => Effect.logInfo("packed", { name }), "log/raw"],
  ["logs it at the lowest level", (name) => Effect.logTrace(`fetched ${name}`), "log/raw"],
  [
    "annotates a log line",
    (name) => Effect.log("x").pipe(Effect.annotateLogs({ name })),
    "log/raw",
  ],
  [
    "logs the cause of a failure",
    (name) => Effect.logError("failed", Cause.fail({ name: name.toUpperCase() })),
    "log/case-folded",
  ],
  [
    "keeps a base64 copy",
    (name) => store(Buffer.from(`..${name}`).toString("base64")),
    "store outbox/base64",
  ],
  [
    "keeps a compressed copy",
    (name) => store(gzipSync(name).toString("base64")),
    "place outbox/base64 > gzip",
  ],
  ["keeps a hash of it", (name) => store(digest(name)), "store outbox/hex > sha256"],
  ["puts it into an error", (name) => Effect.fail(new Error(name)), "what a caller got/raw"],
  [
    "puts it into the cause of an error",
    (name) => Effect.fail(new Error("no label", { cause: { request: [name] } })),
    "what a caller got/raw",
  ],
  [
    "dies of it",
    (name) => Effect.die({ request: encodeURIComponent(name) }),
    "what a caller got/url",
  ],
  [
    "names a span for it",
    (name) => Effect.void.pipe(Effect.withSpan("pack", { attributes: { name } })),
    "span pack/raw",
  ],
  [
    "says it in an event of a span",
    (name) =>
      Effect.currentSpan.pipe(
        Effect.map((span) => span.event("seen", 0n, { name })),
        Effect.withSpan("pack"),
      ),
    "span pack/raw",
  ],
  [
    "fails a span with it",
    (name) => Effect.fail({ name }).pipe(Effect.withSpan("pack")),
    "span pack/raw",
  ],
  [
    "counts by it",
    (name) => Metric.update(Metric.withAttributes(orders, { buyer: name }), 1),
    "metric orders/raw",
  ],
  [
    "sends it where it does not belong",
    (name, { watch }) =>
      Effect.sync(() => watch.record("POST /labels", Buffer.from(JSON.stringify({ to: name })))),
    "POST /labels/raw",
  ],
]

const digest = (text: string) => createHash("sha256").update(text).digest("hex")

describe("a composition that", () => {
  it.each(CARELESS)("%s is found out", async (_, leak, where) => {
    const { findings } = await searched((given) =>
      Effect.flatMap(nameOf(given), (name) => leak(name, given)),
    )
    const found = findings.map(({ place, encoding }) => `${place}/${encoding}`)
    expect(found).toContain(where)
    expect(new Set(findings.map(({ canary }) => canary))).toEqual(new Set(["name"]))
  })

  it("has it in a record's id is found out", async () => {
    const found = await searched((given) =>
      Effect.gen(function* () {
        const name = yield* nameOf(given)
        const { body, ...rest } = yield* message(Free, { text: "harmless" }, yield* now)
        yield* (yield* Driver).commit(MERCHANT_A, [
          { kind: "insert", collection: Outbox, id: name, body: { ...rest, body } },
        ])
      }),
    )
    expect(found.findings).toContainEqual({
      place: "store outbox",
      canary: "name",
      encoding: "raw",
    })
  })

  it("hides it under Redacted is not, for nothing shows it", () => {
    const secret = Redacted.make("Buyer 0001 mark-8c1f")
    const seen = [{ secret }, new Error("x", { cause: secret }), Exit.fail(secret)]
    const name = { name: "name", value: Redacted.value(secret) }
    expect(
      findCanaries(
        [name],
        seen.flatMap((each) => haystacksOf("x", each)),
      ),
    ).toEqual([])
  })

  it("has it in what an error that is kept by itself was caused by is found out", () => {
    const value = "Buyer 0001 mark-8c1f"
    const cause = Object.assign(new Error(value), { [inspect.custom]: () => "nothing to see" })
    const error = new Error("no label", { cause: new Error("refused", { cause }) })
    const found = findCanaries([{ name: "name", value }], haystacksOf("an error", error))
    expect(found).toContainEqual({ place: "an error", canary: "name", encoding: "raw" })
  })
})
