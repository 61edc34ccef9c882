import { writeFileSync } from "node:fs"
import { benchCommitStock } from "./commitStock.ts"
import { benchFind } from "./findRecords.ts"
import { machine } from "./measure.ts"

const rows = [...(await benchCommitStock()), ...(await benchFind())]

console.log(`\n${machine}\n`)
console.table(
  rows.map(({ name, value, unit, floor, ratio }) => ({ name, value, unit, floor, ratio })),
)
writeFileSync(new URL("../results.json", import.meta.url), `${JSON.stringify(rows, null, 2)}\n`)
