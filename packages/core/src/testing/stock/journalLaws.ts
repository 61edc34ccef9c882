import { canonical } from "../../command/index.ts"
import type { StockMovement, StockSerial } from "../../inventory/index.ts"
import { placeName } from "./journal.ts"
import { changesOf, law, type Step, stepsOf } from "./StockLaw.ts"
import { type StockLedger, sumBy } from "./StockLedger.ts"
import { answerOf, callsOf, hasEffect, type Lived } from "./StockTrace.ts"

const correctedIn = ({ movements }: StockLedger): ReadonlyMap<string, number> =>
  sumBy(
    movements.filter(({ corrects }) => corrects !== undefined),
    ({ corrects }) => corrects ?? "",
    ({ quantity }) => quantity,
  )

const isReverse = (correction: StockMovement, original: StockMovement): boolean =>
  placeName(correction.from) === placeName(original.to) &&
  placeName(correction.to) === placeName(original.from) &&
  correction.sku === original.sku &&
  correction.lot === original.lot &&
  correction.serial === original.serial

const CORRECTIONS_AT_ONCE = "several correct one movement at the same moment"
const TOO_MUCH = "more to be corrected than is left"

const immutability = law(
  "L4",
  "Immutability: a movement never changes; a correction names it, and with it comes to the corrected value",
  ["a movement corrected in part", CORRECTIONS_AT_ONCE, TOO_MUCH],
  (lived, see) => {
    for (const { before, after } of changesOf(lived)) {
      for (const { id } of before.movements)
        see.require(
          after.versions.get(`stock_movements ${id}`) === 1,
          () => `the movement ${id} was changed or removed`,
        )
      const originals = new Map(after.movements.map((each) => [each.id as string, each]))
      const corrected = correctedIn(after)
      for (const [id, units] of corrected)
        see.require(
          units <= (originals.get(id)?.quantity ?? 0),
          () => `${units} of ${originals.get(id)?.quantity} units of ${id} were taken back`,
        )
      for (const each of after.movements) {
        const original = originals.get(each.corrects ?? "")
        if (each.corrects === undefined) continue
        see.require(
          original !== undefined && original.corrects === undefined && isReverse(each, original),
          () => `${each.id} does not take back the movement that it names`,
        )
        if (each.quantity < (original?.quantity ?? 0)) see.met("a movement corrected in part")
      }
    }
    for (const step of stepsOf(lived)) lookAtCorrections(step, see)
    lookAtContent(lived, see)
  },
)

type Witness = Parameters<Parameters<typeof law>[3]>[1]

/** What was taken back at one moment is what the commands of that moment said. */
const lookAtCorrections = ({ who, before, after, beat }: Step, see: Witness): void => {
  const calls = callsOf(beat, "correctMovement").filter((call) => call.who === who)
  const [was, is] = [correctedIn(before), correctedIn(after)]
  for (const [movement, told] of Map.groupBy(calls, ({ input }) => input.movement)) {
    // What was sent before is answered again, and does nothing.
    const fresh = told.filter((call) => call.again === undefined)
    const taken = fresh.flatMap((call) => answerOf(call)?.moved.map((each) => each.quantity) ?? [])
    const sum = taken.reduce((total, units) => total + units, 0)
    if (fresh.length === told.length)
      see.require(
        (is.get(movement) ?? 0) - (was.get(movement) ?? 0) === sum,
        () => `${sum} units of ${movement} were to be taken back, not those that were`,
      )
    for (const call of fresh) {
      const wanted = call.input.quantity
      const done = answerOf(call)?.moved[0]?.quantity
      see.require(
        done === undefined || wanted === undefined || done === wanted,
        () => `${done} units of ${movement} were taken back in place of ${wanted}`,
      )
      if (call.outcomes.some((each) => each.end === "refused" && each.tag === "OverCorrected"))
        see.met(TOO_MUCH)
    }
    if (fresh.length > 1 && taken.length > 0) see.met(CORRECTIONS_AT_ONCE)
  }
}

/** A movement says at the end what it said when it was first seen. */
const lookAtContent = ({ beats }: Lived, see: Witness): void => {
  for (const who of [0, 1] as const) {
    const first = new Map<string, StockMovement>()
    for (const { after } of beats)
      for (const each of after[who].movements) if (!first.has(each.id)) first.set(each.id, each)
    for (const each of beats.at(-1)?.after[who].movements ?? [])
      see.require(
        canonical(each) === canonical(first.get(each.id)),
        () => `the movement ${each.id} says something else than at first`,
      )
  }
}

/** Where the journal says that a tracked unit is; undefined where its movements do not follow one another. */
const endOf = (movements: ReadonlyArray<StockMovement>): string | undefined => {
  let place: string | undefined
  for (const { from, to, quantity } of movements) {
    if (quantity !== 1) return undefined
    if (place === undefined ? from._tag === "Bin" : place !== placeName(from)) return undefined
    place = placeName(to)
  }
  return place
}

