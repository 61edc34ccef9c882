// Shows that the laws of orders can fail: each listed mutant is applied to a copy of the core package, and the clause
// of the law must go red on it. The laws of stock carry their mutants in their own tests.
//
//   pnpm test:mutants [LAW]

import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { lawMutants } from "../packages/core/test/order/lawMutants.ts"

const root = path.dirname(import.meta.dirname)
const wanted = process.argv[2]
const copy = fs.mkdtempSync(path.join(os.tmpdir(), "oto-mutants-"))
const copied = [
  "package.json",
  "tsconfig.base.json",
  "vitest.config.ts",
  "vitest.shared.ts",
  "packages/core",
]
const survivors: Array<string> = []

try {
  for (const name of copied)
    fs.cpSync(path.join(root, name), path.join(copy, name), {
      recursive: true,
      filter: (file) => !/(^|\/)(node_modules|dist|api|temp)$/u.test(file),
    })
  for (const folder of ["node_modules", "packages/core/node_modules"])
    fs.symlinkSync(path.join(root, folder), path.join(copy, folder))
  for (const mutant of lawMutants) {
    if (wanted !== undefined && mutant.law !== wanted) continue
    const file = path.join(copy, "packages/core/src", mutant.file)
    const source = fs.readFileSync(file, "utf8")
    if (!source.includes(mutant.right))
      throw new Error(`${mutant.law}: not in ${mutant.file} any more`)
    fs.writeFileSync(
      file,
      source.replace(mutant.right, () => mutant.mutated),
    )
    const killed = isBroken(mutant.law)
    fs.writeFileSync(file, source)
    console.log(`${mutant.law} ${killed ? "killed  " : "SURVIVED"} ${mutant.wrong}`)
    if (!killed) survivors.push(mutant.law)
  }
} finally {
  fs.rmSync(copy, { recursive: true, force: true })
}
process.exitCode = survivors.length === 0 ? 0 : 1

/** Whether the law says so itself: that histories are too easy for it would not count. */
function isBroken(law: string): boolean {
  const run = spawnSync(
    path.join(root, "node_modules/.bin/vitest"),
    [
      "run",
      ...["--project", "core"],
      ...["--testNamePattern", ` ${law} `],
      "test/order/orderLaws.contract.test.ts",
    ],
    { cwd: copy, encoding: "utf8", env: { ...process.env, CI: "", NO_COLOR: "1" } },
  )
  const ran = `${run.stdout}${run.stderr}`
  if (!/Tests\s+1 (passed|failed)/u.test(ran))
    throw new Error(`the clause of ${law} did not run:\n${ran.slice(-2000)}`)
  return run.status !== 0 && ran.includes("give both to orderLaws to live it again")
}
