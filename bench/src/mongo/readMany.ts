import { insert, Store } from "@oto-fulfilment/core"
import { Effect } from "effect"
import { inTurns, turnsRow } from "../inTurns.ts"
import type { Row } from "../measure.ts"
import { BenchRows } from "./BenchRows.ts"
import type { MongoBench } from "./MongoBench.ts"

const RECORDS = 10_000
const KINDS = 100
const PAGE = 100
const READS = 300
const ROUNDS = 5

/**
 * Reading 100 of 10,000 records, as a page of an index and by their ids, one after the other. The floor is the raw
 * driver with the same command, its documents as they come: what `Store` adds is the decoding, checked by the schema.
 */
export const benchRead = async (bench: MongoBench): Promise<ReadonlyArray<Row>> => {
  await bench.inMerchant(fill)
  const rows = bench.db.collection<{ readonly _id: string }>(BenchRows.name)
  const p = bench.merchant
  const reads = Array.from({ length: READS }, (_, i) => i)
  const found = (documents: ReadonlyArray<unknown>) => {
    if (documents.length !== PAGE) throw new Error(`${documents.length} records were found`)
  }

  const page = await inTurns(
    ROUNDS,
    READS,
    () => () =>
      bench.inMerchant(
        Effect.forEach(reads, (i) => Effect.map(findPage(i), ({ items }) => found(items)), {
          discard: true,
        }),
      ),
    () => async () => {
      for (const i of reads)
        found(
          await rows
            .find({ p, "b.kind": kindOf(i) }, { limit: PAGE, batchSize: PAGE })
            .sort({ p: 1, "b.kind": 1, id: 1 })
            .toArray(),
        )
    },
  )
  const many = await inTurns(
    ROUNDS,
    READS,
    () => () =>
      bench.inMerchant(
        Effect.forEach(reads, (i) => Effect.map(getMany(i), (got) => found([...got.values()])), {
          discard: true,
        }),
      ),
    () => async () => {
      for (const i of reads) {
        const keys = idsOf(i).map((id) => `${p}/${id}`)
        const options = { limit: PAGE, batchSize: PAGE }
        found(
          await rows
            .find({ _id: { $in: keys }, p }, options)
            .sort({ _id: 1 })
            .toArray(),
        )
      }
    },
  )
  return [
    turnsRow("mongo: find a page of 100 by index", "reads/s", page),
    turnsRow("mongo: getMany of 100", "reads/s", many),
  ]
}

const kindOf = (i: number): string => `kind-${i % KINDS}`

const idsOf = (i: number): ReadonlyArray<string> =>
  Array.from({ length: PAGE }, (_, n) => `row-${(i * 31 + n * 97) % RECORDS}`)

const findPage = (i: number) =>
  Effect.flatMap(Store, (store) =>
    store.find(BenchRows, "kind", { equals: { kind: kindOf(i) }, limit: PAGE }),
  )

const getMany = (i: number) => Effect.flatMap(Store, (store) => store.getMany(BenchRows, idsOf(i)))

const fill = Effect.gen(function* () {
  const store = yield* Store
  for (let start = 0; start < RECORDS; start += 1000) {
    yield* store.commit(
      Array.from({ length: 1000 }, (_, offset) => {
        const n = start + offset
        const note = `row ${n} of the table that the bench reads`
        return insert(BenchRows, {
          id: `row-${n}`,
          kind: kindOf(n),
          quantity: n,
          at: n * 1000,
          note,
        })
      }),
    )
  }
})
