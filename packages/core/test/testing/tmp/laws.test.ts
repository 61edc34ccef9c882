import { Effect, Layer } from "effect"
import fc from "fast-check"
import { it } from "vitest"
import { collections } from "../../../src/host/index.ts"
import { Ids } from "../../../src/kernel/index.ts"
import { storeDriver } from "../../../src/memory/storeDriver.ts"
import { Store } from "../../../src/store/index.ts"
import { everyStockLaw } from "../../../src/testing/stock/everyStockLaw.ts"
import { liveStock } from "../../../src/testing/stock/liveStock.ts"
import { anyHistory } from "../../../src/testing/stock/StockHistory.ts"
import { stockOperations } from "../../../src/testing/stock/StockOperations.ts"

it("tries", async () => {
  const layer = Layer.mergeAll(Store.layer(collections).pipe(Layer.provide(storeDriver)), Ids.layer)
  const N = Number(process.env.N ?? 50)
  const seed = Number(process.env.SEED ?? 42)
  const hs = fc.sample(anyHistory, { numRuns: N, seed })
  const met: Record<string, number> = {}
  let live = 0
  let judge = 0
  const time: Record<string, number> = {}
  await Effect.runPromise(
    Effect.gen(function* () {
      for (const [i, h] of hs.entries()) {
        const t0 = performance.now()
        const lived = yield* liveStock(stockOperations(), h)
        const t1 = performance.now()
        live += t1 - t0
        if (lived.damage || lived.death) console.log("DAMAGE", i, lived.damage, lived.death)
        for (const law of everyStockLaw) {
          const t2 = performance.now()
          const v = law.judge(lived, h.salt)
          time[law.id] = (time[law.id] ?? 0) + performance.now() - t2
          if (v.broken) console.log("BROKEN", i, law.id, v.broken)
          for (const s of v.met) met[`${law.id} ${s}`] = (met[`${law.id} ${s}`] ?? 0) + 1
        }
        judge += performance.now() - t1
      }
    }).pipe(Effect.provide(layer)),
  )
  console.log("live", live / N, "judge", judge / N, time)
  console.log(everyStockLaw.flatMap((l) => l.situations.map((s) => `${l.id} ${s}: ${((met[`${l.id} ${s}`] ?? 0) * 100 / N).toFixed(1)}%`)).join("\n"))
}, 600_000)
