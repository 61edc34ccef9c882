// The public API of each package, as its reviewed reports in `api/` have it, against what `build` made.
//
//   pnpm api          fails where they differ
//   pnpm api:update   rewrites the reports that differ
//
// The bundler of declarations prints the members of inferred unions and objects in an order that changes from build to
// build. So reports are compared declaration by declaration, whatever the order of lines and words inside one.

import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"

const root = path.dirname(import.meta.dirname)
const update = process.argv.includes("--update")
const extractor = path.join(root, "node_modules/.bin/api-extractor")
let stale = 0

for (const config of fs.globSync("packages/*/api-extractor*.json", { cwd: root }).sort()) {
  const folder = path.join(root, path.dirname(config))
  const { apiReport } = JSON.parse(fs.readFileSync(path.join(root, config), "utf8")) as {
    readonly apiReport: { readonly reportFileName: string }
  }
  const report = path.join(folder, "api", apiReport.reportFileName)
  const reviewed = fs.existsSync(report) ? fs.readFileSync(report, "utf8") : ""
  fs.mkdirSync(path.dirname(report), { recursive: true })
  const run = spawnSync(extractor, ["run", "--local", "--config", path.basename(config)], {
    cwd: folder,
    encoding: "utf8",
  })
  if (run.status !== 0) throw new Error(`${config}:\n${run.stdout}${run.stderr}`)
  const differing = declarationsThatDiffer(reviewed, fs.readFileSync(report, "utf8"))
  const name = path.relative(root, report)
  if (differing.length === 0 || !update) fs.writeFileSync(report, reviewed)
  if (differing.length === 0) console.log(`${name}: as reviewed`)
  else if (update) console.log(`${name}: rewritten`)
  else {
    stale++
    console.error(`${name}: the API has changed. Review it and run \`pnpm api:update\`:`)
    for (const declaration of differing.slice(0, 20)) console.error(`  ${declaration}`)
  }
}
process.exitCode = stale === 0 ? 0 : 1

function declarationsThatDiffer(before: string, after: string): ReadonlyArray<string> {
  const known = declarationsOf(before)
  const found = declarationsOf(after)
  return [...new Set([...known.keys(), ...found.keys()])]
    .filter((words) => known.has(words) !== found.has(words))
    .map((words) => known.get(words) ?? found.get(words) ?? "")
}

/** Each declaration of a report by its words in one order, with its first line as its name. */
function declarationsOf(report: string): ReadonlyMap<string, string> {
  const declarations = new Map<string, string>()
  for (const block of report.split(/\n\s*\n/u)) {
    const lines = block.split("\n").map((line) => line.trim())
    const words = lines.map((line) =>
      (line.match(/[\w$."'-]+|\[\]|\?|=>/gu) ?? []).sort().join(" "),
    )
    const heading = lines.find((line) => /^(export|declare|class|const|type|interface)/u.test(line))
    declarations.set(words.sort().join("\n"), (heading ?? lines[0] ?? "").slice(0, 100))
  }
  return declarations
}
