import { canonical } from "../../command/index.ts"
import type { Order } from "../../order/index.ts"
import { type Law, lawsOver } from "../laws/Law.ts"
import { DROPPED, KEPT, type Told } from "./FeedHistory.ts"
import type { Witness } from "./OrderTrace.ts"
import type { LivedFeed, Telling } from "./tellFeed.ts"

/** Declares a law about feeds as a whole. */
const law = lawsOver<LivedFeed, never>(() => [])

const REPEATED = "a version told more than once"
const STALE = "an older version told after a newer one"
const PAGES = "several told at the same moment"

const imports = law(
  "O1",
  "Import: orders come out the same however often, in whatever order and overlap their channel tells of them",
  [REPEATED, STALE, PAGES],
  {
    atEnd: (life, see) => {
      lookAtTellings(life, KEPT, see)
      const versions = toldOf(life, KEPT).map(versionOf)
      see.met(REPEATED, new Set(versions).size < versions.length)
      see.met(
        STALE,
        versions.some((version, place) => version < Math.max(0, ...versions.slice(0, place))),
      )
      see.met(PAGES, life.history.atOnce > 1)
    },
  },
)

const BEFORE = "a cancellation that comes before its order"
const AFTER = "a cancellation that comes after its order"
const BETWEEN = "a cancellation that comes between two versions of its order"
const TOGETHER = "a cancellation that comes together with its order"

const cancellations = law(
  "O4",
  "Cancellation: before its order, after it and at the same moment end the same: the order is cancelled",
  [BEFORE, AFTER, BETWEEN, TOGETHER],
  {
    atEnd: (life, see) => {
      lookAtTellings(life, DROPPED, see)
      for (const { known } of [life.inOrder, life.retold])
        for (const { state, externalId } of known.orders)
          see.require(
            externalId !== DROPPED || state === "cancelled",
            () => `the order was cancelled by its channel, and is ${state}`,
          )
      const told = toldOf(life, DROPPED).map(({ operation }) => operation)
      const [first, last] = [told[0], told.at(-1)]
      const oneByOne = life.history.atOnce === 1
      see.met(BEFORE, oneByOne && first === "cancelImportedOrder")
      see.met(AFTER, oneByOne && told.indexOf("cancelImportedOrder") === told.length - 1)
      see.met(BETWEEN, oneByOne && first === last && first === "importOrder")
      see.met(TOGETHER, !oneByOne)
    },
  },
)

/** What was told again of one order. */
const toldOf = ({ history }: LivedFeed, externalId: string): ReadonlyArray<Told> =>
  history.retold
    .flatMap((place) => history.told[place] ?? [])
    .filter(({ input }) => input.externalId === externalId)

const versionOf = (told: Told): number =>
  told.operation === "importOrder" ? told.input.externalVersion : 0

/** Both merchants know the same of an order, and nothing that they were told was refused. */
const lookAtTellings = ({ inOrder, retold }: LivedFeed, externalId: string, see: Witness): void => {
  for (const { operation, outcomes } of [...inOrder.calls, ...retold.calls])
    for (const outcome of outcomes)
      see.require(outcome.end !== "refused", () => `${operation}: ${JSON.stringify(outcome)}`)
  const [once, again] = [shapeOf(inOrder, externalId), shapeOf(retold, externalId)]
  see.require(once === again, () => `told in order it is ${once}, told again it is ${again}`)
}

/** What is known of an order of the channel, without ids and instants of its own. */
const shapeOf = ({ known }: Telling, externalId: string): string =>
  canonical({
    orders: known.orders.filter((order) => order.externalId === externalId).map(withoutOwn),
    external: known.external
      .filter((each) => each.externalId === externalId)
      .map(({ cancelled, order }) => ({ cancelled, known: order !== undefined })),
  })

const withoutOwn = ({ id: _, importedAt: _at, completedAt, holds, ...order }: Order) => ({
  ...order,
  ended: completedAt !== undefined,
  holds: holds.map(({ code, source, reason }) => `${code}/${source}/${reason}`).toSorted(),
})

/** O1 and O4: what a channel tells. */
export const feedLaws: ReadonlyArray<Law<LivedFeed>> = [imports, cancellations]
