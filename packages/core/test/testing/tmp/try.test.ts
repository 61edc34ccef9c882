import { Effect, Layer } from "effect"
import fc from "fast-check"
import { it } from "vitest"
import { Ids } from "../../../src/kernel/index.ts"
import { storeDriver } from "../../../src/memory/storeDriver.ts"
import { Store } from "../../../src/store/index.ts"
import { collections } from "../../../src/host/index.ts"
import { liveStock } from "../../../src/testing/stock/liveStock.ts"
import { anyHistory } from "../../../src/testing/stock/StockHistory.ts"
import { stockOperations } from "../../../src/testing/stock/StockOperations.ts"

it("tries", async () => {
  const layer = Layer.mergeAll(Store.layer(collections).pipe(Layer.provide(storeDriver)), Ids.layer)
  const N = Number(process.env.N ?? 50)
  const t0 = Date.now()
  const hs = fc.sample(anyHistory, { numRuns: N, seed: 42 })
  console.log("sample", Date.now() - t0)
  const tally: Record<string, number> = {}
  let beats = 0, calls = 0, moves = 0
  const t1 = Date.now()
  await Effect.runPromise(
    Effect.gen(function* () {
      for (const h of hs) {
        const lived = yield* liveStock(stockOperations(), h)
        beats += lived.beats.length
        if (lived.damage || lived.death) console.log("DAMAGE", lived.damage, lived.death)
        moves += lived.beats.at(-1)!.after[0].movements.length
        for (const b of lived.beats) for (const c of b.calls) for (const o of c.outcomes) {
          calls++
          const k = `${c.operation} ${o.end === "refused" ? o.tag : o.end}${c.again ? " again-" + c.again.body : ""}`
          tally[k] = (tally[k] ?? 0) + 1
        }
      }
    }).pipe(Effect.provide(layer)),
  )
  console.log("live ms/history", (Date.now() - t1) / N, "beats", beats / N, "calls", calls / N, "moves", moves / N)
  console.log(Object.entries(tally).sort().map(([k, v]) => `${k}: ${v}`).join("\n"))
}, 600_000)
