import { Core, Standings } from "@oto-fulfilment/core"
import { Effect } from "effect"
import { inTurns, turnsRow } from "../inTurns.ts"
import type { Row } from "../measure.ts"
import type { Bulk, MongoBench } from "./MongoBench.ts"
import { byCallers, renamed, writesOf, writeTogether } from "./rawBatch.ts"

const WAREHOUSE = "01890a5d-ac96-774b-8cce-b302099a8059"
const CALLERS = 16
const ROUNDS = 5
const SLOTS = Standings.fence ?? 1

/**
 * `commitStock` of one line by 16 callers, on one SKU and spread over 200. The floor is the raw driver with the very same
 * documents in the very same two commands: audit event, commitment, receipt, fence slot and guarded pool, without the
 * reads, the decision and the codecs.
 */
export const benchReserve = async (bench: MongoBench): Promise<ReadonlyArray<Row>> => {
  const rows: Array<Row> = []
  for (const { skus, runs, aim } of [
    { skus: 1, runs: 400, aim: 0.6 },
    { skus: 200, runs: 1000, aim: 0.5 },
  ]) {
    const names = Array.from({ length: skus }, (_, i) => `${skus}-${i}`)
    await bench.inMerchant(receive(names))
    const samples = await bench.bulksOf(
      Effect.forEach(names, (sku) => commit(sku, `sample-${sku}`), { discard: true }),
    )
    const turns = await inTurns(
      ROUNDS,
      runs,
      (round) => () =>
        bench.inMerchant(
          Effect.forEach(
            Array.from({ length: runs }, (_, i) => i),
            (i) => commit(names[i % skus] ?? "", `${skus}-${round}-${i}`),
            { concurrency: CALLERS, discard: true },
          ),
        ),
      (round) => {
        const batches = Array.from({ length: runs }, (_, i) =>
          writesOf(another(samples[i % skus], `raw-${skus}-${round}-${i}`, i)),
        )
        return () => byCallers(CALLERS, batches, (writes) => writeTogether(bench.raw, writes, 2))
      },
    )
    const where = skus === 1 ? "one SKU" : `${skus} SKUs`
    const name = `mongo: commitStock, ${where}, ${CALLERS} callers`
    rows.push(turnsRow(name, "commits/s", turns, aim))
  }
  return rows
}

const commit = (sku: string, basket: string) =>
  Effect.flatMap(Core, (core) =>
    core.commitStock({
      key: basket,
      document: { kind: "basket", id: basket },
      policy: "whole",
      lines: [{ sku, warehouse: WAREHOUSE, quantity: 1 }],
    }),
  )

const receive = (skus: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const core = yield* Core
    for (const sku of skus) {
      const place = { warehouse: WAREHOUSE, bin: "A-01" }
      yield* core.defineProduct({ key: `product-${sku}`, sku, title: sku })
      yield* core.receiveStock({ key: `in-${sku}`, lines: [{ sku, quantity: 1_000_000, place }] })
    }
  })

/** The same batch under other ids, through the fence slot of its turn. */
const another = (sample: Bulk | undefined, name: string, turn: number): Bulk => {
  if (sample === undefined) throw new Error("nothing was sent to take as a sample")
  const ids = sample.ops.flatMap((op) => ("insert" in op ? [op.document.id] : []))
  const copy = renamed(sample, new Map(ids.map((id, i) => [id, `${name}-${i}`])))
  const ops = copy.ops.map((op) => {
    if ("insert" in op || !copy.nsInfo[op.update]?.ns.endsWith(".oto.fences")) return op
    const { _id, ...rest } = op.filter as { readonly _id: string }
    return { ...op, filter: { ...rest, _id: _id.replace(/#\d+$/, `#${turn % SLOTS}`) } }
  })
  return { ...copy, ops }
}
