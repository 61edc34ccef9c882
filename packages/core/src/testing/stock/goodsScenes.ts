import fc from "fast-check"
import { type Act, actOf, bin, pick, quantity, receive, who } from "./StockAct.ts"
import type { Scene } from "./StockPlan.ts"
import type { Who } from "./StockTrace.ts"
import { allocate, commit, copies, few, lineOf, next, sent } from "./sceneParts.ts"

type Weighted = { readonly weight: number; readonly arbitrary: fc.Arbitrary<Scene> }

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
    next(
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
    const unit = { do: "move", who: by, of: "PHONE", pick: which, quantity: 1 } as const
    const again = { ...arrival, who: by, sku: "PHONE", serial, quantity: 1 } as Act
    const elsewhere = { ...again, place: { warehouse: 1, bin: bins[0] } } as Act
    return [
      next(sent(again), sent({ ...unit, bin: bins[0] }), sent({ ...unit, bin: bins[1] })),
      next(sent(again), sent(elsewhere)),
    ]
  })

/** A movement that several correct at the same moment, perhaps of units that were just lost (L4). */
const corrections: fc.Arbitrary<Scene> = fc
  .record({
    who,
    pick,
    lost: fc.option(quantity, { freq: 2 }),
    quantities: fc.array(fc.option(few), { minLength: 2, maxLength: 3 }),
  })
  .map(({ who: by, pick: which, lost, quantities }) => {
    const cell = { do: "adjust", who: by, of: null, pick: which, adds: false } as const
    const newest = {
      do: "correct",
      who: by,
      pick: lost === null ? which : 0,
      foreign: false,
    } as const
    return [
      ...(lost === null ? [] : [next(sent({ ...cell, quantity: lost }))]),
      next(...quantities.map((units) => sent({ ...newest, quantity: units }))),
    ]
  })

/** Goods under way, received in parts (L1). */
const transfer: fc.Arbitrary<Scene> = fc
  .record({
    who,
    pick,
    quantity,
    arrivals: fc.array(fc.tuple(few, bin, fc.boolean()), { minLength: 1, maxLength: 3 }),
  })
  .map(({ who: by, arrivals, ...units }) => [
    next(sent({ do: "send", who: by, of: null, ...units })),
    next(
      ...arrivals.map(([came, place, close]) =>
        sent({ do: "arrive", who: by, pick: 0, foreign: false, quantity: came, bin: place, close }),
      ),
    ),
  ])

/** A count, what happens before it is judged, and the judgement (L2). */
const counting: fc.Arbitrary<Scene> = fc
  .record({ who, pick, quantity, meanwhile: fc.boolean(), copies })
  .map(({ who: by, pick: which, quantity: units, meanwhile, copies: times }) => {
    const cell = { who: by, of: null, pick: which }
    return [
      next(sent({ do: "count", ...cell, quantity: units }, times)),
      ...(meanwhile ? [next(sent({ do: "adjust", ...cell, quantity: 1, adds: true }))] : []),
      next(sent({ do: "approve", who: by, pick: 0, foreign: false, rejects: false }, times)),
    ]
  })

/** Kits are made up, and taken apart again (R11, L1). */
const kitting: fc.Arbitrary<Scene> = fc
  .record({ who, quantity: fc.integer({ min: 1, max: 2 }), bin, copies })
  .map(({ who: by, copies: times, ...units }) => {
    const kits = { who: by, warehouse: 0, ...units }
    return [
      next(sent({ do: "assemble", ...kits }, times)),
      next(sent({ do: "disassemble", ...kits }, times)),
    ]
  })

/** One merchant names what is the other one's: promises, pins, movements and transfers (L6). */
const strangers: fc.Arbitrary<Scene> = fc
  .record({
    who,
    line: lineOf(fc.constantFrom("TEA", "CUP"), few),
    pick,
    quantity: fc.option(few),
    acts: fc.subarray(["releaseSome", "unpinSome", "expire", "correct", "arrive"] as const, {
      minLength: 2,
      maxLength: 3,
    }),
  })
  .map(({ who: by, line, pick: which, quantity: units, acts }) => {
    const other: Who = by === 0 ? 1 : 0
    const request = { lines: [line], policy: "available", lives: 2000 } as const
    const named = { who: other, pick: which, foreign: true, quantity: units }
    const send: Act = { do: "send", who: by, of: "CUP", pick: which, quantity: 1 }
    return [
      next(sent(commit(by, "x", request)), sent(commit(other, "x", request))),
      next(sent(allocate(by, "x")), sent(send)),
      next(
        ...acts.map((name) => {
          if (name === "expire") return sent({ do: name, who: other, foreign: true })
          if (name !== "arrive") return sent({ do: name, ...named })
          return sent({ do: name, ...named, quantity: 1, bin: 0, close: true })
        }),
      ),
    ]
  })

/** Something that was sent before is sent again: the same, or another command under its key (R7). */
const again: fc.Arbitrary<Scene> = fc
  .array(fc.tuple(actOf("again", { pick, other: fc.boolean() }), copies), {
    minLength: 1,
    maxLength: 2,
  })
  .map((acts) => [next(...acts.map(([act, times]) => sent(act, times)))])

/** Scenes about goods, and about whoever handles them. */
export const goodsScenes: ReadonlyArray<Weighted> = [
  { weight: 3, arbitrary: scramble },
  { weight: 3, arbitrary: serials },
  { weight: 3, arbitrary: corrections },
  { weight: 1, arbitrary: transfer },
  { weight: 1, arbitrary: counting },
  { weight: 2, arbitrary: kitting },
  { weight: 2, arbitrary: strangers },
  { weight: 3, arbitrary: again },
]
