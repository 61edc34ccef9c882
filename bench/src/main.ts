// `pnpm bench` measures everything, `pnpm bench mongo` only the groups whose name has that word.

import { writeFileSync } from "node:fs"
import { benchCommitStock } from "./commitStock.ts"
import { benchFind } from "./findRecords.ts"
import { machine, type Row } from "./measure.ts"
import { benchMongo } from "./mongo/index.ts"
import { benchSealOrder } from "./sealOrder.ts"

const GROUPS: { readonly [name: string]: () => Promise<ReadonlyArray<Row>> } = {
  "memory commitStock": benchCommitStock,
  "memory find": benchFind,
  mongo: benchMongo,
  "personal data": benchSealOrder,
}

const wanted = process.argv[2] ?? ""
const rows: Array<Row> = []
for (const [name, measure] of Object.entries(GROUPS))
  if (name.includes(wanted)) rows.push(...(await measure()))

console.log(`\n${machine}`)
for (const server of new Set(rows.flatMap((each) => each.server ?? []))) console.log(server)
console.table(
  rows.map(({ name, value, unit, floor, ratio, aim }) => ({
    name,
    value,
    unit,
    floor,
    ratio,
    aim: aim ?? "",
  })),
)
if (wanted === "")
  writeFileSync(new URL("../results.json", import.meta.url), `${JSON.stringify(rows, null, 2)}\n`)
