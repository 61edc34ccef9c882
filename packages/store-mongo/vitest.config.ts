import { mergeConfig } from "vitest/config"
import shared from "../../vitest.shared.ts"

export default mergeConfig(shared, {
  test: {
    name: "store-mongo",
    globalSetup: "test/globalSetup.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
