// Mutation tests run on the files that decide, not on the files that carry decisions out.
const decisions = [
  "access/policy.ts",
  "inventory/chooseCells.ts",
  "order/orderTransitions.ts",
  "privacy/retention.ts",
  "shipping/chooseService.ts",
  "warehouse/planPicking.ts",
]

export default {
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "vitest.config.ts" },
  mutate: decisions.map((file) => `packages/core/src/${file}`),
  reporters: ["clear-text"],
  concurrency: 2,
  ignorePatterns: ["temp", "coverage", "docs", "**/dist"],
}
