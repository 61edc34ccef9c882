import { defineConfig } from "vitest/config"

// The same command runs everywhere; in CI it also leaves the counts in a file for .ci/run to read.
const inCi = Boolean(process.env["CI"])

export default defineConfig({
  test: {
    projects: [
      "packages/*/vitest*.config.ts",
      "examples/*/vitest.config.ts",
      "tools/*/vitest.config.ts",
    ],
    // Vitest leaves a core free; on two cores that is half of the machine.
    maxWorkers: "100%",
    reporters: inCi ? ["default", "json"] : ["default"],
    outputFile: { json: "temp/test-results.json" },
    coverage: { provider: "v8", include: ["packages/*/src/**/*.ts"] },
  },
})
