import fc from "fast-check"
import {
  type Act,
  again,
  anyAct,
  copies,
  lines,
  type PlannedBeat,
  rule,
  type Scene,
  type SomeUnits,
  units,
} from "./OrderAct.ts"

type Weighted = { readonly weight: number; readonly arbitrary: fc.Arbitrary<Scene> }

/** Acts at one moment, a millisecond after those before. */
const next = (...acts: ReadonlyArray<Act>): PlannedBeat => ({
  wait: 1,
  acts: acts.map((act) => ({ act, copies: 1 })),
})

/** An act that is sent so often at the same moment. */
const times = (act: Act, sent: number): PlannedBeat => ({ wait: 1, acts: [{ act, copies: sent }] })

const X = { external: "x" } as const
const some = (line: number, quantity: number): SomeUnits => ({ line, quantity, blind: false })

/** What is done to an order on its way, in this order. */
const STEPS: ReadonlyArray<(part: SomeUnits, all: boolean) => Act> = [
  () => ({ do: "release", of: X }),
  () => ({ do: "allocate", of: X }),
  (part) => ({ do: "pick", of: X, ...part }),
  (part) => ({ do: "pack", of: X, ...part }),
  (part, all) => ({ do: "dispatch", of: X, ...part, all }),
]

/** What is tried at the end of the way, where much of it cannot be any more. */
const LATER: ReadonlyArray<Act> = [
  { do: "commit", of: X, rule: "available" },
  { do: "allocate", of: X },
  { do: "hold", of: X },
  { do: "cancel", of: X },
  { do: "dispatch", of: X, ...some(0, 1), all: true },
  { do: "amend", of: X, ...some(0, 4) },
]

/** An order goes its way, as far as it comes, and more is tried then. */
const way: fc.Arbitrary<Scene> = fc
  .record({
    lines,
    rule,
    steps: fc.integer({ min: 2, max: STEPS.length }),
    quantity: units,
    all: fc.boolean(),
    sent: copies,
    later: fc.array(fc.constantFrom(...LATER), { maxLength: 2 }),
  })
  .map(({ lines: ordered, rule: by, steps, quantity, all, sent, later }) => [
    next({ do: "import", external: "x", lines: ordered }),
    next({ do: "commit", of: X, rule: by }),
    ...STEPS.slice(0, steps).map((step) => times(step(some(0, quantity), all), sent)),
    ...later.map((act) => next(act)),
  ])

/** What is on the shelf leaves, all of it at once, and the order is over. */
const end: fc.Arbitrary<Scene> = fc
  .record({ quantity: units, later: fc.constantFrom(...LATER), sent: copies })
  .map(({ quantity, later, sent }) => [
    next(
      { do: "receive", sku: "CUP", quantity, warehouse: 0 },
      { do: "import", external: "x", lines: [{ sku: "CUP", quantity }] },
    ),
    next({ do: "commit", of: X, rule: "whole" }),
    next({ do: "release", of: X }),
    next({ do: "allocate", of: X }),
    times({ do: "dispatch", of: X, ...some(0, 1), all: true }, sent),
    next(later),
  ])

/** An order that is held gets no further, until the hold is lifted. */
const held: fc.Arbitrary<Scene> = fc
  .record({ lines, late: fc.boolean(), lifted: fc.boolean() })
  .map(({ lines: ordered, late, lifted }) => [
    next({ do: "import", external: "x", lines: ordered }),
    next({ do: "commit", of: X, rule: "backorder" }),
    ...(late ? [next({ do: "release", of: X })] : []),
    next({ do: "hold", of: X }),
    next(late ? { do: "allocate", of: X } : { do: "release", of: X }),
    ...(lifted ? [next({ do: "lift", of: X })] : []),
  ])

/** Who cancels an order that was split. */
const ENDS: {
  readonly [by in "it stays" | "its channel" | "each of it"]: ReadonlyArray<Act>
} = {
  "it stays": [],
  "its channel": [{ do: "cancelAtChannel", external: "x" }],
  "each of it": [
    { do: "cancel", of: X },
    { do: "cancel", of: { ...X, child: true } },
  ],
}

