import { mergeConfig } from "vitest/config"
import shared from "../../vitest.shared.ts"

export default mergeConfig(shared, {
  test: {
    name: "store-mongo",
    globalSetup: "test/globalSetup.ts",
    // One server serves all files; more of them at once would only wait for it.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
