import { Collection, Driver, index, type PartitionId } from "@oto-fulfilment/core"
import { storeDriver } from "@oto-fulfilment/core/memory"
import { Effect, Schema } from "effect"
import { perSecond, type Row, row } from "./measure.ts"

const Rows = Collection.make("bench_rows", {
  schema: Schema.Struct({ id: Schema.String, state: Schema.String, at: Schema.Int }),
  key: (record) => record.id,
  indexes: { state: index("state", "at") },
})

const PARTITION = "01890a5d-ac96-774b-8cce-b302099a8057" as PartitionId
const STATES = 100
const FINDS = 2000

/**
 * `find` of ten records by a two-field index, at three sizes. The floor is the rate at the smallest size, so a
 * ratio near 1 means flat growth.
 */
export const benchFind = async (): Promise<ReadonlyArray<Row>> => {
  const rates: Array<{ readonly size: number; readonly rate: number }> = []
  for (const size of [10_000, 100_000, 1_000_000]) rates.push({ size, rate: await findRate(size) })
  const floor = rates[0]?.rate ?? 1
  return rates.map(({ size, rate }) =>
    row(`find 10 by index, ${size.toLocaleString("en-GB")} records`, rate, "finds/s", floor),
  )
}

const findRate = (size: number): Promise<number> =>
  Effect.gen(function* () {
    const driver = yield* Driver
    yield* driver.prepare([Rows])
    for (let start = 0; start < size; start += 1000) {
      yield* driver.commit(
        PARTITION,
        Array.from({ length: Math.min(1000, size - start) }, (_, offset) => {
          const number = start + offset
          const id = `r${number}`
          const body = { id, state: `s${number % STATES}`, at: (number * 7919) % size }
          return { kind: "insert" as const, collection: Rows, id, body }
        }),
      )
    }
    const find = Effect.forEach(
      Array.from({ length: FINDS }, (_, i) => i),
      (i) =>
        driver.find(Rows, PARTITION, {
          index: "state",
          equals: [`s${i % STATES}`],
          range: { gte: (i * 104_729) % size },
          descending: false,
          after: undefined,
          limit: 10,
        }),
      { discard: true },
    )
    const runPromise = Effect.runPromiseWith(yield* Effect.context<never>())
    return yield* Effect.promise(() => perSecond(5, FINDS, () => runPromise(find)))
  }).pipe(Effect.provide(storeDriver, { local: true }), Effect.runPromise)
