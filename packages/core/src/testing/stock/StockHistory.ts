import fc from "fast-check"
import { goodsScenes } from "./goodsScenes.ts"
import { promiseScenes } from "./promiseScenes.ts"
import { type Act, anyAct } from "./StockAct.ts"
import type { PlannedBeat, Scene } from "./StockPlan.ts"

/** A history as it is generated: data, so that it can be printed and lived again. */
export interface StockHistory {
  /** How many turns of the scheduler each call of the store waits, in rotation. */
  readonly pace: ReadonlyArray<number>
  /** From which laws that regroup or reorder what they saw take their choices. */
  readonly salt: number
  /** Units of the first merchant's opening stock, line by line. */
  readonly opening: ReadonlyArray<number>
  readonly scenes: ReadonlyArray<Scene>
}

const opening = fc.tuple(...Array.from({ length: 9 }, () => fc.nat({ max: 6 })))

const anyBeat: fc.Arbitrary<PlannedBeat> = fc.record({
  wait: fc.record({ by: fc.constantFrom(0, 1, 1, 500) }),
  acts: fc.array(fc.record({ act: anyAct, copies: fc.constantFrom(1, 1, 1, 2) }), {
    minLength: 1,
    maxLength: 3,
  }),
})

const scene: fc.Arbitrary<Scene> = fc.oneof(
  { weight: 12, arbitrary: fc.array(anyBeat, { minLength: 1, maxLength: 2 }) },
  ...promiseScenes,
  ...goodsScenes,
)

/** Any history: opening stock, then scenes in any order, some of them made to bring laws into play. */
export const anyHistory: fc.Arbitrary<StockHistory> = fc.record({
  pace: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 6 }),
  salt: fc.nat(),
  opening,
  // A scene that is left out shrinks a history without moving the others.
  scenes: fc.array(fc.option(scene, { nil: [], freq: 50 }), {
    minLength: 4,
    maxLength: 8,
    size: "max",
  }),
})

/** The beats of a history in order, with each scene's own documents told apart. */
export const beatsOf = ({ scenes }: StockHistory): ReadonlyArray<PlannedBeat> =>
  scenes.flatMap((scene, place) =>
    scene.map((beat) => ({
      ...beat,
      acts: beat.acts.map((planned) => ({ ...planned, act: ownDocument(planned.act, place) })),
    })),
  )

const ownDocument = (act: Act, place: number): Act =>
  "document" in act && act.document.startsWith("x")
    ? { ...act, document: `${act.document}-${place}` }
    : act
