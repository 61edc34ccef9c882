import { describe, expect, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import {
  Allocations,
  adjustStock,
  Commitments,
  correctMovement,
  MovementId,
  moveStock,
  poolIdOf,
  rebuildBalances,
  receiveTransfer,
  SerialNumber,
  type StockBalance,
  StockBalances,
  type StockMovement,
  StockMovements,
  type StockPool,
  StockPools,
  StockSerials,
  sendTransfer,
  verifyLedger,
} from "../../src/inventory/index.ts"
import { Sku, type Timestamp } from "../../src/kernel/index.ts"
import {
  add,
  type CurrentPartition,
  type Entry,
  insert,
  remove,
  replace,
  Store,
} from "../../src/store/index.ts"
import { inWorld } from "../world.ts"
import {
  allocate,
  balance,
  cellId,
  commit,
  DAY,
  define,
  everything,
  freshKey,
  LEEDS,
  LONDON,
  onHand,
  pool,
  receive,
  records,
} from "./stockWorld.ts"

/** Some stock, some of it promised, some pinned, some under way. */
const business = Effect.gen(function* () {
  yield* define("TEA")
  yield* define("MILK", { lot: true, expiry: true })
  yield* define("PHONE", { serial: true })
  yield* receive("TEA", 20)
  yield* receive("MILK", 10, { lot: "L1", expiresAt: 90 * DAY })
  const phones = yield* receive("PHONE", 2, { serials: ["S1", "S2"] })
  yield* commit("TEA", 7)
  yield* allocate()
  yield* commit("TEA", 3, "o-2")
  yield* moveStock({
    key: freshKey(),
    warehouse: LONDON,
    sku: "TEA",
    quantity: 4,
    from: { bin: "A-1" },
    to: { bin: "B-1" },
  })
  const { transfer } = yield* sendTransfer({
    key: freshKey(),
    from: LONDON,
    to: LEEDS,
    lines: [{ sku: "MILK", lot: "L1", quantity: 4, bin: "A-1" }],
  })
  yield* receiveTransfer({
    key: freshKey(),
    transfer,
    lines: [{ line: "1", quantity: 3, place: { bin: "Z-1" } }],
  })
  yield* correctMovement({ key: freshKey(), movement: phones.moved[0]?.movement ?? "" })
})

/** Writes past all rules, as a broken host or a half restored backup would. */
const damage = (...entries: ReadonlyArray<Entry>) =>
  Effect.flatMap(Store, (store) => store.commit(entries))

const stored = <A>(record: Option.Option<A>): A => Option.getOrThrow(record)
const rebuild = (more: object = {}) => rebuildBalances({ key: freshKey(), ...more })
const verify = verifyLedger({})
const TEA = poolIdOf(LONDON, Sku.make("TEA"))

describe("the check of the ledger", () => {
  it.effect("counts what it saw and finds nothing in a business that is right", () =>
    inWorld(
      Effect.gen(function* () {
        yield* business
        expect(yield* verify).toEqual({
          movements: 8,
          cells: 5,
          drifts: [],
          unsettled: [],
          unexamined: 0,
        })
        expect(yield* rebuild()).toEqual({ repaired: [], unrepaired: [], left: 0 })
      }),
    ),
  )

  it.effect("changes nothing, and a rebuild with nothing to do neither", () =>
    inWorld(
      Effect.gen(function* () {
        yield* business
        const before = yield* everything()
        yield* verify
        yield* rebuild()
        expect(yield* everything()).toEqual(before)
      }),
    ),
  )
})

interface Drift {
  readonly name: string
  readonly damage: Effect.Effect<unknown, unknown, Store | CurrentPartition>
  readonly found: ReadonlyArray<object>
}

const get = Effect.fnUntraced(function* (sku: string, more: object = {}) {
  return stored(yield* (yield* Store).get(StockBalances, cellId(sku, more)))
})

const drifted: ReadonlyArray<Drift> = [
  {
    name: "a balance that holds too much",
    damage: damage(
      add(StockBalances, cellId("TEA", { bin: "B-1" }), { onHand: 2, unallocated: 2 }),
    ),
    found: [
      { kind: "balance", field: "onHand", stored: 6, derived: 4 },
      { kind: "balance", field: "unallocated", stored: 6, derived: 4 },
    ],
  },
  {
    name: "a balance below zero",
    damage: damage(add(StockBalances, cellId("TEA", { bin: "B-1" }), { unallocated: -9 })),
    found: [{ kind: "balance", field: "unallocated", stored: -5, derived: 4 }],
  },
  {
    name: "a pool below zero",
    damage: damage(add(StockPools, TEA, { sellable: -99 })),
    found: [{ kind: "pool", field: "sellable", stored: -79, derived: 20 }],
  },
  {
    name: "a balance whose pinned part is not what is pinned",
    damage: damage(add(StockBalances, cellId("TEA"), { allocated: -3, unallocated: 3 })),
    found: [
      { kind: "balance", field: "allocated", stored: 4, derived: 7 },
      { kind: "balance", field: "unallocated", stored: 12, derived: 9 },
    ],
  },
  {
    name: "a balance that is gone",
    damage: Effect.flatMap(get("TEA", { bin: "B-1" }), (each) => damage(remove(each))),
    found: [
      { kind: "balance", field: "onHand", stored: 0, derived: 4 },
      { kind: "balance", field: "unallocated", stored: 0, derived: 4 },
    ],
  },
  {
    name: "a balance that no movement made",
    damage: Effect.flatMap(get("TEA"), ({ value }) =>
      damage(
        insert(StockBalances, { ...value, id: cellId("TEA", { bin: "X-1" }) } as StockBalance),
      ),
    ),
    found: [
      { kind: "balance", field: "onHand", stored: 16, derived: 0 },
      { kind: "balance", field: "allocated", stored: 7, derived: 0 },
      { kind: "balance", field: "unallocated", stored: 9, derived: 0 },
    ],
  },
  {
    name: "a balance with another expiry than its lot",
    damage: Effect.flatMap(get("MILK", { lot: "L1" }), (each) =>
      damage(replace(each, { ...each.value, expiresAt: DAY as Timestamp })),
    ),
    found: [{ kind: "balance", field: "expiresAt", stored: DAY, derived: 90 * DAY }],
  },
  {
    name: "a balance that expires though it has no lot",
    damage: Effect.flatMap(get("TEA"), (each) =>
      damage(replace(each, { ...each.value, expiresAt: DAY as Timestamp })),
    ),
    found: [{ kind: "balance", field: "expiresAt", stored: DAY, derived: null }],
  },
  {
    name: "a pool that promised more than it knows",
    damage: damage(add(StockPools, TEA, { committed: -1 })),
    found: [{ kind: "pool", id: TEA, field: "committed", stored: 9, derived: 10 }],
  },
  {
    name: "a pool that believes to have more than there is",
    damage: damage(add(StockPools, TEA, { onHand: 5, sellable: 5, uncommitted: 5 })),
    found: [
      { kind: "pool", field: "onHand", stored: 25, derived: 20 },
      { kind: "pool", field: "sellable", stored: 25, derived: 20 },
      { kind: "pool", field: "uncommitted", stored: 15, derived: 10 },
    ],
  },
  {
    name: "a pool that is gone",
    damage: Effect.flatMap(Store, (store) =>
      Effect.flatMap(store.get(StockPools, TEA), (each) => damage(remove(stored(each)))),
    ),
    found: [
      { kind: "pool", field: "onHand", stored: 0, derived: 20 },
      { kind: "pool", field: "sellable", stored: 0, derived: 20 },
      { kind: "pool", field: "committed", stored: 0, derived: 10 },
      { kind: "pool", field: "uncommitted", stored: 0, derived: 10 },
    ],
  },
  {
    name: "a pool that no movement made",
    damage: damage(
      insert(StockPools, {
        id: poolIdOf(LEEDS, Sku.make("TEA")),
        warehouse: LEEDS,
        sku: Sku.make("TEA"),
        onHand: 1,
        sellable: 1,
        committed: 0,
        uncommitted: 1,
      } as StockPool),
    ),
    found: [
      { kind: "pool", field: "onHand", stored: 1, derived: 0 },
      { kind: "pool", field: "sellable", stored: 1, derived: 0 },
      { kind: "pool", field: "uncommitted", stored: 1, derived: 0 },
    ],
  },
  {
    name: "a commitment whose pinned part is not what is pinned",
    damage: Effect.flatMap(records(Commitments), (all) =>
      damage(
        ...all
          .filter(({ value }) => value.documentId === "o-1")
          .map(({ id }) => add(Commitments, id, { allocated: -2, unallocated: 2 })),
      ),
    ),
    found: [
      { kind: "commitment", field: "allocated", stored: 5, derived: 7 },
      { kind: "commitment", field: "unallocated", stored: 2, derived: 0 },
    ],
  },
]

const ROGUE = MovementId.make("01890a5d-ac96-774b-8cce-b302099a8998")

/** A journal line like the first one, with something changed. */
const rogue = (change: (first: StockMovement) => Partial<StockMovement>) =>
  Effect.flatMap(records(StockMovements), (journal) => {
    const first = journal[0]?.value as StockMovement
    return damage(insert(StockMovements, { ...first, id: ROGUE, ...change(first) }))
  })

const beyondRepair = [
  {
    name: "a serial that is not where it was moved to",
    damage: Effect.flatMap(Store, (store) =>
      Effect.flatMap(store.get(StockSerials, "PHONE/S2"), (unit) =>
        damage(replace(stored(unit), { ...stored(unit).value, location: { _tag: "Customer" } })),
      ),
    ),
    found: { kind: "serial", id: "PHONE/S2", field: "location", stored: "Customer" },
  },
  {
    name: "a cell that more left than came to",
    damage: rogue(({ to }) => ({
      from: { ...to, bin: "X-9" } as StockMovement["from"],
      fromCell: cellId("TEA", { bin: "X-9" }),
    })),
    found: {
      kind: "balance",
      id: cellId("TEA", { bin: "X-9" }),
      field: "onHand",
      stored: 0,
      derived: -20,
    },
  },
  {
    name: "a cell in which more is pinned than lies there",
    damage: Effect.flatMap(records(Allocations), (all) => {
      const pin = all[0]
      if (pin === undefined) return Effect.die("nothing is pinned")
      const quantity = 30 as typeof pin.value.quantity
      return damage(
        replace(pin, { ...pin.value, quantity }),
        add(StockBalances, cellId("TEA"), { allocated: 23, unallocated: -23 }),
      )
    }),
    found: {
      kind: "balance",
      id: cellId("TEA"),
      field: "unallocated",
      stored: -14,
      derived: 0,
    },
  },
  {
    name: "a movement that names another cell than its place",
    damage: rogue(() => ({ toCell: cellId("TEA", { bin: "X-9" }) })),
    found: { kind: "movement", id: ROGUE, field: "toCell", derived: cellId("TEA") },
  },
  {
    name: "a movement that goes nowhere",
    damage: rogue(({ from }) => ({ to: from })),
    found: { kind: "movement", id: ROGUE, field: "to", stored: "Supplier", derived: null },
  },
  {
    name: "a serial that is several units",
    damage: rogue(() => ({ serial: SerialNumber.make("S1") })),
    found: { kind: "movement", id: ROGUE, field: "quantity", stored: 20, derived: 1 },
  },
  {
    name: "a movement that happened after it was written down",
    damage: rogue(() => ({ occurredAt: 1 as Timestamp })),
    found: { kind: "movement", id: ROGUE, field: "occurredAt", stored: 1, derived: 0 },
  },
  {
    name: "a movement that was corrected more than once over",
    damage: Effect.flatMap(records(StockMovements), (journal) => {
      const first = journal[0]?.value as StockMovement
      const back = { from: first.to, to: first.from, corrects: first.id }
      const quantity = 21 as StockMovement["quantity"]
      return rogue(() => ({ ...back, quantity, correction: 1, reason: "correction" }))
    }),
    found: { kind: "movement", field: "corrected", stored: 21, derived: 20 },
  },
]

describe("drift", () => {
  for (const { name, damage: seed, found } of drifted) {
    it.effect(`is found and repaired from the journal: ${name}`, () =>
      inWorld(
        Effect.gen(function* () {
          yield* business
          yield* seed
          expect((yield* verify).drifts).toMatchObject(found)
          expect(yield* rebuild()).toMatchObject({ repaired: found, unrepaired: [], left: 0 })
          expect((yield* verify).drifts).toEqual([])
          expect(yield* rebuild()).toEqual({ repaired: [], unrepaired: [], left: 0 })
        }),
      ),
    )
  }

  it.effect("is repaired with dates kept, and derived where the record was lost", () =>
    inWorld(
      Effect.gen(function* () {
        yield* business
        const before = yield* balance("MILK", { lot: "L1" })
        yield* damage(add(StockBalances, cellId("MILK", { lot: "L1" }), { onHand: 1 }))
        yield* rebuild()
        expect(yield* balance("MILK", { lot: "L1" })).toEqual(before)
        yield* damage(remove(yield* get("MILK", { lot: "L1" })))
        yield* rebuild()
        expect(yield* balance("MILK", { lot: "L1" })).toEqual(before)
      }),
    ),
  )

  it.effect("in many records is repaired in bounded steps", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        for (const bin of ["A-1", "A-2", "A-3"]) {
          yield* receive("TEA", 1, { bin })
          yield* damage(add(StockBalances, cellId("TEA", { bin }), { onHand: 1, unallocated: 1 }))
        }
        const first = yield* rebuild({ limit: 2 })
        expect([first.repaired.length, first.left]).toEqual([4, 1])
        const second = yield* rebuild({ limit: 2 })
        expect([second.repaired.length, second.left]).toEqual([2, 0])
        expect((yield* verify).drifts).toEqual([])
      }),
    ),
  )

  it.effect.each(beyondRepair)("that no figure can mend is named and left alone: $name", (each) =>
    inWorld(
      Effect.gen(function* () {
        yield* business
        yield* each.damage
        const found = expect.objectContaining(each.found)
        expect((yield* verify).drifts).toContainEqual(found)
        yield* rebuild()
        expect((yield* rebuild()).unrepaired).toContainEqual(found)
        expect((yield* verify).drifts).toContainEqual(found)
      }),
    ),
  )

  it.effect("is repaired while others write, and no write is lost", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 50)
        yield* damage(
          add(StockBalances, cellId("TEA"), { onHand: 9, unallocated: 9 }),
          add(StockPools, TEA, { onHand: 9, sellable: 9, uncommitted: 9 }),
        )
        const writers = Array.from({ length: 12 }, (_, at) =>
          at % 3 === 0
            ? commit("TEA", 1, `o-${at}`)
            : at % 3 === 1
              ? receive("TEA", 2)
              : adjustStock({
                  key: freshKey(),
                  direction: "remove",
                  reason: "sample",
                  warehouse: LONDON,
                  bin: "A-1",
                  sku: "TEA",
                  quantity: 1,
                }),
        )
        yield* Effect.all([...writers.slice(0, 6), rebuild(), ...writers.slice(6)], {
          concurrency: "unbounded",
        })
        yield* rebuild()
        expect((yield* verify).drifts).toEqual([])
        expect(yield* onHand("TEA")).toBe(50 + 8 - 4)
        expect(yield* pool("TEA")).toMatchObject({ onHand: 54, committed: 4, uncommitted: 50 })
      }),
    ),
  )

  it.effect("is never reported of records that are only being written", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 10)
        const writers = Array.from({ length: 20 }, () => receive("TEA", 1))
        const checks = Array.from({ length: 5 }, () => verify)
        const [, reports] = yield* Effect.all(
          [
            Effect.all(writers, { concurrency: "unbounded" }),
            Effect.all(checks, { concurrency: "unbounded" }),
          ],
          { concurrency: "unbounded" },
        )
        for (const report of reports) expect(report.drifts).toEqual([])
      }),
    ),
  )
})
