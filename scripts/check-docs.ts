// Every ts block of the documentation is a module that compiles under the project's own rules.
// There is no opting out: what need not compile is not tagged `ts`.
//
// A block is written to temp/docs-examples behind as many blank lines as its page has above it, so what
// the compiler says about a line is true of the page. A block that starts with `// host.ts` is written under
// that name, and later blocks of the same page may import it.

import * as fs from "node:fs"
import * as path from "node:path"
import ts from "typescript"
import { type CodeBlock, readCodeBlocks } from "./readCodeBlocks.ts"

const root = path.dirname(import.meta.dirname)
const scratch = path.join(root, "temp", "docs-examples")
const failures: Array<string> = []

const pages = fs
  .globSync(
    ["*.md", "docs/**/*.md", "packages/*/README.md", "examples/*/README.md", "bench/README.md"],
    { cwd: root },
  )
  .map((page) => page.replaceAll(path.sep, "/"))
  .filter((page) => !page.startsWith("docs/api/"))
  .sort()

fs.rmSync(scratch, { recursive: true, force: true })
fs.mkdirSync(scratch, { recursive: true })
linkDependencies()
const sources = pages.flatMap((page) => blocksOf(page).map((block) => extract(page, block)))
if (sources.length > 0) failures.push(...compile(sources))

for (const failure of failures) console.error(failure)
const counts = `${sources.length} ts blocks in ${pages.length} pages`
console.log(failures.length === 0 ? `${counts} compile` : `${counts}, ${failures.length} errors`)
process.exitCode = failures.length === 0 ? 0 : 1

function blocksOf(page: string): ReadonlyArray<CodeBlock> {
  const blocks = readTypeScript(page)
  const names = blocks.flatMap(({ name }) => name ?? [])
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index))) {
    failures.push(`${page}: two blocks are named ${name}`)
  }
  return blocks
}

function readTypeScript(page: string): ReadonlyArray<CodeBlock> {
  try {
    return readCodeBlocks(fs.readFileSync(path.join(root, page), "utf8")).filter(
      ({ info, line }) => {
        if (info === "ts") return true
        if (/^(ts|tsx|mts|cts|typescript)\b/i.test(info)) {
          failures.push(`${page}:${line - 1} write \`ts\` alone, not \`${info}\``)
        }
        return false
      },
    )
  } catch (error) {
    failures.push(`${page}: ${String(error)}`)
    return []
  }
}

function extract(page: string, { code, line, name }: CodeBlock): string {
  const file = path.join(scratch, page, name ?? `line-${line}.ts`)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, `${"\n".repeat(line - 1)}${code}\n`)
  return file
}

/** Examples may import every workspace package, and whatever one of them depends on. */
function linkDependencies(): void {
  for (const dir of fs.globSync(["packages/*", "examples/*", "bench"], { cwd: root }).sort()) {
    const home = path.join(root, dir)
    if (!fs.existsSync(path.join(home, "package.json"))) continue
    const manifest = JSON.parse(fs.readFileSync(path.join(home, "package.json"), "utf8"))
    link(manifest.name, home)
    const { dependencies, peerDependencies, devDependencies } = manifest
    for (const name of Object.keys({ ...dependencies, ...peerDependencies, ...devDependencies })) {
      link(name, path.join(home, "node_modules", name))
    }
  }
}

function link(name: string, target: string): void {
  const from = path.join(scratch, "node_modules", name)
  if (fs.existsSync(from) || !fs.existsSync(target)) return
  fs.mkdirSync(path.dirname(from), { recursive: true })
  fs.symlinkSync(target, from, "junction")
}

function compile(files: ReadonlyArray<string>): ReadonlyArray<string> {
  const base = path.join(root, "tsconfig.base.json")
  const config = ts.readConfigFile(base, ts.sys.readFile)
  // An example is not a library: it owes nobody a declaration file.
  const compilerOptions = {
    ...config.config?.compilerOptions,
    declaration: false,
    declarationMap: false,
  }
  const { options, errors } = ts.parseJsonConfigFileContent(
    { compilerOptions, files },
    ts.sys,
    root,
  )
  const program = ts.createProgram(files, options)
  const diagnostics = [
    ...(config.error === undefined ? [] : [config.error]),
    ...errors,
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    // The sources that examples import are checked by `pnpm check`.
    ...files.flatMap((file) => {
      const source = program.getSourceFile(file)
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    }),
  ]
  return diagnostics.map(describe)
}

function describe(diagnostic: ts.Diagnostic): string {
  const message = `TS${diagnostic.code} ${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n  ")}`
  if (diagnostic.file === undefined || diagnostic.start === undefined) return message
  const { line, character } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start)
  const page = path.relative(scratch, path.dirname(diagnostic.file.fileName))
  return `${page.replaceAll(path.sep, "/")}:${line + 1}:${character + 1} ${message}`
}
