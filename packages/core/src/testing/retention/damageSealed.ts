import * as Effect from "effect/Effect"
import { OrderPiis } from "../../privacy/index.ts"
import {
  type CommitRefused,
  Driver,
  type PartitionId,
  type RawRecord,
  type StoreUnavailable,
} from "../../store/index.ts"

/** What somebody who can write to the store, and has no key, moves about. */
type Damage = "field" | "order" | "merchant"

/**
 * Moves sealed parts within one record, between orders of a merchant or between merchants, does work, and puts them
 * back. Nothing where there is nothing to move.
 */
export const whileDamaged = <A, E, R>(
  kind: Damage,
  victim: { readonly partition: PartitionId; readonly order: string },
  source: { readonly partition: PartitionId; readonly order: string } | undefined,
  work: Effect.Effect<A, E, R>,
): Effect.Effect<A | undefined, E | CommitRefused | StoreUnavailable, R | Driver> =>
  Effect.gen(function* () {
    const driver = yield* Driver
    const read = ({ partition, order }: typeof victim) => driver.get(OrderPiis, partition, order)
    const write = (version: number, body: RawRecord["body"]) =>
      driver.commit(victim.partition, [
        { kind: "replace", collection: OrderPiis, id: victim.order, version, body },
      ])
    const own = yield* read(victim)
    const other = source === undefined ? undefined : yield* read(source)
    if (own === undefined) return undefined
    const body = damagedBody(kind, own.body, other?.body)
    if (body === undefined) return undefined
    yield* write(own.version, body)
    const done = yield* work
    const now = yield* read(victim)
    if (now !== undefined) yield* write(now.version, own.body)
    return done
  })

const damagedBody = (
  kind: Damage,
  own: RawRecord["body"],
  other: RawRecord["body"] | undefined,
): RawRecord["body"] | undefined => {
  const fields = own["fields"] as { readonly [field: string]: unknown }
  if (kind === "field") {
    const { name, address } = fields
    return { ...own, fields: { ...fields, name: address, address: name } }
  }
  if (other === undefined) return undefined
  return kind === "order"
    ? { ...own, fields: other["fields"] }
    : { ...own, fields: other["fields"], wrappedKey: other["wrappedKey"], key: other["key"] }
}
