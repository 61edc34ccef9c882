import fc from "fast-check"
import { DAY_MILLIS } from "../../kernel/index.ts"
import { type Act, type Instant, type PlannedAct, type Slot, STAGES } from "./RetentionAct.ts"
import {
  edge,
  newsOf,
  plain,
  planned,
  revealOf,
  sceneOf,
  shortWait,
  sweep,
  tamper,
  untilOf,
} from "./scenes.ts"

const act = (one: Act): fc.Arbitrary<PlannedAct> => planned(fc.constant(one))

/** A scene of acts in a row, some of them chosen. */
const row = (
  ...acts: ReadonlyArray<fc.Arbitrary<PlannedAct>>
): fc.Arbitrary<ReadonlyArray<PlannedAct>> => fc.tuple(...acts)

const wholeSweep: fc.Arbitrary<PlannedAct> = plain({ do: "sweep", sweepers: 1, skewMillis: 0 })

/** Something goes for good, in each of the ways in which that happens. */
const goneOf = (of: Slot): fc.Arbitrary<ReadonlyArray<PlannedAct>> => {
  const who = of === 2 ? 1 : 0
  const until = (name: Instant) => plain({ do: "until", slot: of, instant: name, off: 0 })
  return fc.oneof(
    row(act({ do: "drive", slot: of, to: "dispatched" }), until("sweep"), wholeSweep),
    row(act({ do: "drive", slot: of, to: "dispatched" }), act({ do: "erase", slot: of })),
    row(act({ do: "cancel", slot: of })),
    row(act({ do: "delete", slot: of }), until("purge"), wholeSweep),
    row(act({ do: "delete", slot: of }), until("purge"), wholeSweep),
    row(act({ do: "disconnect", who }), wholeSweep),
    row(act({ do: "terminate", who })),
  )
}

const backupScene = (of: Slot) =>
  fc
    .tuple(
      row(
        planned(
          fc.record({
            do: fc.constant("drive" as const),
            slot: fc.constant(of),
            to: fc.constantFrom("released" as const, "packed" as const, "partly" as const),
          }),
        ),
        plain({ do: "backup" }),
      ),
      goneOf(of),
      row(
        plain({ do: "restoreBackup" }),
        planned(revealOf(fc.constant(of))),
        planned(fc.oneof(fc.constant<Act>({ do: "fetch", slot: of }), newsOf(of))),
      ),
    )
    .map((parts) => parts.flat())

const outageScene = (of: Slot) =>
  row(
    planned(
      fc.record({
        do: fc.constant("drive" as const),
        slot: fc.constant(of),
        to: fc.constantFrom("released" as const, "packed" as const),
      }),
    ),
    plain({ do: "wait", millis: 300_000 }),
    plain({ do: "outage", down: true }),
    act({ do: "fetch", slot: of }),
    plain({ do: "reveal", slot: of, role: "owner", purpose: "label" }),
    plain({ do: "outage", down: false }),
    act({ do: "fetch", slot: of }),
  )

const tamperScene = row(
  act({ do: "drive", slot: 0, to: "packed" }),
  act({ do: "drive", slot: 1, to: "fetched" }),
  planned(tamper(0)),
  planned(tamper(1)),
)

const purgeScene = (of: Slot) =>
  row(
    planned(
      fc.record({
        do: fc.constant("drive" as const),
        slot: fc.constant(of),
        to: fc.constantFrom(...STAGES),
      }),
    ),
    act({ do: "delete", slot: of }),
    planned(
      fc.record({
        do: fc.constant("until" as const),
        slot: fc.constant(of),
        instant: fc.constant("purge" as const),
        off: edge,
      }),
    ),
    wholeSweep,
    planned(fc.oneof(newsOf(of), fc.constant<Act>({ do: "restoreOrder", slot: of }))),
  )

