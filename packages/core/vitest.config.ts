import { mergeConfig } from "vitest/config"
import shared from "../../vitest.shared.ts"

export default mergeConfig(shared, {
  // Test files share nothing but modules, which hold no state; importing the engine anew for each doubles the time.
  test: { name: "core", isolate: false },
})
