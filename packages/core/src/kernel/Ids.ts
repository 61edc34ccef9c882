import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"

/**
 * A UUID of version 7 in its canonical lower-case form (RFC 9562, section 5.7): it sorts by creation time.
 * Each domain brands its own: `export const OrderId = Uuid.pipe(Schema.brand("OrderId"))`.
 */
export const Uuid = Schema.String.check(
  Schema.isPattern(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u),
)

/**
 * The source of new ids. Ids come from here only, so that a test with a fixed clock and seed sees the same ones.
 *
 * Law: ids are unique, and those made by one process sort in the order in which they were made.
 */
export class Ids extends Context.Service<Ids, { readonly next: Effect.Effect<string> }>()(
  "@oto-fulfilment/core/Ids",
) {
  /** UUIDv7 from Effect's Clock and Random, monotonic within a millisecond (RFC 9562, section 6.2, method 2). */
  static readonly layer = Layer.sync(Ids, () => {
    let last: Stamp = { millis: -1, high: 0, low: 0 }
    const next = Effect.gen(function* () {
      const high = Math.floor((yield* Random.next) * 2 ** 30)
      const low = Math.floor((yield* Random.next) * 2 ** 43)
      const millis = Math.trunc(yield* Clock.currentTimeMillis)
      // No other fiber runs from here to the end: no two step from the same id.
      last = millis > last.millis ? { millis, high, low } : stepAfter(last, low)
      return format(last)
    })
    return Ids.of({ next })
  })
}

/** A new id of the kind that `schema` names: `yield* nextId(OrderId)`. */
export const nextId = <Id extends string>(
  _kind: Schema.Codec<Id, string>,
): Effect.Effect<Id, never, Ids> => Effect.flatMap(Ids, (ids) => ids.next as Effect.Effect<Id>)

interface Stamp {
  readonly millis: number
  readonly high: number
  readonly low: number
}

/** 73 random bits count upwards while the clock stands still or steps back. */
const stepAfter = (last: Stamp, step: number): Stamp => {
  const low = last.low + 1 + (step % 2 ** 20)
  if (low < 2 ** 43) return { ...last, low }
  return last.high + 1 < 2 ** 30
    ? { ...last, high: last.high + 1, low: low - 2 ** 43 }
    : { millis: last.millis + 1, high: 0, low: low - 2 ** 43 }
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0")

const format = ({ millis, high, low }: Stamp): string => {
  const time = hex(millis, 12)
  const randA = hex(Math.floor(high / 2 ** 18), 3)
  const randB = 0x8000 + Math.floor((high % 2 ** 18) / 2 ** 5)
  const tail = hex((high % 2 ** 5) * 2 ** 43 + low, 12)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randA}-${hex(randB, 4)}-${tail}`
}