/** It got on again after it had lapsed, or just before. */
const lapseScene = (of: Slot) =>
  row(
    act({ do: "drive", slot: of, to: "fetched" }),
    planned(
      fc.record({
        do: fc.constant("until" as const),
        slot: fc.constant(of),
        instant: fc.constant("lapse" as const),
        off: edge,
      }),
    ),
    planned(
      fc.record({
        do: fc.constant("drive" as const),
        slot: fc.constant(of),
        to: fc.constantFrom("packed" as const, "dispatched" as const),
      }),
    ),
    planned(
      fc.record({
        do: fc.constant("until" as const),
        slot: fc.constant(of),
        instant: fc.constant("deadline" as const),
        off: edge,
      }),
    ),
    plain({ do: "reveal", slot: of, role: "owner", purpose: "label" }),
    wholeSweep,
  )

/** It waited so long before it was released that its buyer must not be asked for any more, or just may. */
const staleScene = (of: Slot) =>
  row(
    act({ do: "drive", slot: of, to: "committed" }),
    planned(
      fc.record({
        do: fc.constant("until" as const),
        slot: fc.constant(of),
        instant: fc.constant("lapse" as const),
        off: edge,
      }),
    ),
    plain({ do: "wait", millis: 30 * DAY_MILLIS }),
    act({ do: "drive", slot: of, to: "packed" }),
    plain({ do: "reveal", slot: of, role: "owner", purpose: "label" }),
    wholeSweep,
  )

/** Its channel was disconnected while it was open; then it ended, or not. */
const unpluggedScene = (of: Slot) =>
  row(
    act({ do: "drive", slot: of, to: "packed" }),
    act({ do: "disconnect", who: of === 2 ? 1 : 0 }),
    wholeSweep,
    plain({ do: "wait", millis: 3_600_000 }),
    act({ do: "drive", slot: of, to: "dispatched" }),
    plain({ do: "reveal", slot: of, role: "owner", purpose: "label" }),
    wholeSweep,
  )

/** It is restricted or held, which moves no deadline. */
const heldBackScene = (of: Slot) =>
  row(
    act({ do: "drive", slot: of, to: "packed" }),
    fc.oneof(act({ do: "restrict", slot: of }), act({ do: "hold", slot: of })),
    planned(shortWait),
    fc.oneof(
      act({ do: "restrict", slot: of }),
      act({ do: "lift", slot: of }),
      act({ do: "liftHold", slot: of }),
    ),
    act({ do: "drive", slot: of, to: "dispatched" }),
    planned(untilOf(of)),
    plain({ do: "reveal", slot: of, role: "owner", purpose: "label" }),
  )

/** A sweep comes when it may take the buyer away, or just before. */
const aheadScene = (of: Slot) =>
  row(
    act({ do: "drive", slot: of, to: "dispatched" }),
    planned(
      fc.record({
        do: fc.constant("until" as const),
        slot: fc.constant(of),
        instant: fc.constant("sweep" as const),
        off: edge,
      }),
    ),
    fc.oneof(wholeSweep, planned(sweep)),
    plain({ do: "reveal", slot: of, role: "owner", purpose: "label" }),
  )

/** What a channel or a merchant that is gone still tells, or is asked for. */
const severedScene = (of: Slot) => {
  const who = of === 2 ? 1 : 0
  return row(
    act({ do: "drive", slot: of, to: "released" }),
    fc.oneof(
      act({ do: "disconnect", who }),
      act({ do: "disconnect", who }),
      act({ do: "terminate", who }),
    ),
    act({ do: "fetch", slot: of }),
    planned(newsOf(of)),
  )
}

export const anyScene = (of: Slot): fc.Arbitrary<ReadonlyArray<PlannedAct>> =>
  fc.oneof(
    { weight: 10, arbitrary: sceneOf(of) },
    { weight: 5, arbitrary: backupScene(of) },
    { weight: 2, arbitrary: outageScene(of) },
    { weight: 2, arbitrary: tamperScene },
    { weight: 2, arbitrary: purgeScene(of) },
    { weight: 2, arbitrary: lapseScene(of) },
    { weight: 1, arbitrary: severedScene(of) },
    { weight: 1, arbitrary: staleScene(of) },
    { weight: 1, arbitrary: unpluggedScene(of) },
    { weight: 2, arbitrary: heldBackScene(of) },
    { weight: 2, arbitrary: aheadScene(of) },
  )
