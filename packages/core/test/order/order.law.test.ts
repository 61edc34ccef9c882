import { describe, expect, it } from "@effect/vitest"
import { Effect, Equal, Result } from "effect"
import fc from "fast-check"
import { AuditLog } from "../../src/audit/index.ts"
import { Allocations, Commitments, StockPools } from "../../src/inventory/index.ts"
import {
  allocateOrder,
  amendOrder,
  Backorders,
  BUCKETS,
  type Bucket,
  cancelImportedOrder,
  cancelOrder,
  commitOrder,
  dispatchOrder,
  fillBackorders,
  holdOrder,
  importOrder,
  isFinished,
  liftHold,
  mergeOrders,
  type Order,
  type OrderLine,
  type OrderState,
  Orders,
  recordPack,
  recordPick,
  releaseOrder,
  splitOrder,
  statusOf,
  TRANSITIONS,
} from "../../src/order/index.ts"
import { ACTIVE, areBalanced, PINNED, unitsIn } from "../../src/order/lineBuckets.ts"
import {
  everything,
  freshKey,
  LONDON,
  line,
  receive,
  records,
  runOrders,
  runUneven,
  type Services,
  SHOP,
  snapshot,
} from "./orderWorld.ts"

type Units = ReadonlyArray<readonly [string, number]>

const KITS: { readonly [sku: string]: Units } = {
  GIFT: [
    ["MUG", 1],
    ["TEA", 2],
  ],
}
const partsOf = (sku: string) => KITS[sku] ?? [[sku, 1] as const]

type Refused = { readonly _tag: string }
interface Choice {
  readonly which: number
  readonly units: number
  readonly line: string
  readonly sku: string
  readonly rule: "whole" | "available" | "backorder"
}

const FRAUD = { code: "fraud", source: "law" } as const
/** Units of a line: mostly of one that has such units, and no more than it has. */
const linesOf = (
  { line: id, units, which }: Choice,
  { lines }: Order,
  from: ReadonlyArray<Bucket>,
) => {
  const able = lines.filter(({ buckets }) => unitsIn(buckets, from) > 0)
  const chosen = able[Number(id) % Math.max(1, able.length)]
  return which === 0 || chosen === undefined
    ? ([{ line: id, quantity: units }] as const)
    : ([{ line: chosen.id, quantity: Math.min(units, unitsIn(chosen.buckets, from)) }] as const)
}
const externalIdOf = ({ which }: Choice) => `A-${which % 2}`

/** What may be done without an order. */
const AROUND = {
  receive: ({ sku, units }: Choice, key: string) =>
    receive(sku === "GIFT" ? "TEA" : sku, 3 * units, LONDON, { key }),
  fill: ({ sku }: Choice, key: string) => fillBackorders({ key, warehouse: LONDON, sku }),
  import: (choice: Choice, key: string, step: number) =>
    importOrder(
      snapshot([line(choice.sku, choice.units), line("MUG", 5 - choice.units)], {
        externalId: externalIdOf(choice),
        externalVersion: step,
        key,
      }),
    ),
  cancelAtChannel: (choice: Choice, key: string) =>
    cancelImportedOrder({ key, connection: SHOP, externalId: externalIdOf(choice) }),
}

type Target = { readonly key: string; readonly order: string }

