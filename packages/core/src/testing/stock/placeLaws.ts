import type { StockMovement } from "../../inventory/index.ts"
import { placeName } from "./journal.ts"
import { callsIn, law, type Step, type Witness } from "./StockLaw.ts"
import type { StockLedger } from "./StockLedger.ts"
import { type Beat, hasEffect } from "./StockTrace.ts"

const MOVED_AT_ONCE = "a tracked unit that several move at the same moment"
const HERE_ALREADY = "a tracked unit that arrives while it is here"

const oneCell = law(
  "L5",
  "Serials: a tracked unit is in exactly one place at a time, and is one unit",
  [MOVED_AT_ONCE, HERE_ALREADY],
  {
    atChange: ({ after }, see) => {
      lookAtPaths(after, see)
      lookAtCells(after, see)
    },
    atStep: (step, see) => {
      const moved = callsIn(step, "moveStock").flatMap(({ input }) => input.serials ?? [])
      see.met(MOVED_AT_ONCE, new Set(moved).size < moved.length)
      const arriving = callsIn(step, "receiveStock").flatMap(({ input }) =>
        input.lines.flatMap(({ serials = [] }) => serials),
      )
      const here = step.before.serials.filter(({ cell }) => cell !== undefined)
      see.met(
        HERE_ALREADY,
        here.some(({ serial }) => arriving.includes(serial)),
      )
    },
  },
)

/** Each tracked unit is where the journal leads to, one movement after the other. */
const lookAtPaths = ({ movements, serials }: StockLedger, see: Witness): void => {
  const tracked = movements.filter(({ serial }) => serial !== undefined)
  const paths = Map.groupBy(tracked, ({ sku, serial }) => `${sku}/${serial}`)
  const stored = new Map(serials.map((unit) => [unit.id as string, unit]))
  for (const [id, path] of paths) {
    const unit = stored.get(id)
    const [said, end] = [unit && placeName(unit.location), endOf(path)]
    see.require(end !== undefined, () => `the movements of ${id} do not follow one another`)
    see.require(said === end, () => `${id} is said to be in ${said}, and went to ${end}`)
  }
  for (const id of stored.keys())
    see.require(paths.has(id), () => `${id} is somewhere and never came there`)
}

/** Where movements lead to; undefined where they do not follow one another, or are of more than one unit. */
const endOf = (path: ReadonlyArray<StockMovement>): string | undefined => {
  let place: string | undefined
  for (const { from, to, quantity } of path) {
    const follows = place === undefined ? from._tag !== "Bin" : place === placeName(from)
    if (quantity !== 1 || !follows) return undefined
    place = placeName(to)
  }
  return place
}

/** A cell of a tracked product has as many serial numbers as units. */
const lookAtCells = ({ balances, serials }: StockLedger, see: Witness): void => {
  for (const { id, onHand } of balances.filter(({ sku }) => sku === "PHONE")) {
    const there = serials.filter(({ cell }) => cell === id).length
    see.require(there === onHand, () => `${id} holds ${onHand} units and ${there} serial numbers`)
  }
}

const STRANGE = "a command that names what is the other merchant's"
const SAME_NAMES = "documents of one name at both merchants"

const apart = law(
  "L6",
  "Owners: no movement, commitment or allocation crosses an owner, whatever ids a command names",
  [STRANGE, SAME_NAMES],
  {
    atStep: (step, see) => {
      const own = step.beat.calls.filter(({ who }) => who === step.who)
      see.require(
        own.length > 0 || step.before === step.after,
        () => "books changed while only the other merchant was at work",
      )
      lookAtStrangers(step, see)
      if (step.who === 0) lookAtBoth(step.beat, see)
    },
    atChange: ({ after }, see) => {
      const lost = missingIn(after)
      see.require(
        lost === undefined,
        () => `a record names ${lost}, which its merchant does not have`,
      )
    },
    atEnd: ({ astray }, see) =>
      see.require(astray === 0, () => "the operator's own partition holds records of stock"),
  },
)

/** A command that names what is somebody else's finds nothing there. */
const lookAtStrangers = ({ beat, who }: Step, see: Witness): void => {
  for (const { operation, foreign, again, outcomes, ...call } of beat.calls) {
    if (call.who !== who || !foreign || again !== undefined) continue
    see.met(STRANGE)
    const ends: ReadonlyArray<(typeof outcomes)[number]> = outcomes
    see.require(
      !ends.some((each) => each.end === "done" && hasEffect(each.answer)),
      () => `${operation} did something with what is the other merchant's`,
    )
  }
}

/** No record is at both merchants, though their documents may be called the same. */
const lookAtBoth = ({ after: [first, second] }: Beat, see: Witness): void => {
  const shared = [...first.versions.keys()].find(
    (name) =>
      /^(stock_movements|commitments|allocations) /u.test(name) && second.versions.has(name),
  )
  see.require(shared === undefined, () => `both merchants have ${shared}`)
  const documents = new Set(first.commitments.map(({ documentId }) => documentId))
  see.met(
    SAME_NAMES,
    second.commitments.some(({ documentId }) => documents.has(documentId)),
  )
}

/** A record that another one names and that is not there. */
const missingIn = (ledger: StockLedger): string | undefined => {
  const { versions, movements, commitments, allocations, serials } = ledger
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

/** L5 and L6: where things are, and whose. */
export const placeLaws = [oneCell, apart]
