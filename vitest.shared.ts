import { defineConfig } from "vitest/config"

// Workspace packages resolve to their TypeScript, so no build precedes a test.
const conditions = ["@oto-fulfilment/source"]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Type laws (*.test-d.ts) are not listed: `pnpm check` proves them, nothing runs them.
    include: ["test/**/*.test.ts"],
    // Laws run whole histories; a busy two-core machine must not turn one into a timeout.
    testTimeout: 30_000,
  },
})