const serialOf = (movement: StockMovement): string => `${movement.sku}/${movement.serial}`

const oneCell = law(
  "L5",
  "Serials: a tracked unit is in exactly one place at a time, and is one unit",
  [
    "a tracked unit that several move at the same moment",
    "a tracked unit that arrives while it is here",
  ],
  (lived, see) => {
    for (const { after } of changesOf(lived)) {
      const { movements, serials, balances } = after
      const tracked = movements.filter(({ serial }) => serial !== undefined)
      const stored = new Map(serials.map((unit): [string, StockSerial] => [unit.id, unit]))
      const told = Map.groupBy(tracked, serialOf)
      for (const [id, all] of told) {
        const unit = stored.get(id)
        const end = endOf(all)
        see.require(end !== undefined, () => `the movements of ${id} do not follow one another`)
        see.require(
          unit !== undefined && placeName(unit.location) === end,
          () => `${id} is said to be in ${unit && placeName(unit.location)}, and went to ${end}`,
        )
      }
      for (const { id } of serials)
        see.require(told.has(id), () => `${id} is somewhere and never came there`)
      for (const { id, sku, onHand } of balances) {
        if (sku !== "PHONE") continue
        const there = serials.filter(({ cell }) => cell === id).length
        see.require(
          there === onHand,
          () => `${id} holds ${onHand} units and ${there} serial numbers`,
        )
      }
    }
    for (const step of stepsOf(lived)) lookForSerials(step, see)
  },
)

const lookForSerials = ({ who, before, beat }: Step, see: Witness): void => {
  const named = beat.calls.flatMap((call) => {
    if (call.who !== who || call.operation !== "moveStock") return []
    return call.input.serials?.map((serial) => `PHONE/${serial}`) ?? []
  })
  if (new Set(named).size < named.length)
    see.met("a tracked unit that several move at the same moment")
  for (const call of callsOf(beat, "receiveStock")) {
    const serials = call.input.lines.flatMap((line) => line.serials ?? [])
    const here = before.serials.some(
      (unit) => unit.cell !== undefined && serials.includes(unit.serial) && call.who === who,
    )
    if (here && call.again === undefined) see.met("a tracked unit that arrives while it is here")
  }
}

const STRANGE = "a command that names what is the other merchant's"
const SAME_NAMES = "documents of one name at both merchants"

const apart = law(
  "L6",
  "Owners: no movement, commitment or allocation crosses an owner, whatever ids a command names",
  [STRANGE, SAME_NAMES],
  (lived, see) => {
    see.require(lived.astray === 0, () => "the operator's own partition holds stock records")
    for (const { who, before, after, beat } of stepsOf(lived)) {
      const own = beat.calls.filter((call) => call.who === who)
      see.require(
        own.length > 0 || before === after,
        () => "books changed while the other merchant worked",
      )
      for (const call of own) {
        if (!call.foreign || call.again !== undefined) continue
        see.met(STRANGE)
        const done = (call.outcomes as ReadonlyArray<(typeof call.outcomes)[number]>).some(
          (each) => each.end === "done" && hasEffect(each.answer),
        )
        see.require(
          !done,
          () => `${call.operation} did something with what is the other merchant's`,
        )
      }
      if (before !== after) {
        const lost = strangersIn(after)
        see.require(
          lost === undefined,
          () => `a record names ${lost}, which the merchant does not have`,
        )
      }
    }
    for (const { after } of lived.beats) {
      const shared = [...after[0].versions.keys()].find(
        (name) => isOwnId(name) && after[1].versions.has(name),
      )
      see.require(shared === undefined, () => `both merchants have ${shared}`)
      const documents = new Set(after[0].commitments.map(({ documentId }) => documentId))
      if (after[1].commitments.some(({ documentId }) => documents.has(documentId)))
        see.met(SAME_NAMES)
    }
  },
)

const isOwnId = (name: string): boolean => /^(stock_movements|commitments|allocations) /u.test(name)

/** A record that another one names and that is not there. */
const strangersIn = ({ versions, movements, commitments, allocations, serials }: StockLedger) => {
  const named = [
    ...movements.flatMap(({ fromCell, toCell, corrects }) => [
      fromCell && `stock_balances ${fromCell}`,
      toCell && `stock_balances ${toCell}`,
      corrects && `stock_movements ${corrects}`,
    ]),
    ...commitments.map(({ pool }) => `stock_pools ${pool}`),
    ...allocations.flatMap(({ commitment, cell }) => [
      `commitments ${commitment}`,
      `stock_balances ${cell}`,
    ]),
    ...serials.map(({ cell }) => cell && `stock_balances ${cell}`),
  ]
  return named.find((name) => name !== undefined && !versions.has(name))
}

/** L4 to L6: what the journal says, and of whom. */
export const journalLaws = [immutability, oneCell, apart]
