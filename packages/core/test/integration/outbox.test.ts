import { describe, expect, it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import { TestClock } from "effect/testing"
import { AuditLog } from "../../src/audit/index.ts"
import {
  Deliveries,
  forgetDeliveries,
  Jobs,
  type MessageAtWork,
  message,
  Outbox,
  onMessage,
  RECEIPT_MILLIS,
  type Topic,
  topic,
} from "../../src/integration/index.ts"
import { now } from "../../src/kernel/index.ts"
import { CurrentPartition, insert, replace, Store } from "../../src/store/index.ts"
import { MERCHANT_A, MERCHANT_B } from "../world.ts"
import { all, commit, dismiss, hire, inWorld, noted, TapeMissing, within } from "./workWorld.ts"

const Packed = topic("parcel.packed", Schema.Struct({ parcel: Schema.Int }))
const Lost = topic("parcel.lost", Schema.Struct({ parcel: Schema.String }))

const tell = <A>(kind: Topic<A>, body: NoInfer<A>) =>
  Effect.gen(function* () {
    const told = yield* message(kind, body, yield* now)
    yield* commit(insert(Outbox, told))
    return told
  })

const listen = (heard: Array<unknown>) => (body: { readonly parcel: unknown }) =>
  Effect.sync(() => {
    heard.push(body.parcel)
    return []
  })

describe("a message", () => {
  it.effect("is delivered to each subscriber on its own, and recorded once for each", () =>
    inWorld(
      Effect.gen(function* () {
        const heard: Array<MessageAtWork> = []
        const told = yield* tell(Packed, { parcel: 7 })
        yield* hire([
          onMessage(Packed, ({ parcel }, facts) => {
            heard.push(facts)
            return Effect.map(noted("print", `p-${parcel}`), (event) => [event])
          }),
          onMessage(Packed, () => Effect.fail(new TapeMissing({ of: "Ada" })), {
            subscriber: "search",
            maxAttempts: 1,
          }),
        ])
        yield* TestClock.adjust(1000)
        expect(heard).toMatchObject([
          { messageId: told.id, partition: MERCHANT_A, attempts: 1, createdAt: 0 },
        ])
        expect(yield* all(Outbox)).toEqual([])
        expect(yield* all(Deliveries)).toEqual([
          {
            id: `parcel.packed/main:${told.id}`,
            message: told.id,
            deliveredAt: 0,
            expiresAt: RECEIPT_MILLIS,
          },
        ])
        expect(yield* all(Jobs)).toMatchObject([
          {
            id: `parcel.packed/search:${told.id}`,
            queue: "parcel.packed/search",
            state: { _tag: "Dead", reason: "TapeMissing" },
            payload: { message: told.id, body: { parcel: 7 } },
          },
        ])
        expect((yield* all(AuditLog)).map(({ action }) => action).sort()).toEqual([
          "giveUpJob",
          "print",
        ])
      }),
    ),
  )

  it.effect("is delivered in its own partition", () =>
    inWorld(
      Effect.gen(function* () {
        const heard: Array<unknown> = []
        yield* tell(Packed, { parcel: 1 })
        yield* within(MERCHANT_B)(tell(Packed, { parcel: 2 }))
        yield* hire([
          onMessage(Packed, ({ parcel }, { partition }) =>
            Effect.map(CurrentPartition, ({ id }) => {
              heard.push([parcel, partition, id])
              return []
            }),
          ),
        ])
        yield* TestClock.adjust(1000)
        expect(heard).toHaveLength(2)
        expect(heard).toContainEqual([1, MERCHANT_A, MERCHANT_A])
        expect(heard).toContainEqual([2, MERCHANT_B, MERCHANT_B])
      }),
    ),
  )

  it.effect("of a topic that nobody serves waits, keeps nobody waiting, and is found later", () =>
    inWorld(
      Effect.gen(function* () {
        const heard: Array<unknown> = []
        for (let n = 0; n < 150; n++) yield* tell(Lost, { parcel: `lost ${n}` })
        yield* tell(Packed, { parcel: 1 })
        const first = yield* hire([onMessage(Packed, listen(heard))], { pollMillis: 60_000 })
        yield* TestClock.adjust("1 minute")
        expect(heard).toEqual([1])
        expect((yield* all(Outbox)).every(({ dueAt }) => dueAt === 0)).toBe(true)
        yield* TestClock.adjust("62 minutes")
        const put = yield* all(Outbox)
        expect(put).toHaveLength(150)
        expect(put.every(({ dueAt }) => dueAt >= 2 * 3_600_000)).toBe(true)
        yield* dismiss(first)
        yield* hire([onMessage(Lost, listen(heard))], { pollMillis: 60_000 })
        yield* TestClock.adjust("65 minutes")
        yield* TestClock.adjust("2 minutes")
        expect(new Set(heard).size).toBe(151)
        expect(yield* all(Outbox)).toEqual([])
      }),
    ),
  )

  it.effect("that nobody wants leaves the outbox, and is not delivered", () =>
    inWorld(
      Effect.gen(function* () {
        yield* tell(Lost, { parcel: "lost" })
        yield* hire<never>([], { unwanted: [Lost] })
        yield* TestClock.adjust(1000)
        expect([yield* all(Outbox), yield* all(Jobs), yield* all(Deliveries)]).toEqual([[], [], []])
      }),
    ),
  )

  it.effect("that is too large for a job stays, and the others go", () =>
    inWorld(
      Effect.gen(function* () {
        const heard: Array<unknown> = []
        yield* tell(Lost, { parcel: "x".repeat(1_048_380) })
        yield* tell(Lost, { parcel: "small" })
        yield* hire([onMessage(Lost, listen(heard))])
        yield* TestClock.adjust(1000)
        expect(heard).toEqual(["small"])
        expect(yield* all(Outbox)).toMatchObject([{ dueAt: 3_600_000 }])
      }),
    ),
  )

  it.effect("that is damaged stays, and keeps nobody waiting", () =>
    inWorld(
      Effect.gen(function* () {
        const heard: Array<unknown> = []
        const store = yield* Store
        const damage = (id: string) =>
          Effect.gen(function* () {
            const stored = yield* Effect.fromOption(yield* store.get(Outbox, id))
            const loose = {
              ...Outbox,
              encode: () => Result.succeed({ ...stored.value, createdAt: "then" }),
            }
            yield* commit(replace({ ...stored, collection: loose as never }, stored.value))
          })
        const [packed, lost] = [
          yield* tell(Packed, { parcel: 1 }),
          yield* tell(Lost, { parcel: "1" }),
        ]
        yield* damage(`parcel.packed:${packed.id}`)
        yield* damage(`parcel.lost:${lost.id}`)
        for (const parcel of [2, 3]) yield* tell(Packed, { parcel })
        yield* hire([onMessage(Packed, listen(heard))], { pollMillis: 60_000 })
        yield* TestClock.adjust("2 hours")
        yield* tell(Packed, { parcel: 4 })
        yield* TestClock.adjust("2 minutes")
        expect(heard.toSorted()).toEqual([2, 3, 4])
      }),
    ),
  )

  it.effect("that was delivered is forgotten after 35 days, not before", () =>
    inWorld(
      Effect.gen(function* () {
        yield* tell(Packed, { parcel: 1 })
        const worker = yield* hire([onMessage(Packed, listen([]))])
        yield* TestClock.adjust(1000)
        yield* dismiss(worker)
        const ids = (yield* all(Deliveries)).map(({ id }) => id)
        yield* TestClock.setTime(RECEIPT_MILLIS - 1)
        expect(yield* forgetDeliveries(ids)).toBe(0)
        yield* TestClock.setTime(RECEIPT_MILLIS)
        expect(yield* forgetDeliveries([...ids, "gone"])).toBe(1)
        expect(yield* all(Deliveries)).toEqual([])
      }),
    ),
  )
})

describe("names", () => {
  it("of topics and subscribers leave room in a job's id", () => {
    const body = Schema.Struct({})
    for (const name of ["", "Parcel", "a:b", "a/b", "x".repeat(49)])
      expect(() => topic(name, body), name).toThrow("no name")
    const kind = topic("x".repeat(48), body)
    const handler = () => Effect.succeed([])
    for (const subscriber of ["", "A", "a/b", "x".repeat(33)])
      expect(() => onMessage(kind, handler, { subscriber }), subscriber).toThrow("no name")
    const { queue } = onMessage(kind, handler, { subscriber: "y".repeat(32) })
    expect(queue.name.length + 1 + 36).toBeLessThanOrEqual(128)
  })
})
