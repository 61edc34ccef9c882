// Mutation tests run on the files that decide, not on the files that carry decisions out.
const decisions = [
  "inventory/channelQuantity.ts",
  "inventory/chooseCells.ts",
  "inventory/effectsOf.ts",
  "inventory/grantInOrder.ts",
  "kernel/Money.ts",
  "order/chooseWarehouses.ts",
  "order/lineBuckets.ts",
  "order/orderStatus.ts",
  "order/orderTransitions.ts",
  "party/StandingChange.ts",
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
