import fc from "fast-check"
import {
  type Act,
  type LotName,
  lines,
  pick,
  policy,
  promised,
  quantity,
  receive,
  strategy,
  who,
} from "./StockAct.ts"
import type { Scene, Wait } from "./StockPlan.ts"
import type { Purpose } from "./StockTrace.ts"
import {
  allocate,
  at,
  commit,
  copies,
  dispatch,
  few,
  lineOf,
  next,
  off,
  release,
  sent,
} from "./sceneParts.ts"

type Weighted = { readonly weight: number; readonly arbitrary: fc.Arbitrary<Scene> }

const plain = fc.constantFrom<"TEA" | "CUP">("TEA", "CUP")
const milk = lineOf(fc.constant("MILK"), quantity)
const lots = fc.subarray<LotName>(["L1", "L2", "L3"], { minLength: 1 })

/** Promised, perhaps pinned, and given back (R5). */
const undo: fc.Arbitrary<Scene> = fc
  .record({
    who,
    lines: fc.array(lineOf(promised, few), { minLength: 1, maxLength: 2 }),
    policy,
    pinned: fc.boolean(),
  })
  .map(({ who: by, pinned, ...request }) => {
    const purpose = (part: Purpose["part"]): Purpose => ({ probe: "undo", part })
    return [
      next(sent(commit(by, "x", request), 1, purpose("first"))),
      ...(pinned ? [next(sent(allocate(by, "x"), 1, purpose("between")))] : []),
      next(sent(release(by, "x"), 1, purpose("second"))),
    ]
  })

/** The same request before and after more stock came, or less was fit to be sold (R8). */
const monotony: fc.Arbitrary<Scene> = fc
  .record({
    who,
    line: lineOf(promised, fc.integer({ min: 2, max: 12 })),
    policy,
    more: fc.boolean(),
    receive,
    pick,
    quantity,
  })
  .map(({ who: by, line, policy: how, more, receive: arrival, ...units }) => {
    const change = more ? "more" : "less"
    const purpose = (part: Purpose["part"]): Purpose => ({ probe: "monotony", part, change })
    const request = { lines: [line], policy: how }
    const of = line.sku === "SET" || line.sku === "BOX" ? "CUP" : line.sku
    const between = more
      ? ({ ...arrival, who: by, sku: of } as Act)
      : ({ do: "change", who: by, of, ...units, to: "held" } as Act)
    return [
      next(sent(commit(by, "x", request), 1, purpose("first"))),
      next(sent(release(by, "x"))),
      next(sent(between, 1, purpose("between"))),
      next(sent(commit(by, "xx", request), 1, purpose("second"))),
      next(sent(release(by, "xx"))),
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
    next(
      ...callers.map(({ quantity: units, policy: how, copies: times }, n) => {
        const line = { sku, warehouse: 0, quantity: units }
        return sent(commit(by, `x${n}`, { lines: [line], policy: how }), times)
      }),
      ...others.map((other) => sent(commit(by, "x9", other))),
    ),
  ])

/** Several lines that want one SKU, by itself and in kits (R3). */
const sums: fc.Arbitrary<Scene> = fc
  .record({
    who,
    policy,
    sku: plain,
    units: fc.array(
      fc.record({ quantity: fc.integer({ min: 1, max: 4 }), kit: fc.nat({ max: 2 }) }),
      {
        minLength: 2,
        maxLength: 3,
        size: "max",
      },
    ),
  })
  .map(({ who: by, policy: how, sku, units }) => {
    const wanted = units.map(({ quantity: n, kit }) => ({
      sku: kit === 0 ? ("SET" as const) : sku,
      warehouse: 0,
      quantity: n,
    }))
    return [next(sent(commit(by, "x", { lines: wanted, policy: how, lives: 1000 })))]
  })

/** A promise that is used just before, at, or just after its time is over, perhaps beside the sweep (R6). */
const late: fc.Arbitrary<Scene> = fc
  .record({ who, line: lineOf(plain, few), off, sweep: fc.boolean(), unpinned: fc.nat({ max: 3 }) })
  .map(({ who: by, line, off: millis, sweep, unpinned }) => [
    next(sent(commit(by, "x", { lines: [line], policy: "available", lives: 2000 }))),
    ...(unpinned === 0 ? [] : [next(sent(allocate(by, "x")))]),
    at(
      { until: "promise", off: millis },
      sent(unpinned === 0 ? allocate(by, "x") : dispatch(by, "x")),
      ...(sweep && millis >= 0 ? [sent({ do: "expire", who: by, foreign: false })] : []),
    ),
    next(sent({ do: "expire", who: by, foreign: false }, 2)),
  ])

/** Pinned at the same moment as the lot is recalled or swept, or when it has just expired; then sent off (R10). */
const spoilt: fc.Arbitrary<Scene> = fc
  .record({
    who,
    line: milk,
    lots,
    off,
    shelfLife: fc.constantFrom(0, 1),
    how: fc.constantFrom("recall", "expiry", "sweep"),
    strategy,
  })
  .map(({ who: by, line, lots: some, off: millis, how, ...choice }) => {
    const pin = sent(allocate(by, "x", choice))
    const expiry: Wait = { until: "expiry", off: millis }
    const sweep = sent({ do: "expireLots", who: by, limit: 3 })
    const recalls = some.map((which) => sent({ do: "recall", who: by, lot: which }))
    return [
      next(sent(commit(by, "x", { lines: [line], policy: "available" }))),
      how === "recall"
        ? next(pin, ...recalls)
        : at(expiry, pin, ...(how === "sweep" ? [sweep] : [])),
      how === "expiry" ? at(expiry, sent(dispatch(by, "x"))) : next(sent(dispatch(by, "x"))),
    ]
  })

/** Pinned, recalled while it is pinned, unpinned, and wanted again (R10). */
const recalled: fc.Arbitrary<Scene> = fc
  .record({ who, line: milk, lots })
  .map(({ who: by, line, lots: some }) => [
    next(sent(commit(by, "x", { lines: [line], policy: "available" }))),
    next(sent(allocate(by, "x"))),
    next(...some.map((which) => sent({ do: "recall", who: by, lot: which }))),
    next(sent({ do: "unpin", who: by, document: "x" })),
    next(sent(allocate(by, "x"))),
  ])

/** Promised, pinned in some order, sent off, and sent off again (R4). */
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
    const one = { sku: "PHONE", warehouse: 0, quantity: 1 } as const
    return [
      next(sent(commit(by, "x", { lines: phone === 0 ? [one] : wanted, policy: how }), times)),
      next(sent(allocate(by, "x", { strategy: order }), times)),
      next(sent(dispatch(by, "x", part), times)),
      next(sent(dispatch(by, "x")), sent(release(by, "x"))),
    ]
  })

