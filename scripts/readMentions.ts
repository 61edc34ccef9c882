import * as fs from "node:fs"
import * as path from "node:path"
import ts from "typescript"

/** A test whose title names a rule. */
interface Proof {
  readonly title: string
  readonly file: string
}

export interface Mentions {
  /** Source files by the rules that their comments name. */
  readonly kept: ReadonlyMap<string, ReadonlyArray<string>>
  readonly proved: ReadonlyMap<string, ReadonlyArray<Proof>>
  /** The host's duties by the rules that ask for them. */
  readonly duties: ReadonlyMap<string, ReadonlyArray<string>>
}

/**
 * The laws of stock and orders have the same letters: there R1 to R11 and L1 to L6 are those of stock, and of orders,
 * not the policy's.
 */
const stockLaw = /^(R([1-9]|1[01])|L[1-6])$/u
const speaksOfStock = [
  /\/src\/(inventory|catalogue)\//u,
  /\/src\/testing\/(stock|order|laws)\//u,
  /\/src\/order\/(freeUnits|holdOrder|allocateOrder)\.ts$/u,
  /\/test\/(inventory|catalogue)\//u,
  /\/test\/order\/(?!buyer|reveal)/u,
  /\/test\/(testing\/)?(stock|order)(Laws|Mutants)/u,
]

/** The published contracts: which folder of core/testing holds the clauses, and what a test imports to run them. */
const contracts: ReadonlyArray<readonly [folder: string, name: RegExp]> = [
  ["audit", /\bauditLaws\b/u],
  ["jobs", /\bjobLaws\b/u],
  ["keyRing", /\bkeyRingContract\b/u],
  ["retention", /\bretentionLaws\b/u],
  ["secretStore", /\bsecretStoreContract\b/u],
  ["store", /\bstoreContract\b/u],
]

export function readMentions(root: string): Mentions {
  const files = (pattern: string): ReadonlyArray<Source> =>
    fs
      .globSync(pattern, { cwd: root })
      .map((file) => file.replaceAll(path.sep, "/"))
      .sort()
      .map((file) => ({ file, text: fs.readFileSync(path.join(root, file), "utf8") }))

  const kept = new Map<string, Array<string>>()
  for (const source of files("packages/*/src/**/*.ts").filter(isEngine))
    for (const id of rulesIn(source.file, commentsOf(source.text))) add(kept, id, source.file)

  const proved = new Map<string, Array<Proof>>()
  const prove = (source: Source, wanted: (callee: string) => boolean) => {
    for (const title of titlesOf(source, wanted))
      for (const id of rulesIn(source.file, title)) add(proved, id, { title, file: source.file })
  }
  const tests = files("packages/*/test/**/*.test.ts")
  for (const source of tests) prove(source, isTest)
  for (const [folder, name] of contracts)
    if (tests.some(({ text }) => name.test(text)))
      for (const source of files(`packages/core/src/testing/${folder}/*.ts`))
        prove(source, isClause)

  const duties = files("packages/core/src/integration/HostDuty.ts").map(({ text }) =>
    dutiesOf(text),
  )
  return { kept, proved, duties: duties[0] ?? new Map() }
}

interface Source {
  readonly file: string
  readonly text: string
}

/** What is published for tests proves rules; it keeps none. */
const isEngine = ({ file }: Source): boolean =>
  !file.includes("/src/testing/") || file.includes("/testing/canary/")

function add<A>(all: Map<string, Array<A>>, id: string, one: A): void {
  const known = all.get(id) ?? []
  all.set(id, known)
  const written = JSON.stringify(one)
  if (!known.some((each) => JSON.stringify(each) === written)) known.push(one)
}

/** The rules that a text names: `R39`, and of `R47-R52` all six. */
function rulesIn(file: string, text: string): ReadonlyArray<string> {
  const ids = [...text.matchAll(/\b([RTLI])(\d{1,2})(?:\s?(?:-|to)\s?\1(\d{1,2}))?\b/gu)].flatMap(
    ([, letter, first, last]) =>
      Array.from(
        { length: Math.max(1, Number(last ?? first) - Number(first) + 1) },
        (_, at) => `${letter}${Number(first) + at}`,
      ),
  )
  const ofStock = speaksOfStock.some((place) => place.test(`/${file}`))
  return ids.filter((id) => !(ofStock && stockLaw.test(id)))
}

/** What a source says in its comments. Type parameters are called R2 too, so code does not count. */
const commentsOf = (source: string): string =>
  [...source.matchAll(/\/\*[\s\S]*?\*\/|(?:^|\s)\/\/.*$/gmu)].map(([comment]) => comment).join("\n")

/** `it("…")`, `it.effect("…")`, `it.each(…)("…")`, `describe("…")`. */
const isTest = (callee: string): boolean => /^(it|test|describe)\b/u.test(callee)
const isClause = (callee: string): boolean => /^(clause|law)$|Law$/u.test(callee)

/** The titles of tests or clauses; of a clause, its number and its title. */
function titlesOf({ file, text }: Source, wanted: (callee: string) => boolean) {
  const titles: Array<string> = []
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true)
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && wanted(node.expression.getText(tree))) {
      const words = node.arguments.slice(0, 2).filter(ts.isStringLiteralLike)
      if (words.length > 0) titles.push(words.map((word) => word.text).join(": "))
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return titles
}

/** The duties by the rules that ask for them, as `HostDuty.ts` lists them. */
function dutiesOf(source: string): ReadonlyMap<string, ReadonlyArray<string>> {
  const duties = new Map<string, Array<string>>()
  for (const [, duty, asked = ""] of source.matchAll(/^ {2}(\w+): \{\s*rule: "([^"]+)"/gmu))
    for (const id of asked.split(", ")) if (duty !== undefined) add(duties, id, duty)
  return duties
}
