// Cuts the two days of the demo out of the Online Retail file, line by line and unchanged:
//
//     node examples/quickstart/scripts/cutSlice.ts <path of online-retail.csv.gz>
//
// It refuses any other file than the one that data/README.md describes.

import { createHash } from "node:crypto"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { gunzipSync } from "node:zlib"

const SHA256 = "24bb5fccf34d11309a5b1462ea4b875ebf120ec76fb38b2df2ddc308656f0623"
const DAYS = ["2011-10-10", "2011-10-12"]

const [source] = process.argv.slice(2)
if (source === undefined) throw new Error("usage: cutSlice.ts <path of online-retail.csv.gz>")

const packed = readFileSync(source)
const found = createHash("sha256").update(packed).digest("hex")
if (found !== SHA256) throw new Error(`${source} has the sha256 ${found}, not ${SHA256}`)

// No field of this file holds a line break, so a line is a row.
const [header = "", ...rows] = gunzipSync(packed).toString("utf8").split("\n")
const target = path.join(import.meta.dirname, "..", "data")
mkdirSync(target, { recursive: true })

for (const day of DAYS) {
  const cut = rows.filter((row) => row.includes(`,${day} `))
  writeFileSync(path.join(target, `${day}.csv`), `${[header, ...cut].join("\n")}\n`)
  process.stdout.write(`${day}.csv: ${cut.length} rows\n`)
}
