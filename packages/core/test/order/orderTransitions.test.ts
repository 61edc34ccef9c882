import { describe, expect, it } from "@effect/vitest"
import { Result } from "effect"
import { type OrderEvent, type OrderState, TRANSITIONS, transition } from "../../src/order/index.ts"
import { CHILD, FRAUD, lineOf, ORDER, orderWith } from "./sampleOrder.ts"

const STATES: ReadonlyArray<OrderState> = [
  "draft",
  "accepted",
  "processing",
  "completed",
  "cancelled",
  "archived",
]
const EVENTS = [...new Set(TRANSITIONS.map(({ event }) => event))]

/** domain 2.2, written down a second time: what each event makes of each state in which it may happen. */
const MAY: { readonly [E in OrderEvent]: { readonly [S in OrderState]?: OrderState } } = {
  accept: { draft: "accepted" },
  resolve: { accepted: "accepted", processing: "processing" },
  broker: { accepted: "accepted", processing: "processing" },
  commit: { accepted: "accepted", processing: "processing" },
  hold: { accepted: "accepted", processing: "processing" },
  lift: { accepted: "accepted", processing: "processing" },
  release: { accepted: "processing" },
  allocate: { processing: "processing" },
  short_pick: { processing: "processing" },
  pick: { processing: "processing" },
  pack: { processing: "processing" },
  dispatch: { processing: "processing" },
  amend: { accepted: "accepted", processing: "processing" },
  cancel: { accepted: "accepted", processing: "processing" },
  cancel_units: { accepted: "accepted", processing: "processing" },
  split: { accepted: "accepted", processing: "processing" },
  merge: { accepted: "accepted", processing: "processing" },
  settle: { accepted: "cancelled", processing: "cancelled" },
  authorise_return: { completed: "completed" },
  archive: { completed: "archived", cancelled: "archived" },
}

/** Lines with which every guard of an event holds. */
const fit = (event: OrderEvent) =>
  event === "settle"
    ? [lineOf({ cancelled: 2 })]
    : event === "dispatch"
      ? [lineOf({ allocated: 2 })]
      : [lineOf({ open: 2 }, { promised: 2 })]

const reasonOf = (order: Parameters<typeof transition>[0], event: OrderEvent) =>
  Result.match(transition(order, event), {
    onSuccess: () => undefined,
    onFailure: ({ reason }) => reason,
  })

describe("the transitions of an order", () => {
  for (const event of EVENTS) {
    it.each(STATES)(`${event} of one that is %s is what the table says, or refused`, (state) => {
      const order = orderWith(fit(event), { state })
      const outcome = transition(order, event)
      const next = MAY[event][state]
      if (next !== undefined) {
        expect(outcome).toEqual(Result.succeed({ ...order, state: next }))
        return
      }
      expect(Result.isFailure(outcome) && outcome.failure).toMatchObject({
        _tag: "IllegalTransition",
        order: ORDER,
        event,
        state,
        reason: expect.stringMatching(/^it would have to be /u),
      })
    })
  }

  it("names every event of the table", () => {
    expect([...EVENTS].sort()).toEqual(Object.keys(MAY).sort())
  })

  it("releases nothing that is held, lacks promised stock, or has nothing to pick", () => {
    const line = lineOf({ open: 2 }, { promised: 2 })
    expect(reasonOf(orderWith([line], { holds: [FRAUD] }), "release")).toBe("it is held")
    expect(reasonOf(orderWith([lineOf({ open: 2 }, { promised: 1 })]), "release")).toBe(
      "open units have no stock promised to them",
    )
    expect(reasonOf(orderWith([lineOf({ backordered: 2 })]), "release")).toBe(
      "no unit of it can be picked",
    )
    expect(reasonOf(orderWith([line, lineOf({ backordered: 2 })]), "release")).toBeUndefined()
  })

  it("gives a held order no allocation and no dispatch (R8)", () => {
    const held = orderWith([lineOf({ allocated: 2 })], { state: "processing", holds: [FRAUD] })
    expect(reasonOf(held, "allocate")).toBe("it is held")
    expect(reasonOf(held, "dispatch")).toBe("it is held")
    expect(reasonOf({ ...held, holds: [] }, "dispatch")).toBeUndefined()
  })

  it("dispatches only what is allocated", () => {
    const open = orderWith([lineOf({ open: 2 }, { promised: 2 })], { state: "processing" })
    expect(reasonOf(open, "dispatch")).toBe("no unit of it is allocated")
  })

  it("cancels no whole order of which a unit was shipped, but units of it", () => {
    const order = orderWith([lineOf({ shipped: 1, open: 1 })], { state: "processing" })
    expect(reasonOf(order, "cancel")).toBe("a unit was shipped")
    expect(reasonOf(order, "cancel_units")).toBeUndefined()
    expect(reasonOf(orderWith([lineOf({ cancelled: 1 })]), "cancel")).toBe(
      "none of its own units is left",
    )
  })

  it("splits no child", () => {
    const child = orderWith([lineOf({ open: 2 })], { splitFrom: CHILD })
    expect(reasonOf(child, "split")).toBe("it is the child of a split")
  })

  it("settles when the last unit is gone: completed if one was shipped, else cancelled (T8)", () => {
    const stateOf = (...args: Parameters<typeof transition>) =>
      Result.getOrThrow(transition(...args)).state
    const shipped = orderWith([lineOf({ shipped: 1, cancelled: 1 })], { state: "processing" })
    const cancelled = orderWith([lineOf({ cancelled: 2 })])
    expect(stateOf(shipped, "settle")).toBe("completed")
    expect(stateOf(cancelled, "settle")).toBe("cancelled")
    expect(reasonOf(orderWith([lineOf({ backordered: 1, shipped: 1 })]), "settle")).toBe(
      "units of it are still to leave",
    )
    const open = orderWith([lineOf({ open: 1 })], { id: CHILD, splitFrom: ORDER })
    expect(Result.isFailure(transition(cancelled, "settle", [open]))).toBe(true)
    const gone = { ...shipped, id: CHILD, state: "completed" as const }
    expect(stateOf(cancelled, "settle", [gone])).toBe("completed")
  })
})