/** Milk of several lots, pinned in some order (R9). */
const choice: fc.Arbitrary<Scene> = fc
  .record({
    who,
    line: lineOf(fc.constant("MILK"), few),
    strategy,
    shelfLife: fc.constantFrom(0, 0, 1),
  })
  .map(({ who: by, line, ...how }) => [
    next(sent(commit(by, "x", { lines: [line], policy: "available" }))),
    next(sent(allocate(by, "x", how))),
  ])

/** Promised units are lost or held, so that more is promised than there is (R1, R4). */
const shortage: fc.Arbitrary<Scene> = fc
  .record({ who, sku: plain, pinned: fc.boolean(), lost: fc.boolean(), pick, quantity })
  .map(({ who: by, sku, pinned, lost, ...units }) => {
    const all = { sku, warehouse: 0, quantity: 20 }
    const from = { who: by, of: sku, ...units }
    const unpin = { do: "unpinSome", who: by, foreign: false, ...units } as const
    return [
      next(sent(commit(by, "x", { lines: [all], policy: "available" }))),
      ...(pinned ? [next(sent(allocate(by, "x"))), next(sent(unpin))] : []),
      next(
        sent(lost ? { do: "adjust", ...from, adds: false } : { do: "change", ...from, to: "held" }),
      ),
      next(sent(release(by, "x"))),
    ]
  })

/** Scenes about promises of stock. */
export const promiseScenes: ReadonlyArray<Weighted> = [
  { weight: 3, arbitrary: undo },
  { weight: 4, arbitrary: monotony },
  { weight: 3, arbitrary: rush },
  { weight: 4, arbitrary: sums },
  { weight: 5, arbitrary: late },
  { weight: 4, arbitrary: spoilt },
  { weight: 3, arbitrary: recalled },
  { weight: 3, arbitrary: story },
  { weight: 2, arbitrary: choice },
  { weight: 2, arbitrary: shortage },
]
