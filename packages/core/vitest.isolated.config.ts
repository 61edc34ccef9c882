import { defineConfig } from "vitest/config"
import shared from "../../vitest.shared.ts"

// Tests that replace modules of the engine, each in a worker of its own. Merging would join the two lists of files.
export default defineConfig({
  ...shared,
  test: { ...shared.test, name: "core-isolated", include: ["test/**/*.isolated.test.ts"] },
})
