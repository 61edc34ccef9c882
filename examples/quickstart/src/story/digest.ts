import { createHash } from "node:crypto"
import { type Actor, canonical, collections, enterPartition, Store } from "@oto-fulfilment/core"
import { Effect, Result, Stream } from "effect"
import type { Premises } from "./openShops.ts"

/** Every record that there is, as one number: how many they are, and SHA-256 over their names, versions and values. */
interface Digest {
  readonly records: number
  readonly sha256: string
}

/** The digest of all records in every partition: those of the merchants and the operator's own. */
export const digestOf = Effect.fn("digestOf")(function* (premises: Premises) {
  const hash = createHash("sha256")
  const rooms: ReadonlyArray<readonly [Actor, string]> = [
    [premises.operatorOwner, premises.operator],
    ...premises.shops.map(({ owner, merchant }) => [owner, merchant] as const),
  ]
  let records = 0
  for (const [actor, partition] of rooms) {
    hash.update(`${partition}\n`)
    yield* enterPartition(
      actor,
      partition,
    )(
      Stream.runForEach(everyRecord, (line) =>
        Effect.sync(() => {
          records++
          hash.update(line)
        }),
      ),
    )
  }
  return { records, sha256: hash.digest("hex") } satisfies Digest
})

const everyRecord = Stream.unwrap(
  Effect.map(Store, (store) =>
    Stream.fromIterable(collections).pipe(
      Stream.flatMap((collection) =>
        Stream.map(store.scan(collection), ({ id, version, value }) => {
          const written = canonical(Result.getOrThrow(collection.encode(value)))
          return `${collection.name} ${id} ${version} ${written}\n`
        }),
      ),
    ),
  ),
)
