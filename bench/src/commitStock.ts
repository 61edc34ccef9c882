import {
  type Actor,
  Core,
  enterPartition,
  openMerchant,
  type PartitionId,
  registerOperator,
} from "@oto-fulfilment/core"
import { memoryHost } from "@oto-fulfilment/core/memory"
import { Effect, Layer } from "effect"
import { perSecond, type Row, row } from "./measure.ts"

const OPERATOR = "01890a5d-ac96-774b-8cce-b302099a8001" as PartitionId
const WAREHOUSE = "01890a5d-ac96-774b-8cce-b302099a8059"
const COMMITS = 10_000
const ROUNDS = 5

const actorIn = (partition: PartitionId): Actor => ({
  ref: { kind: "user", id: "bench" },
  home: OPERATOR,
  grants: [{ partition, roles: ["owner"] }],
})

/**
 * `commitStock` of one line on the embedded store: the commitment, the guarded pool, the receipt and the audit event,
 * with the check on the standing. The floor writes the same four things into bare Maps.
 */
export const benchCommitStock = async (): Promise<ReadonlyArray<Row>> => {
  const rows: Array<Row> = []
  for (const skus of [1, 200]) {
    const floor = await mapFloor(skus)
    for (const callers of [1, 16]) {
      const rate = await commitRate(skus, callers)
      const name = `commitStock, ${skus} SKU${skus > 1 ? "s" : ""}, ${callers} caller${callers > 1 ? "s" : ""}`
      rows.push(row(name, rate, "commits/s", floor))
    }
  }
  return rows
}

const commitRate = (skus: number, callers: number): Promise<number> =>
  Effect.gen(function* () {
    const core = yield* Core
    yield* registerOperator({
      key: "install",
      id: OPERATOR,
      name: "Bench",
      timeZone: "Europe/London",
    })
    const merchant = yield* openMerchant({
      key: "open",
      name: "Bench",
      settings: { currency: "GBP", timeZone: "Europe/London" },
    }).pipe(enterPartition(actorIn(OPERATOR), OPERATOR))
    const inMerchant = enterPartition(actorIn(merchant.id), merchant.id)
    for (let sku = 0; sku < skus; sku++) {
      const line = {
        sku: `S${sku}`,
        quantity: 1_000_000,
        place: { warehouse: WAREHOUSE, bin: "A-01" },
      }
      yield* inMerchant(core.defineProduct({ key: `p${sku}`, sku: line.sku, title: line.sku }))
      yield* inMerchant(core.receiveStock({ key: `r${sku}`, lines: [line] }))
    }
    const round = (index: number) =>
      Effect.forEach(
        Array.from({ length: COMMITS }, (_, i) => i),
        (i) =>
          core.commitStock({
            key: `${index}-${i}`,
            document: { kind: "basket", id: `${index}-${i}` },
            policy: "whole",
            lines: [{ sku: `S${i % skus}`, warehouse: WAREHOUSE, quantity: 1 }],
          }),
        { concurrency: callers, discard: true },
      ).pipe(inMerchant)
    const context = yield* Effect.context<Layer.Success<typeof Core.layer>>()
    const runPromise = Effect.runPromiseWith(context)
    return yield* Effect.promise(() =>
      perSecond(ROUNDS, COMMITS, (index) => runPromise(round(index))),
    )
  }).pipe(
    Effect.provide(Core.layer.pipe(Layer.provide(memoryHost)), { local: true }),
    Effect.runPromise,
  )

const mapFloor = (skus: number): Promise<number> => {
  const pools = new Map<string, { committed: number; uncommitted: number }>()
  const commitments = new Map<string, object>()
  const receipts = new Map<string, object>()
  const events = new Map<string, object>()
  for (let sku = 0; sku < skus; sku++) pools.set(`S${sku}`, { committed: 0, uncommitted: 1e6 })
  return perSecond(ROUNDS, COMMITS, (index) => {
    for (let i = 0; i < COMMITS; i++) {
      const sku = `S${i % skus}`
      const id = `${index}-${i}`
      const pool = pools.get(sku)
      if (pool === undefined || pool.uncommitted < 1) throw new Error("the floor ran out of stock")
      pools.set(sku, { committed: pool.committed + 1, uncommitted: pool.uncommitted - 1 })
      commitments.set(id, { id, sku, quantity: 1, state: "pending" })
      receipts.set(id, { id, answer: id })
      events.set(id, { id, action: "commitStock" })
    }
  })
}