/** What may be done to an order: the event of the table, and the operation. */
const DEEDS = {
  commit: ["commit", (to: Target, { rule }: Choice) => commitOrder({ ...to, rule })],
  release: ["release", (to: Target) => releaseOrder(to)],
  allocate: ["allocate", (to: Target) => allocateOrder(to)],
  pick: [
    "pick",
    (to: Target, it: Choice, order: Order) =>
      recordPick({ ...to, lines: [...linesOf(it, order, ["allocated"])] }),
  ],
  pack: [
    "pack",
    (to: Target, it: Choice, order: Order) =>
      recordPack({ ...to, lines: [...linesOf(it, order, ["picked"])] }),
  ],
  dispatch: [
    "dispatch",
    (to: Target, it: Choice, order: Order) =>
      dispatchOrder(it.units > 2 ? to : { ...to, lines: [...linesOf(it, order, PINNED)] }),
  ],
  cancel: [
    "cancel_units",
    (to: Target, it: Choice, order: Order) =>
      cancelOrder({ ...to, lines: [...linesOf(it, order, ACTIVE)] }),
  ],
  cancelAll: ["cancel", (to: Target) => cancelOrder(to)],
  amend: [
    "amend",
    (to: Target, it: Choice, order: Order) =>
      amendOrder({ ...to, set: [...linesOf(it, order, BUCKETS)] }),
  ],
  hold: ["hold", (to: Target) => holdOrder({ ...to, ...FRAUD })],
  lift: ["lift", (to: Target) => liftHold({ ...to, ...FRAUD })],
  split: [
    "split",
    (to: Target, it: Choice, order: Order) =>
      splitOrder({ ...to, lines: [...linesOf(it, order, ["backordered", "open"])] }),
  ],
  merge: [
    "merge",
    (to: Target, _: Choice, { id, splitFrom, children: [child = id] }: Order) =>
      mergeOrders({
        ...to,
        order: splitFrom ?? id,
        children: [splitFrom === undefined ? child : id],
      }),
  ],
} as const

const choice: fc.Arbitrary<Choice> = fc.record({
  which: fc.nat({ max: 7 }),
  units: fc.integer({ min: 1, max: 4 }),
  line: fc.constantFrom("1", "2"),
  sku: fc.constantFrom("MUG", "TEA", "GIFT"),
  rule: fc.constantFrom("whole", "available", "backorder"),
})

type Doing = keyof typeof AROUND | keyof typeof DEEDS
const often = (what: Doing, weight: number) => ({ weight, arbitrary: fc.constant(what) })