/** Units leave an order for orders of their own, and come back. */
const family: fc.Arbitrary<Scene> = fc
  .record({
    lines: fc.array(
      fc.record({ sku: fc.constantFrom("TEA", "CUP", "SET"), quantity: fc.constantFrom(3, 4, 5) }),
      { minLength: 1, maxLength: 2 },
    ),
    rule: fc.constantFrom("available", "backorder", null),
    prelude: fc.constantFrom<Act["do"] | "nothing">("nothing", "hold", "release"),
    parts: fc.array(fc.record({ line: fc.nat({ max: 1 }), quantity: fc.constantFrom(1, 2) }), {
      minLength: 1,
      maxLength: 3,
    }),
    merges: fc.integer({ min: 0, max: 3 }),
    end: fc.constantFrom<keyof typeof ENDS>("it stays", "it stays", "its channel", "each of it"),
  })
  .map(({ lines: ordered, rule: by, prelude, parts, merges, end: ending }) => [
    next({ do: "import", external: "x", lines: ordered }),
    next({ do: "commit", of: X, rule: by }),
    ...(prelude === "nothing" ? [] : [next({ do: prelude, of: X } as Act)]),
    ...parts.map(({ line, quantity }) => next({ do: "split", of: X, ...some(line, quantity) })),
    ...Array.from({ length: Math.min(merges, parts.length) }, () => next({ do: "merge", of: X })),
    ...ENDS[ending].map((act) => next(act)),
  ])

/** Several wait for one product, and some comes in: while they are served, one may be cancelled or merged. */
const queue: fc.Arbitrary<Scene> = fc
  .record({
    wants: fc.array(units, { minLength: 2, maxLength: 3 }),
    sku: fc.constantFrom("TEA", "CUP"),
    came: fc.integer({ min: 1, max: 9 }),
    split: fc.boolean(),
    beside: fc.constantFrom("nothing", "a sweep", "a cancellation", "a merge"),
  })
  .map(({ wants, sku, came, split, beside }) => {
    const names = wants.map((_, place) => `x${place}`)
    const [first = "x0", second = "x1"] = names
    const part = { of: { external: first }, ...some(0, 1) }
    const fill: Act = { do: "fill", sku, warehouse: 0 }
    const besides: { readonly [name in typeof beside]: ReadonlyArray<Act> } = {
      nothing: [],
      "a sweep": [fill],
      "a cancellation": [{ do: "cancelSome", ...part, of: { external: second } }],
      "a merge": [{ do: "merge", of: { external: first } }],
    }
    return [
      next(
        // More than there is, so that whoever comes later waits.
        ...names.map((external, place): Act => {
          const quantity = (wants[place] ?? 0) + (place === 0 ? 12 : 0)
          return { do: "import", external, lines: [{ sku, quantity }] }
        }),
      ),
      ...names.map((external) => next({ do: "commit", of: { external }, rule: "backorder" })),
      ...(split || beside === "a merge" ? [next({ do: "split", ...part })] : []),
      next({ do: "receive", sku, quantity: came, warehouse: 0 }),
      next(fill, ...(besides[beside] ?? [])),
    ]
  })

const anyBeat: fc.Arbitrary<PlannedBeat> = fc.record({
  wait: fc.constantFrom(0, 1, 1, 500),
  acts: fc.tuple(fc.record({ act: anyAct, copies })),
})

/** Several act at the same moment, each of them twice. */
const rush: fc.Arbitrary<PlannedBeat> = fc.record({
  wait: fc.constantFrom(0, 1),
  acts: fc.array(fc.record({ act: anyAct, copies: fc.constant(2) }), {
    minLength: 2,
    maxLength: 4,
  }),
})

/** An earlier command is sent again. */
const repeated: fc.Arbitrary<Scene> = fc
  .tuple(again, copies)
  .map(([act, sent]) => [times(act, sent)])

/** What happens between merchants and their channel, in parts. */
export const scenes: ReadonlyArray<Weighted> = [
  { weight: 5, arbitrary: way },
  { weight: 2, arbitrary: end },
  { weight: 4, arbitrary: fc.array(anyBeat, { minLength: 1, maxLength: 4 }) },
  { weight: 4, arbitrary: rush.map((beat) => [beat]) },
  { weight: 1, arbitrary: held },
  { weight: 3, arbitrary: family },
  { weight: 3, arbitrary: queue },
  { weight: 4, arbitrary: repeated },
]
