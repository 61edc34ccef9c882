// Each promise of rules.ts: where the code keeps it, which test proves it, or whose duty it is. Writes docs/rules.md.
//
//   pnpm rules           fails on a gap, or when docs/rules.md is not what it should be
//   pnpm rules:update    writes docs/rules.md
//
// A rule is kept where a comment of packages/*/src names it ("R39"), and proved where the title of a test does: of
// a test, or of a clause of a published contract that a test runs. What the title says is for its author to answer for.

import * as fs from "node:fs"
import * as path from "node:path"
import { readMentions } from "./readMentions.ts"
import { type Rule, rules } from "./rules.ts"

const root = path.dirname(import.meta.dirname)
const page = path.join(root, "docs", "rules.md")
const update = process.argv.includes("--update")
const failures: Array<string> = []

const { kept, proved, duties } = readMentions(root)
for (const id of new Set([...kept.keys(), ...proved.keys(), ...duties.keys()]))
  if (!(id in rules)) failures.push(`${id} is named by ${namesOf(id)}, and there is no such rule`)
const rows = Object.keys(rules).map((id) => ({ id, state: stateOf(id) }))

const written = renderPage()
if (update) fs.writeFileSync(page, written)
else if (!fs.existsSync(page) || fs.readFileSync(page, "utf8") !== written)
  failures.push("docs/rules.md is not up to date: pnpm rules:update")

for (const failure of failures) console.error(failure)
console.log(summary())
process.exitCode = failures.length === 0 ? 0 : 1

type State = "kept" | "partly" | "host" | "not yet"

function stateOf(id: string): State {
  const { partly, notYet } = ruleOf(id)
  // Invariants are kept by nothing in particular: they are proved.
  const isKept = kept.has(id) || id.startsWith("I")
  if (notYet !== undefined) {
    if (isKept && proved.has(id)) fail(id, "is kept and proved: say in rules.ts what is missing")
    return "not yet"
  }
  if (partly !== undefined) {
    if (!isKept) fail(id, "is said to be kept in part, and no source names it")
    return "partly"
  }
  if (duties.has(id) && !proved.has(id)) return "host"
  if (!isKept || !proved.has(id)) fail(id, gapOf(id))
  return "kept"
}

function ruleOf(id: string): Rule {
  return rules[id] ?? { promise: "" }
}

function fail(id: string, why: string): void {
  failures.push(`${id} ${why}`)
}

/** What keeps a rule from being kept and proved. */
function gapOf(id: string): string {
  if (proved.has(id)) return "is named by tests, and no source names it"
  return kept.has(id)
    ? `is kept by ${namesOf(id)}, and no test names it`
    : "is nowhere: neither kept, nor a host's duty, nor said to come"
}

function namesOf(id: string): string {
  return (
    [...(kept.get(id) ?? []), ...(proved.get(id) ?? []).map(({ file }) => file)][0] ?? "HostDuty.ts"
  )
}

function renderPage(): string {
  const groups = [
    ["T", "How time is counted"],
    ["R", "What the privacy policy promises"],
    ["L", "What the law adds"],
    ["I", "What is always true"],
  ] as const
  return [
    "# Promises, and where they are kept",
    "",
    "Written by `pnpm rules:update` from the comments of the source and the titles of the tests; CI fails when a promise",
    "that is kept has no test, or is in no row. A test's title is a claim that the test itself must hold.",
    "",
    `${summary()}.`,
    ...groups.flatMap(([letter, title]) => [
      "",
      `## ${title}`,
      "",
      "| | promise | kept in | proved by |",
      "| --- | --- | --- | --- |",
      ...rows.filter(({ id }) => id.startsWith(letter)).map(renderRow),
    ]),
    "",
  ].join("\n")
}

function renderRow({ id, state }: { readonly id: string; readonly state: State }): string {
  const { promise, partly, notYet } = ruleOf(id)
  const sources = (kept.get(id) ?? []).map((file) => link(path.basename(file), file))
  const duty = duties.get(id)
  const where = [
    ...(notYet === undefined ? [] : [`**not yet**: ${notYet}`]),
    ...(partly === undefined ? [] : [`**partly**: ${partly}`]),
    ...(duty === undefined
      ? []
      : [`**host's duty**: ${duty.map((each) => `\`${each}\``).join(", ")}`]),
    ...few(sources, 6),
  ]
  const tests = (proved.get(id) ?? []).map(({ title, file }) => link(escaped(title), file))
  return `| ${id} | ${escaped(promise)} | ${where.join("<br>")} | ${few(tests, 4).join("<br>") || (state === "host" ? "evidence" : "")} |`
}

function few(all: ReadonlyArray<string>, most: number): ReadonlyArray<string> {
  return all.length <= most ? all : [...all.slice(0, most), `and ${all.length - most} more`]
}

function link(text: string, file: string): string {
  return `[${text}](../${file})`
}

function escaped(text: string): string {
  return text.replace(/[|<>[\]]/gu, "\\$&")
}

function summary(): string {
  const count = (wanted: State) => rows.filter(({ state }) => state === wanted).length
  return `${rows.length} promises: ${count("kept")} kept, ${count("partly")} partly, ${count("host")} the host's alone, ${count("not yet")} not yet`
}