const step = fc.record({
  what: fc.oneof(
    often("receive", 4),
    often("import", 3),
    often("commit", 5),
    often("release", 4),
    often("allocate", 4),
    often("pick", 3),
    often("pack", 3),
    often("dispatch", 4),
    often("fill", 3),
    often("cancel", 2),
    often("amend", 2),
    often("split", 2),
    often("merge", 2),
    often("lift", 2),
    often("hold", 1),
    often("cancelAll", 1),
    often("cancelAtChannel", 1),
  ),
  choice,
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** An order that came in, with stock for it: so that histories get further than the first steps. */
const opening: ReadonlyArray<Doing> = [
  "receive",
  "receive",
  "import",
  "commit",
  "release",
  "allocate",
  "pick",
  "pack",
]
const history = fc
  .tuple(
    fc.array(choice, { minLength: opening.length, maxLength: opening.length }),
    fc.nat({ max: opening.length }),
    fc.array(step, { minLength: 5, maxLength: 30 }),
  )
  .map(
    ([choices, length, steps]): ReadonlyArray<Step> => [
      ...opening
        .slice(0, length)
        .map((what, place) => ({ what, choice: choices[place] as Choice })),
      ...steps,
    ],
  )

const orders = Effect.map(records(Orders), (found) => found.map(({ value }) => value))

/** One of the orders that are there: mostly one to which the event can happen. */
const aim = (there: ReadonlyArray<Order>, event: string, which: number): Order | undefined => {
  const may = new Set(TRANSITIONS.flatMap((each) => (each.event === event ? each.from : [])))
  const able = there.filter(({ state }) => may.has(state))
  const aimed = which === 0 || able.length === 0 ? there : able
  return aimed[which % Math.max(1, aimed.length)]
}

const isAround = (what: Doing): what is keyof typeof AROUND => what in AROUND

type Outcome = Effect.Effect<unknown, Refused, Services>

/** The command of a step, under one key, aimed at the orders that are there; none where there is no order. */
const aimed = ({ what, choice: it }: Step, version: number) =>
  Effect.gen(function* () {
    const key = freshKey()
    if (isAround(what)) return AROUND[what](it, key, version) as Outcome
    const [event, deed] = DEEDS[what]
    const order = aim(yield* orders, event, it.which)
    return order && (deed({ key, order: order.id }, it, order) as Outcome)
  })

/** The moves that the table lists, `settle` included. */
const MOVES = new Set(
  TRANSITIONS.flatMap(({ from, to }) =>
    from.map((state) => `${state}>${to === "same" ? state : to}`),
  ),
)
const isMove = (from: OrderState, to: OrderState) =>
  MOVES.has(`${from}>${to}`) || (from === to && from !== "draft")

/** One command changes an order only as the table lets it, and what has ended stays ended (O3, T8). */
const expectMoves = (before: ReadonlyArray<Order>, after: ReadonlyArray<Order>) => {
  for (const order of before) {
    const now = after.find(({ id }) => id === order.id)
    if (now === undefined) {
      // Only the child of a split goes, by a merge, and never after it ended.
      expect(order.splitFrom).toBeDefined()
      expect(isFinished(order)).toBe(false)
      continue
    }
    expect(isMove(order.state, now.state)).toBe(true)
    if (!isFinished(order)) continue
    expect(now.state).toBe(order.state)
    expect(now.completedAt).toBe(order.completedAt)
  }
}

/** Lines balance, promises and queues are what the lines say, and an order that ended has none (O2, R1, R4). */
const expectBooks = Effect.gen(function* () {
  const all = yield* orders
  const promises = (yield* records(Commitments)).map(({ value }) => value)
  const pins = (yield* records(Allocations)).map(({ value }) => value)
  const queue = (yield* records(Backorders)).map(({ value }) => value)
  const sum = (units: ReadonlyArray<{ readonly quantity: number }>) =>
    units.reduce((total, { quantity }) => total + quantity, 0)
  const expectLine = (order: Order, each: OrderLine) => {
    expect(areBalanced(each.buckets)).toBe(true)
    expect(Object.values(each.buckets).every((units) => units >= 0)).toBe(true)
    const mine = <A extends { readonly line: string }>(of: A, document: string) =>
      of.line === each.id && document === order.id
    for (const [sku, ratio] of partsOf(each.sku ?? "")) {
      const promised = promises.filter(
        (one) => one.state === "pending" && one.sku === sku && mine(one, one.documentId),
      )
      const pinned = pins.filter(
        (one) => one.state === "live" && one.sku === sku && mine(one, one.documentId),
      )
      expect(sum(promised)).toBe(ratio * each.committed)
      expect(sum(pinned)).toBe(ratio * unitsIn(each.buckets, PINNED))
    }
    expect(sum(queue.filter((one) => mine(one, one.order)))).toBe(each.buckets.backordered)
  }
  for (const order of all) {
    for (const each of order.lines) expectLine(order, each)
    if (isFinished(order)) {
      expect(order.lines.every(({ buckets }) => unitsIn(buckets, ACTIVE) === 0)).toBe(true)
      expect(order.completedAt).toBeDefined()
    } else if (order.children.length === 0)
      expect(order.lines.some(({ buckets }) => unitsIn(buckets, ACTIVE) > 0)).toBe(true)
  }
  const known = new Set<string>(all.map(({ id }) => id))
  expect(
    promises.every(({ state, documentId }) => state !== "pending" || known.has(documentId)),
  ).toBe(true)
  expect(queue.every(({ order }) => known.has(order))).toBe(true)
})

/** What is on the shelf is what came in less what was shipped, and nobody was promised more. */
const expectShelf = (received: ReadonlyMap<string, number>) =>
  Effect.gen(function* () {
    const shipped = (yield* orders)
      .flatMap(({ lines }) => lines)
      .flatMap(({ sku = "", buckets }) =>
        partsOf(sku).map(([part, ratio]) => ({ part, units: ratio * buckets.shipped })),
      )
    for (const { value } of yield* records(StockPools)) {
      const gone = shipped.reduce(
        (sum, { part, units }) => (part === value.sku ? sum + units : sum),
        0,
      )
      expect(value.onHand).toBe((received.get(value.sku) ?? 0) - gone)
      expect(value.uncommitted).toBeGreaterThanOrEqual(0)
    }
  })

const expectStatus = (order: Order) => {
  const copy = { lines: structuredClone(order.lines), holds: [...order.holds] }
  expect(Equal.equals(statusOf(copy), statusOf(order))).toBe(true)
}

const noteReceipt = ({ what, choice: it }: Step, received: Map<string, number>) => {
  const sku = it.sku === "GIFT" ? "TEA" : it.sku
  if (what === "receive") received.set(sku, (received.get(sku) ?? 0) + 3 * it.units)
}

/** Takes one step and checks the laws. What is refused changed nothing: no record, no event, no message. */
const live = (at: Step, version: number, received: Map<string, number>) =>
  Effect.gen(function* () {
    const before = yield* orders
    const world = yield* everything
    const command = yield* aimed(at, version)
    if (command === undefined) return false
    const outcome = yield* Effect.result(command)
    if (Result.isFailure(outcome)) {
      expect(outcome.failure).toHaveProperty("_tag")
      expect(yield* everything).toEqual(world)
      return false
    }
    noteReceipt(at, received)
    const after = yield* orders
    expectMoves(before, after)
    yield* expectBooks
    yield* expectShelf(received)
    after.forEach(expectStatus)
    return true
  })

/** Steps taken at once, each of them twice under its key, after an order got under way. */
const rush = (
  steps: ReadonlyArray<Step>,
  choices: ReadonlyArray<Choice>,
  tally: { done: number; refused: number },
) =>
  Effect.gen(function* () {
    const received = new Map<string, number>()
    for (const [place, what] of opening.entries())
      yield* live({ what, choice: choices[place] as Choice }, place + 1, received)
    const commands = yield* Effect.forEach(steps, (at, place) => aimed(at, 10 + place))
    const outcomes = yield* Effect.forEach(
      commands.filter((each) => each !== undefined),
      (each) => Effect.all([Effect.result(each), Effect.result(each)], { concurrency: 2 }),
      { concurrency: "unbounded" },
    )
    for (const at of steps) noteReceipt(at, received)
    for (const outcome of outcomes.flat()) tally[Result.isSuccess(outcome) ? "done" : "refused"]++
    // One effect for one key (R7).
    const keys = (yield* records(AuditLog)).map(({ value }) => value.correlation)
    expect(new Set(keys).size).toBe(keys.length)
    yield* expectBooks
    yield* expectShelf(received)
  })

describe("an order, whatever is done to it in whatever order", () => {
  it("keeps its books, moves by the table only, and refuses without a trace (O2, O3, O6, R4)", async () => {
    const done = new Set<string>()
    await fc.assert(
      fc.asyncProperty(history, (steps) =>
        runOrders(
          Effect.gen(function* () {
            const received = new Map<string, number>()
            for (const [place, at] of steps.entries())
              if (yield* live(at, place + 1, received)) done.add(at.what)
          }),
        ),
      ),
      { numRuns: 1000 },
    )
    // Each kind of step got through in some history, so the law speaks of all of them.
    expect([...done].sort()).toEqual([...Object.keys(AROUND), ...Object.keys(DEEDS)].sort())
  }, 600_000)

  it("keeps its books when several act at once, each of them twice (O2, R1, R2, R4, R7)", async () => {
    const tally = { done: 0, refused: 0 }
    const together = fc.record({
      steps: fc.array(step, { minLength: 2, maxLength: 4 }),
      choices: fc.array(choice, { minLength: opening.length, maxLength: opening.length }),
      pace: fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 16 }),
    })
    await fc.assert(
      fc.asyncProperty(together, ({ steps, choices, pace }) =>
        runUneven(pace, rush(steps, choices, tally)),
      ),
      { numRuns: 1000 },
    )
    expect(tally.done).toBeGreaterThan(500)
    expect(tally.refused).toBeGreaterThan(100)
  }, 600_000)
})
