import fc from "fast-check"
import {
  type Act,
  type Acts,
  actOf,
  bin,
  lines,
  lot,
  pick,
  policy,
  promised,
  quantity,
  receive,
  strategy,
  who,
} from "./StockAct.ts"
import type { PlannedAct, PlannedBeat, Scene, Wait } from "./StockPlan.ts"
import type { Purpose, Who } from "./StockTrace.ts"

const off = fc.constantFrom<-1 | 0 | 1>(-1, 0, 1)
const copies = fc.constantFrom(1, 1, 2)

const sent = (act: Act, times = 1, purpose?: Purpose): PlannedAct => ({
  act,
  copies: times,
  ...(purpose !== undefined && { purpose }),
})

const at = (wait: Wait, ...acts: ReadonlyArray<PlannedAct>): PlannedBeat => ({ wait, acts })
const then = (...acts: ReadonlyArray<PlannedAct>): PlannedBeat => at({ by: 1 }, ...acts)

const commit = (by: Who, document: string, fields: Omit<Acts["commit"], "document">): Act => ({
  do: "commit",
  who: by,
  document,
  ...fields,
})
const allocate = (by: Who, document: string, how: StrategyOrNone = null, shelfLife = 0): Act => ({
  do: "allocate",
  who: by,
  document,
  strategy: how,
  shelfLife,
})
type StrategyOrNone = Acts["allocate"]["strategy"]
const release = (by: Who, document: string): Act => ({ do: "release", who: by, document })
const dispatch = (by: Who, document: string, part: number | null = null): Act => ({
  do: "dispatch",
  who: by,
  document,
  rest: "keep",
  part,
})

const small = fc.integer({ min: 1, max: 3 })
const milk = fc.record({ sku: fc.constant("MILK" as const), warehouse: fc.constant(0), quantity })

/** Promised, perhaps pinned, and given back (R5). */
const undo: fc.Arbitrary<Scene> = fc
  .record({ who, lines, policy, pinned: fc.boolean() })
  .map(({ who: by, pinned, ...request }) => [
    then(sent(commit(by, "x", { ...request, lives: null }), 1, { probe: "undo", part: "first" })),
    ...(pinned ? [then(sent(allocate(by, "x"), 1, { probe: "undo", part: "between" }))] : []),
    then(sent(release(by, "x"), 1, { probe: "undo", part: "second" })),
  ])

/** The same request before and after more stock came, or less was fit to be sold (R8). */
const monotony: fc.Arbitrary<Scene> = fc
  .record({
    who,
    line: fc.record({
      sku: promised,
      warehouse: fc.constant(0),
      quantity: fc.integer({ min: 2, max: 12 }),
    }),
    policy,
    more: fc.boolean(),
    receive,
    pick,
    quantity,
  })
  .map(({ who: by, line, policy: how, more, ...stock }) => {
    const change = more ? "more" : "less"
    const request = { lines: [line], policy: how, lives: null }
    const of = line.sku === "SET" ? "CUP" : line.sku
    const purpose = (part: Purpose["part"]): Purpose => ({ probe: "monotony", part, change })
    const between: Act = more
      ? ({ ...stock.receive, who: by, ...(of !== "BOX" && { sku: of }) } as Act)
      : { do: "change", who: by, of, pick: stock.pick, quantity: stock.quantity, to: "held" }
    return [
      then(sent(commit(by, "x", request), 1, purpose("first"))),
      then(sent(release(by, "x"))),
      then(sent(between, 1, purpose("between"))),
      then(sent(commit(by, "xx", request), 1, purpose("second"))),
      then(sent(release(by, "xx"))),
    ]
  })

/** Several want the same stock at the same moment (R2). */
const rush: fc.Arbitrary<Scene> = fc
  .record({
    who,
    sku: promised,
    others: fc.array(fc.record({ lines, policy }), { maxLength: 1 }),
    callers: fc.array(fc.record({ quantity, policy, copies }), {
      minLength: 2,
      maxLength: 4,
      size: "max",
    }),
  })
  .map(({ who: by, sku, others, callers }) => [
    then(
      ...callers.map(({ quantity: units, policy: how, copies: times }, n) => {
        const line = { sku, warehouse: 0, quantity: units }
        return sent(commit(by, `x${n}`, { lines: [line], policy: how, lives: null }), times)
      }),
      ...others.map((other) => sent(commit(by, "x9", { ...other, lives: null }))),
    ),
  ])

/** A promise that is used just before, at, or just after its time is over, perhaps beside the sweep (R6). */
const late: fc.Arbitrary<Scene> = fc
  .record({
    who,
    line: fc.record({
      sku: fc.constantFrom("TEA" as const, "SET" as const),
      warehouse: fc.constant(0),
      quantity: small,
    }),
    off,
    sweep: fc.boolean(),
    repins: fc.boolean(),
  })
  .map(({ who: by, line, off: millis, sweep, repins }) => [
    then(sent(commit(by, "x", { lines: [line], policy: "whole", lives: 2000 }))),
    ...(repins ? [] : [then(sent(allocate(by, "x")))]),
    at(
      { until: "promise", off: millis },
      sent(repins ? allocate(by, "x") : dispatch(by, "x")),
      ...(sweep ? [sent({ do: "expire", who: by, foreign: false })] : []),
    ),
    then(sent({ do: "expire", who: by, foreign: false }, 2)),
  ])

