// Who may import whom. Lowest level first; a folder of core imports lower levels only, never its own.
const levels = [
  ["kernel"],
  ["store"],
  ["audit"],
  ["privacy"],
  ["integration", "access"],
  ["command"],
  ["party", "catalogue"],
  ["inventory"],
  ["order"],
  ["warehouse", "shipping"],
  ["incident"],
  ["flow"],
  ["host"],
  ["memory", "testing"],
]
const folders = levels.flat()

const rule = (name, from, to) => ({ name, severity: "error", from, to })

const layering = levels.flatMap((level, height) =>
  level.map((folder) => {
    const forbidden = levels
      .slice(height)
      .flat()
      .filter((other) => other !== folder)
    return rule(
      `core-${folder}-looks-down`,
      { path: `^packages/core/src/${folder}/` },
      { path: `^packages/core/src/(index\\.ts$|(${forbidden.join("|") || "none"})/)` },
    )
  }),
)

export default {
  forbidden: [
    rule("everything-resolves", {}, { couldNotResolve: true }),
    rule("no-circular", {}, { circular: true }),
    ...layering,
    rule(
      "core-folders-are-the-levels",
      { path: `^packages/core/src/(?!index\\.ts$)(?!(${folders.join("|")})/)` },
      {},
    ),
    rule(
      "core-has-no-other-folders",
      {},
      { path: `^packages/core/src/(?!index\\.ts$)(?!(${folders.join("|")})/)` },
    ),
    rule(
      "folders-meet-at-their-index",
      { path: "^packages/core/src/([^/]+)/" },
      {
        path: "^packages/core/src/([^/]+)/",
        pathNot: ["^packages/core/src/$1/", "^packages/core/src/[^/]+/index\\.ts$"],
      },
    ),
    rule(
      "core-door-opens-on-folder-doors",
      { path: "^packages/core/src/index\\.ts$" },
      { pathNot: "^packages/core/src/[^/]+/index\\.ts$" },
    ),
    rule(
      "core-door-leaves-memory-and-testing-to-their-own",
      { path: "^packages/core/src/index\\.ts$" },
      { path: "^packages/core/src/(memory|testing)/" },
    ),
    rule(
      "core-uses-effect-only",
      { path: "^packages/core/src/", pathNot: "^packages/core/src/testing/" },
      {
        path: "^@oto-fulfilment/|^packages/(?!core/)|node_modules",
        pathNot: "node_modules/effect/",
      },
    ),
    rule(
      "core-testing-uses-effect-and-fast-check-only",
      { path: "^packages/core/src/testing/" },
      {
        path: "^@oto-fulfilment/|^packages/(?!core/)|node_modules",
        pathNot: "node_modules/(effect|fast-check)/",
      },
    ),
    rule(
      "core-is-portable",
      { path: "^packages/core/src/", pathNot: "^packages/core/src/testing/canary/" },
      { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
    ),
    // The search looks at what Node compresses and prints.
    rule(
      "core-canary-inflates-and-inspects",
      { path: "^packages/core/src/testing/canary/" },
      { dependencyTypes: ["core"], pathNot: "^(node:)?(crypto|util|zlib)$" },
    ),
    rule(
      "adapters-are-strangers",
      { path: "^packages/((?:adapter|store)-[^/]+)/src/" },
      { path: "^(packages|@oto-fulfilment)/(adapter|store)-", pathNot: "^packages/$1/" },
    ),
    rule(
      "core-is-used-by-its-exports",
      { path: "^(packages|examples|bench)/", pathNot: "^packages/core/" },
      {
        path: "^packages/core/src/",
        pathNot: [
          "^packages/core/src/index\\.ts$",
          "^packages/core/src/(memory|testing)/index\\.ts$",
        ],
      },
    ),
    rule(
      "declared-dependencies-only",
      { path: "^packages/[^/]+/src/" },
      {
        dependencyTypes: ["npm-no-pkg", "npm-unknown", "npm-dev"],
        dependencyTypesNot: ["npm-peer"],
      },
    ),
    rule(
      "private-packages-declare-too",
      { path: "^(examples/[^/]+|tools/[^/]+|bench)/src/" },
      { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    ),
    rule("what-ships-knows-no-tools", { path: "^packages/[^/]+/src/" }, { path: "^tools/" }),
    rule("tools-know-no-packages", { path: "^tools/" }, { path: "^(packages|examples|bench)/" }),
    rule(
      "tools-are-used-by-their-door",
      { path: "^(packages|examples|bench)/" },
      { path: "^tools/", pathNot: "^tools/[^/]+/src/index\\.ts$" },
    ),
    rule(
      "tests-stay-at-home",
      { path: "^((?:packages|examples|tools)/[^/]+|bench)/" },
      { path: "^(packages|examples|tools)/[^/]+/test/", pathNot: "^$1/test/" },
    ),
    rule(
      "src-knows-no-tests",
      { path: "^packages/[^/]+/src/" },
      { path: "^packages/[^/]+/test/|node_modules/(vitest|@effect/vitest)/" },
    ),
    rule(
      "only-testing-generates",
      { path: "^packages/[^/]+/src/", pathNot: "^packages/core/src/testing/" },
      { path: "node_modules/fast-check/" },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^packages/[^/]+/dist/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@oto-fulfilment/source", "import", "types", "default"],
    },
  },
}
