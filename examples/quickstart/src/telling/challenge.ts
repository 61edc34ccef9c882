import { Effect } from "effect"
import type { Delivery } from "../slice/toDeliveries.ts"
import { digestOf } from "../story/digest.ts"
import { importOrders, inDisorder } from "../story/importOrders.ts"
import { mustHold } from "../story/mustHold.ts"
import type { OpenShop, Premises } from "../story/openShops.ts"
import { CALLERS, tryToOversell } from "../story/oversell.ts"
import { tryToReadAnothers } from "../story/strangers.ts"
import { verifyLedgers } from "../story/verifyLedgers.ts"
import { chapter } from "./chapter.ts"
import { inFull } from "./table.ts"

/** The best seller of the two days: a kit of paper chains for Christmas. */
const HOT_SKU = "22086"

/** What channels, crowds and strangers try, and that it comes to nothing. Ends the demo where it does not. */
export const challenge = Effect.fn("challenge")(function* (
  premises: Premises,
  deliveries: ReadonlyArray<Delivery>,
) {
  yield* replay(premises, deliveries)
  const [first, second] = premises.shops
  if (first === undefined || second === undefined)
    return yield* Effect.die(new Error("two merchants are needed"))
  yield* oversell(premises, first)
  yield* readAnothers(first, second)
  yield* verify(premises)
})

const replay = Effect.fn("replay")(function* (
  premises: Premises,
  deliveries: ReadonlyArray<Delivery>,
) {
  const before = yield* digestOf(premises)
  const twice = yield* Effect.forEach(["second", "third"], (seed) => inDisorder(deliveries, seed))
  const again = twice.flat()
  const after = yield* chapter(
    "replay",
    { label: "deliveries", total: again.length },
    (onEach) => Effect.andThen(importOrders(premises, again, "again", onEach), digestOf(premises)),
    ({ records }) => [
      `all of it twice more, shuffled, in pages that overlap: ${inFull(again.length)} deliveries;`,
      `the SHA-256 over all ${inFull(records)} records is what it was before`,
    ],
  )
  const same = before.sha256 === after.sha256
  yield* mustHold("importing again changes nothing", same, { before, after })
})

const oversell = Effect.fn("oversell")(function* ({ warehouse }: Premises, shop: OpenShop) {
  const report = yield* chapter(
    "oversell",
    { label: "callers", total: CALLERS },
    (onEach) => tryToOversell(shop, warehouse, HOT_SKU, onEach),
    ({ sku, available, asked, granted, refused, afterwards }) => [
      `${CALLERS} callers at once ask for ${inFull(asked)} units of ${sku}, one by one; ${inFull(available)} are available:`,
      `${inFull(granted)} are granted and ${inFull(refused)} refused (InsufficientStock); all given back, it is ${inFull(afterwards)} again`,
    ],
  )
  const { available, granted, left, afterwards } = report
  const exact = granted === available && left === 0 && afterwards === available
  yield* mustHold("what is granted is what there is", exact, report)
})

const readAnothers = Effect.fn("readAnothers")(function* (stranger: OpenShop, other: OpenShop) {
  const report = yield* chapter(
    "intrude",
    { label: "attempts", total: 2 },
    (onEach) => tryToReadAnothers(stranger, other, onEach),
    ({ atTheDoor, atHome, events }) => [
      `${stranger.name} asks for an order of ${other.name}: ${atTheDoor} there, ${atHome} at home;`,
      `its audit log says: ${events.join("; ")}`,
    ],
  )
  const { atTheDoor, atHome, events } = report
  const refused = atTheDoor === "NotFound" && atHome === "NotFound" && events.length === 1
  yield* mustHold("a stranger finds nothing, and leaves a trace", refused, report)
})

const verify = Effect.fn("verify")(function* (premises: Premises) {
  const report = yield* chapter(
    "verify",
    { label: "merchants", total: premises.shops.length },
    (onEach) => verifyLedgers(premises, onEach),
    ({ movements, cells, drifts }) =>
      `${inFull(movements)} movements and ${inFull(cells)} cells add up: ${drifts.length || "no"} drift`,
  )
  yield* mustHold("the books balance", report.drifts.length + report.unproved === 0, report)
})