/** Several take from one cell at the same moment (L3). */
const scramble: fc.Arbitrary<Scene> = fc
  .record({
    who,
    pick,
    takers: fc.array(
      fc.record({ how: fc.constantFrom("move", "adjust", "change", "send"), quantity, bin }),
      { minLength: 2, maxLength: 4, size: "max" },
    ),
  })
  .map(({ who: by, pick: which, takers }) => [
    then(
      ...takers.map(({ how, quantity: units, bin: target }) => {
        const from = { who: by, of: null, pick: which, quantity: units }
        if (how === "move") return sent({ do: how, ...from, bin: target })
        if (how === "adjust") return sent({ do: how, ...from, adds: false })
        return sent(how === "change" ? { do: how, ...from, to: "held" } : { do: "send", ...from })
      }),
    ),
  ])

/** One tracked unit that several move, and that arrives again (L5). */
const serials: fc.Arbitrary<Scene> = fc
  .record({ who, pick, bins: fc.tuple(bin, bin), serial: fc.integer({ min: 1, max: 5 }), receive })
  .map(({ who: by, pick: which, bins, serial, receive: arrival }) => {
    const unit = { who: by, of: "PHONE", pick: which, quantity: 1 } as const
    const again = { ...arrival, who: by, sku: "PHONE", serial, quantity: 1 } as Act
    return [
      then(
        sent(again),
        sent({ do: "move", ...unit, bin: bins[0] }),
        sent({ do: "move", ...unit, bin: bins[1] }),
      ),
      then(sent(again), sent({ ...again, place: { warehouse: 1, bin: bins[0] } } as Act)),
    ]
  })

/** Pinned at the same moment as the lot is recalled or swept, or when it has just expired (R10). */
const spoilt: fc.Arbitrary<Scene> = fc
  .record({
    who,
    line: milk,
    lot,
    off,
    shelfLife: fc.constantFrom(0, 1),
    how: fc.constantFrom("recall", "expiry", "sweep"),
    strategy,
  })
  .map(({ who: by, line, lot: which, off: millis, shelfLife, how, strategy: order }) => {
    const pin = sent(allocate(by, "x", order, shelfLife))
    const expiry: Wait = { until: "expiry", off: millis }
    return [
      then(sent(commit(by, "x", { lines: [line], policy: "available", lives: null }))),
      how === "recall"
        ? then(pin, sent({ do: "recall", who: by, lot: which }))
        : at(
            expiry,
            pin,
            ...(how === "sweep" ? [sent({ do: "expireLots", who: by, limit: 3 } as Act)] : []),
          ),
      how === "expiry" ? at(expiry, sent(dispatch(by, "x"))) : then(sent(dispatch(by, "x"))),
    ]
  })

/** Promised, pinned in some order, sent off, and sent off again (R4, R9). */
const story: fc.Arbitrary<Scene> = fc
  .record({
    who,
    lines,
    policy,
    strategy,
    copies,
    part: fc.option(quantity, { freq: 2 }),
    phone: fc.nat({ max: 3 }),
  })
  .map(({ who: by, lines: wanted, policy: how, strategy: order, copies: times, part, phone }) => {
    const asked = phone === 0 ? [{ sku: "PHONE", warehouse: 0, quantity: 1 } as const] : wanted
    return [
      then(sent(commit(by, "x", { lines: asked, policy: how, lives: null }), times)),
      then(sent(allocate(by, "x", order), times)),
      then(sent(dispatch(by, "x", part), times)),
      then(sent(dispatch(by, "x")), sent(release(by, "x"))),
    ]
  })

/** A movement that several correct at the same moment (L4). */
const corrections: fc.Arbitrary<Scene> = fc
  .record({ who, pick, quantities: fc.array(fc.option(small), { minLength: 2, maxLength: 3 }) })
  .map(({ who: by, pick: which, quantities }) => [
    then(
      ...quantities.map((units) =>
        sent({ do: "correct", who: by, pick: which, foreign: false, quantity: units }),
      ),
    ),
  ])

/** Something that was sent before is sent again: the same, or another command under its key (R7). */
const again: fc.Arbitrary<Scene> = fc
  .array(fc.tuple(actOf("again", { pick, other: fc.boolean() }), copies), {
    minLength: 1,
    maxLength: 2,
  })
  .map((acts) => [then(...acts.map(([act, times]) => sent(act, times)))])

/** Scenes that bring the laws into play. */
export const anyScene: fc.Arbitrary<Scene> = fc.oneof(
  undo,
  monotony,
  rush,
  late,
  scramble,
  serials,
  spoilt,
  story,
  story,
  corrections,
  again,
  again,
)
