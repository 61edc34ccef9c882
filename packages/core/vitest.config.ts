import { mergeConfig } from "vitest/config"
import shared from "../../vitest.shared.ts"

export default mergeConfig(shared, {
  test: {
    name: "core",
    // Test files share nothing but modules, which hold no state; importing the engine anew for each doubles the time.
    isolate: false,
    // Those that replace modules have a project of their own: vitest.isolated.config.ts.
    exclude: ["test/**/*.isolated.test.ts", "**/node_modules/**"],
  },
})
