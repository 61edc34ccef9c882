import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer, Result } from "effect"
import { collections } from "../../src/host/index.ts"
import { Ids } from "../../src/kernel/index.ts"
import { storeDriver } from "../../src/memory/storeDriver.ts"
import { Driver, type RawEntry, Store } from "../../src/store/index.ts"
import { brokenClauses, orderLaws, stockLaws } from "../../src/testing/index.ts"

interface Told {
  readonly changed: ReadonlyArray<string>
  readonly messages: ReadonlyArray<ReadonlyArray<string>>
}

/** The embedded driver, and of each batch that was committed: whose available it changed, and whom it told of. */
const watched = () => {
  const batches: Array<Told> = []
  const driver = Layer.effect(
    Driver,
    Effect.map(Driver, (inner) =>
      Driver.of({
        ...inner,
        // The embedded driver answers at once, so nothing else happens between these looks.
        commit: (partition, entries) =>
          Effect.suspend(() => {
            const pools = new Map(
              entries
                .filter(({ collection }) => collection.name === "stock_pools")
                .map(({ collection, id }) => [id, collection]),
            )
            const look = () =>
              new Map(
                [...pools].map(([id, collection]) => [
                  id,
                  uncommitted(Effect.runSync(inner.get(collection, partition, id))),
                ]),
              )
            const before = look()
            const refused = Effect.runSync(Effect.result(inner.commit(partition, entries)))
            if (Result.isFailure(refused)) return Effect.fail(refused.failure)
            const after = look()
            const changed = [...pools.keys()].filter((id) => before.get(id) !== after.get(id))
            batches.push({ changed: changed.sort(), messages: entries.flatMap(poolsTold) })
            return Effect.void
          }),
      }),
    ),
  ).pipe(Layer.provide(storeDriver))
  const layer = Layer.mergeAll(Store.layer(collections).pipe(Layer.provide(driver)), Ids.layer)
  return { batches, layer }
}

const uncommitted = (record: { readonly body: object } | undefined): number =>
  record !== undefined && "uncommitted" in record.body ? Number(record.body.uncommitted) : 0

const poolsTold = (entry: RawEntry): ReadonlyArray<ReadonlyArray<string>> => {
  if (entry.kind !== "insert" || entry.collection.name !== "outbox") return []
  if (entry.body["topic"] !== "stock.changed") return []
  const { pools } = entry.body["body"] as {
    readonly pools: ReadonlyArray<{ readonly warehouse: string; readonly sku: string }>
  }
  return [pools.map(({ warehouse, sku }) => `${warehouse}/${sku}`).sort()]
}

describe("a batch that changes what can be promised", () => {
  it.effect("tells of exactly the pools that it changed, in one message", () =>
    Effect.gen(function* () {
      // Any law lives all histories.
      for (const contract of [stockLaws({ runs: 60, seed: 1 }), orderLaws({ runs: 60, seed: 1 })]) {
        const { batches, layer } = watched()
        yield* brokenClauses({ ...contract, clauses: contract.clauses.slice(-1) }, layer)
        const changing = batches.filter(({ changed }) => changed.length > 0)
        expect(changing.length).toBeGreaterThan(100)
        for (const { changed, messages } of batches)
          expect(messages).toEqual(changed.length === 0 ? [] : [changed])
      }
    }),
  )
})
