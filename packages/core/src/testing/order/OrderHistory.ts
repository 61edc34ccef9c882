import fc from "fast-check"
import type { Act, PlannedAct, PlannedBeat, Scene, ShelfSku, Target } from "./OrderAct.ts"
import { scenes } from "./orderScenes.ts"

/** A history as it is generated: data, so that it can be printed and lived again. */
export interface OrderHistory {
  /** How many turns of the scheduler each call of the store waits, in rotation. */
  readonly pace: ReadonlyArray<number>
  /** Units of TEA and of CUP to begin with. */
  readonly stock: readonly [number, number]
  readonly scenes: ReadonlyArray<Scene>
}

/** How calls of a store come to wait for each other. */
export const pace = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 8 })

/** Any history: scenes in any order. Few, because each command costs a store across a network some milliseconds. */
export const anyHistory: fc.Arbitrary<OrderHistory> = fc.record({
  pace,
  stock: fc.tuple(fc.integer({ min: 4, max: 12 }), fc.integer({ min: 4, max: 12 })),
  // A scene that is left out shrinks a history without moving the others.
  scenes: fc.array(fc.option(fc.oneof(...scenes), { nil: [], freq: 50 }), {
    minLength: 3,
    maxLength: 4,
    size: "max",
  }),
})

/** The beats of a history in order, the opening stock first, with each scene's own orders told apart. */
export const beatsOf = ({
  stock: [tea, cup],
  scenes: all,
}: OrderHistory): ReadonlyArray<PlannedBeat> => [
  { wait: 0, acts: [received("TEA", tea), received("CUP", cup)] },
  ...all.flatMap((scene, place) =>
    scene.map((beat) => ({
      ...beat,
      acts: beat.acts.map((planned) => ({ ...planned, act: ownOrder(planned.act, place) })),
    })),
  ),
]

const received = (sku: ShelfSku, quantity: number): PlannedAct => ({
  act: { do: "receive", sku, quantity, warehouse: 0 },
  copies: 1,
})

const ownOrder = (act: Act, place: number): Act => {
  if ("external" in act) return { ...act, external: ownName(act.external, place) }
  return "of" in act ? ({ ...act, of: ownTarget(act.of, place) } as Act) : act
}

const ownTarget = (of: Target, place: number): Target =>
  "external" in of ? { ...of, external: ownName(of.external, place) } : of

const ownName = (external: string, place: number): string =>
  external.startsWith("x") ? `${external}-${place}` : external
