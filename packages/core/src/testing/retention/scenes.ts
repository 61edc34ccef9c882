import fc from "fast-check"
import { DAY_MILLIS } from "../../kernel/index.ts"
import { type Act, type Instant, type PlannedAct, type Slot, STAGES } from "./RetentionAct.ts"

export const edge = fc.constantFrom(-1, 0, 1)
const instant = fc.constantFrom<Instant>(
  "deadline",
  "deadline",
  "deadline",
  "sweep",
  "sweep",
  "stalled",
  "lapse",
  "cap",
  "purge",
  "channel",
)

const crash = fc.option(fc.record({ call: fc.nat({ max: 14 }), done: fc.boolean() }), {
  freq: 5,
  nil: undefined,
})

export const planned = (act: fc.Arbitrary<Act>): fc.Arbitrary<PlannedAct> =>
  fc
    .record({ act, copies: fc.constantFrom<1 | 2>(1, 1, 1, 2), crash })
    .map(({ crash: struck, ...rest }) => (struck === undefined ? rest : { ...rest, crash: struck }))

export const plain = (act: Act): fc.Arbitrary<PlannedAct> =>
  fc.constant({ act, copies: 1 as const })

export const revealOf = (of: fc.Arbitrary<Slot>): fc.Arbitrary<Act> =>
  fc.record({
    do: fc.constant("reveal" as const),
    slot: of,
    role: fc.constantFrom("owner", "owner", "dispatcher", "packer", "support" as const),
    purpose: fc.constantFrom("label" as const, "label" as const, "packing_slip" as const),
  })

export const sweep: fc.Arbitrary<Act> = fc.record({
  do: fc.constant("sweep" as const),
  sweepers: fc.constantFrom<1 | 2>(1, 1, 2),
  skewMillis: fc.constantFrom(0, 0, 0, 0, 0, 0, 299_000, 300_001, -300_001),
})

const onOrder = (of: Slot): fc.Arbitrary<Act> =>
  fc
    .constantFrom(
      "fetch" as const,
      "cancelUnit" as const,
      "split" as const,
      "merge" as const,
      "restrict" as const,
      "restrict" as const,
      "lift" as const,
      "hold" as const,
      "hold" as const,
      "hold" as const,
      "liftHold" as const,
      "erase" as const,
      "glass" as const,
      "restoreOrder" as const,
    )
    .map((name) => ({ do: name, slot: of }))

const around: fc.Arbitrary<Act> = fc.constantFrom<Act>(
  { do: "backup" },
  { do: "backup" },
  { do: "deliver" },
  { do: "rotate" },
  { do: "outage", down: true },
  { do: "outage", down: false },
)

export const tamper = (of: Slot): fc.Arbitrary<Act> =>
  fc.record({
    do: fc.constant("tamper" as const),
    slot: fc.constant(of),
    kind: fc.constantFrom("field" as const, "order" as const, "merchant" as const),
  })

export const shortWait: fc.Arbitrary<Act> = fc.record({
  do: fc.constant("wait" as const),
  millis: fc.constantFrom(1, 300_000, 3_600_000, DAY_MILLIS, 3 * DAY_MILLIS, 29 * DAY_MILLIS),
})

export const untilOf = (of: Slot): fc.Arbitrary<Act> =>
  fc.record({ do: fc.constant("until" as const), slot: fc.constant(of), instant, off: edge })

export const newsOf = (of: Slot): fc.Arbitrary<Act> =>
  fc.record({
    do: fc.constant("import" as const),
    slot: fc.constant(of),
    news: fc.constantFrom("same" as const, "newer" as const, "cancelled" as const),
  })

/** What happens to an order while it is open. */
const middleOf = (of: Slot) =>
  fc.array(
    planned(
      fc.oneof(
        { weight: 5, arbitrary: onOrder(of) },
        { weight: 4, arbitrary: revealOf(fc.constant(of)) },
        { weight: 2, arbitrary: around },
        { weight: 2, arbitrary: tamper(of) },
        { weight: 2, arbitrary: shortWait },
        { weight: 1, arbitrary: newsOf(of) },
        { weight: 1, arbitrary: sweep },
      ),
    ),
    { maxLength: 3 },
  )

/** How an order ends, if it does. */
const endOf = (of: Slot): fc.Arbitrary<ReadonlyArray<PlannedAct>> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(planned(fc.constant<Act>({ do: "drive", slot: of, to: "dispatched" }))),
    },
    { weight: 2, arbitrary: fc.tuple(planned(fc.constant<Act>({ do: "cancel", slot: of }))) },
    { weight: 2, arbitrary: fc.tuple(planned(fc.constant<Act>({ do: "delete", slot: of }))) },
    { weight: 1, arbitrary: fc.tuple(planned(newsOf(of))) },
    {
      weight: 1,
      arbitrary: fc.tuple(planned(fc.constant<Act>({ do: "disconnect", who: of === 2 ? 1 : 0 }))),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(planned(fc.constant<Act>({ do: "terminate", who: of === 2 ? 1 : 0 }))),
    },
    { weight: 3, arbitrary: fc.constant([]) },
  )

/** What is tried once time has passed. */
const afterOf = (of: Slot) =>
  fc.tuple(
    planned(untilOf(of)),
    planned(revealOf(fc.constant(of))),
    planned(
      fc.oneof(
        { weight: 4, arbitrary: sweep },
        { weight: 1, arbitrary: fc.constant<Act>({ do: "erase", slot: of }) },
        { weight: 1, arbitrary: fc.constant<Act>({ do: "delete", slot: of }) },
      ),
    ),
    planned(
      fc.oneof<fc.Arbitrary<Act>[]>(
        newsOf(of),
        fc.constant<Act>({ do: "fetch", slot: of }),
        revealOf(fc.constant(of)),
        fc.constant<Act>({ do: "restoreBackup" }),
        fc.constant<Act>({ do: "restoreBackup" }),
        tamper(of),
        onOrder(of),
      ),
    ),
  )

export const sceneOf = (of: Slot): fc.Arbitrary<ReadonlyArray<PlannedAct>> =>
  fc
    .tuple(
      planned(
        fc.record({
          do: fc.constant("drive" as const),
          slot: fc.constant(of),
          to: fc.constantFrom(...STAGES, "fetched" as const, "packed" as const, "partly" as const),
        }),
      ),
      middleOf(of),
      endOf(of),
      fc.array(afterOf(of), { minLength: 1, maxLength: 2 }),
    )
    .map(([begin, middle, end, after]) => [begin, ...middle, ...end, ...after.flat()])
