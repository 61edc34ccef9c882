// What a user gets: the packed packages, installed by plain npm into an empty project, type-check there,
// load on every Node we support, and the README's host examples run. Build first.
//
//   pnpm consumer:check [README]

import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { readCodeBlocks } from "./readCodeBlocks.ts"

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

interface Package {
  readonly dir: string
  readonly manifest: Manifest
}

const nodes = ["22", "24"]
const timeLimit = 300_000
const quietNpm = ["--no-audit", "--no-fund", "--loglevel=error"]
const root = path.dirname(import.meta.dirname)
const readme = path.resolve(process.argv[2] ?? path.join(root, "README.md"))
const temp = fs.mkdtempSync(path.join(os.tmpdir(), "oto-consumer-"))
const consumer = path.join(temp, "consumer")
const failures: Array<string> = []

try {
  const packages = publishedPackages()
  const hosts = hostExamples()
  install(packages)
  typeCheck(packages, hosts)
  for (const version of nodes) runOn(version, ["consumer.ts", ...hosts])
} catch (error) {
  failures.push(error instanceof Error ? error.message : String(error))
} finally {
  fs.rmSync(temp, { recursive: true, force: true })
}

for (const failure of failures) console.error(`failed: ${failure}`)
console.log(failures.length === 0 ? "a consumer's project works" : "a consumer's project breaks")
process.exitCode = failures.length === 0 ? 0 : 1

function publishedPackages(): ReadonlyArray<Package> {
  const packages = fs
    .globSync("packages/*/package.json", { cwd: root })
    .sort()
    .map((file) => ({ dir: path.join(root, path.dirname(file)), manifest: readManifest(file) }))
    .filter(({ manifest }) => manifest.private !== true)
  for (const { dir, manifest } of packages) {
    if (!fs.existsSync(path.join(dir, "dist"))) throw new Error(`${manifest.name} is not built`)
  }
  return packages
}

function readManifest(file: string): Manifest {
  return JSON.parse(fs.readFileSync(path.join(root, file), "utf8"))
}

/** Writes the README's blocks that name themselves (`// host.ts`) into the consumer's project. */
function hostExamples(): ReadonlyArray<string> {
  fs.mkdirSync(consumer)
  const names: Array<string> = []
  for (const { info, code, name } of readCodeBlocks(fs.readFileSync(readme, "utf8"))) {
    if (info !== "ts" || name === undefined) continue
    fs.writeFileSync(path.join(consumer, name), `${code}\n`)
    names.push(name)
  }
  if (names.length === 0)
    throw new Error("the README has no ts block that starts with `// host.ts`")
  return names
}

function install(packages: ReadonlyArray<Package>): void {
  const tarballs = packages.map(({ dir, manifest }, index) => {
    const tarball = path.join(temp, `package-${index}.tgz`)
    must(`pack ${manifest.name}`, "pnpm", ["pack", "--out", tarball], dir)
    return tarball
  })
  fs.writeFileSync(
    path.join(consumer, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type: "module" }),
  )
  const { devDependencies = {} } = readManifest("package.json")
  const own = new Set(packages.map(({ manifest }) => manifest.name))
  const others = new Map(
    packages
      .flatMap(({ manifest }) => Object.entries(manifest.peerDependencies ?? {}))
      .filter(([name]) => !own.has(name)),
  )
  for (const name of ["typescript", "@types/node"]) others.set(name, devDependencies[name] ?? "*")
  const specs = [...others].map(([name, range]) => `${name}@${range}`)
  must("npm install", "npm", ["install", ...quietNpm, ...tarballs, ...specs], consumer)
}

function typeCheck(packages: ReadonlyArray<Package>, hosts: ReadonlyArray<string>): void {
  const entries = packages.flatMap(({ manifest }) =>
    Object.entries(manifest.exports ?? {})
      .filter(([, target]) => typeof target !== "string" && "types" in target)
      .map(([entry]) => path.posix.join(manifest.name, entry)),
  )
  fs.writeFileSync(
    path.join(consumer, "consumer.ts"),
    [
      ...entries.map((entry, index) => `import * as entry${index} from "${entry}";`),
      `const entries = { ${entries.map((entry, index) => `"${entry}": entry${index}`).join(", ")} };`,
      "for (const [name, entry] of Object.entries(entries)) {",
      "  const count = Object.keys(entry).length;",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the consumer's template
      "  if (count === 0) throw new Error(`${name} exports nothing`);",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the consumer's template
      "  console.log(`${name}: ${count} exports`);",
      "}",
      "",
    ].join("\n"),
  )
  for (const skipLibCheck of [true, false]) {
    fs.writeFileSync(
      path.join(consumer, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          module: "nodenext",
          target: "es2024",
          strict: true,
          noEmit: true,
          types: ["node"],
          skipLibCheck,
        },
        files: ["consumer.ts", ...hosts],
      }),
    )
    reportTypes(`skipLibCheck ${skipLibCheck ? "on" : "off"}`)
  }
}

/** Ours are the consumer's files and our declarations; what other libraries declare is only counted. */
function reportTypes(label: string): void {
  const tsc = path.join(consumer, "node_modules", "typescript", "bin", "tsc")
  const { ok, output } = run(process.execPath, [tsc, "--pretty", "false"], consumer)
  const errors = output.split("\n").filter((line) => /error TS\d+/.test(line))
  if (!ok && errors.length === 0) throw new Error(`type check, ${label}\n${output}`)
  const ours = errors.filter((line) => !/^node_modules\/(?!@oto-fulfilment\/)/.test(line))
  for (const line of ours) console.error(`  ${line}`)
  if (ours.length > 0) failures.push(`type check, ${label}: ${ours.length} errors`)
  console.log(
    `type check, ${label}: ${ours.length} errors, ${errors.length - ours.length} of others`,
  )
}

function runOn(version: string, files: ReadonlyArray<string>): void {
  const home = path.join(temp, `node-${version}`)
  fs.mkdirSync(home)
  fs.writeFileSync(path.join(home, "package.json"), JSON.stringify({ private: true }))
  must(`install Node ${version}`, "npm", ["install", ...quietNpm, `node@${version}`], home)
  const node = path.join(home, "node_modules", "node", "bin", "node")
  const exact = run(node, ["--version"], consumer).output.trim()
  for (const file of files) {
    const { ok, output } = run(node, [file], consumer)
    console.log(`Node ${exact}: ${file} ${ok ? "runs" : "fails"}`)
    console.log(output.trimEnd().replace(/^/gm, "  | "))
    if (!ok) failures.push(`${file} on Node ${exact}`)
  }
}

function must(what: string, command: string, args: ReadonlyArray<string>, cwd: string): void {
  const { ok, output } = run(command, args, cwd)
  if (!ok) throw new Error(`${what}\n${output}`)
}

function run(command: string, args: ReadonlyArray<string>, cwd: string) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env: plainEnvironment(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeLimit,
  })
  return { ok: status === 0, output: `${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}` }
}

/** A consumer does not inherit what the script runner says about this workspace. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_(package|lifecycle|config_user_agent|config_verify)|pnpm_config|NODE_OPTIONS)/i.test(
        name,
      ),
  )
  return Object.fromEntries(kept)
}
