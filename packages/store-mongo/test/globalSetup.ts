import * as fs from "node:fs"
import * as path from "node:path"
import { startServer } from "@oto-fulfilment/mongo-server"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    /** Where the server listens, or why there is none. */
    readonly mongo:
      | { readonly uri: string; readonly lasting: boolean }
      | { readonly problem: string }
  }
}

/** Starts one server for the whole run and says which. Without one every suite fails with the reason. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const note = path.join(import.meta.dirname, "../../../temp/mongo-server.txt")
  fs.rmSync(note, { force: true })
  try {
    const server = await startServer()
    process.stdout.write(`MongoDB suites: ${server.description}\n`)
    fs.mkdirSync(path.dirname(note), { recursive: true })
    fs.writeFileSync(note, `${server.description}\n`)
    project.provide("mongo", { uri: server.uri, lasting: server.lasting === true })
    return server.stop
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    process.stdout.write(`MongoDB suites: ${problem}\n`)
    project.provide("mongo", { problem })
    return async () => {}
  }
}
