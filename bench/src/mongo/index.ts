import type { Row } from "../measure.ts"
import { benchImport } from "./importOrders.ts"
import { openMongoBench } from "./MongoBench.ts"
import { benchRead } from "./readMany.ts"
import { benchReserve } from "./reserve.ts"
import { benchSweep } from "./sweepRetention.ts"

/** What the engine costs on MongoDB, beside the raw driver on the same server. */
export const benchMongo = async (): Promise<ReadonlyArray<Row>> => {
  const bench = await openMongoBench()
  try {
    const rows = [
      ...(await benchReserve(bench)),
      ...(await benchImport(bench)),
      ...(await benchRead(bench)),
      ...(await benchSweep(bench)),
    ]
    return rows.map((each) => ({ ...each, server: bench.server.description }))
  } finally {
    await bench.close()
  }
}
