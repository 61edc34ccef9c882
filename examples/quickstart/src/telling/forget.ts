import { Effect } from "effect"
import { forgetBuyers, proveAuditLog, searchStore } from "../story/forgetBuyers.ts"
import { mustHold } from "../story/mustHold.ts"
import type { Premises } from "../story/openShops.ts"
import { dispatchAll, fetchBuyers, packOne, sendable } from "../story/sendOrders.ts"
import { chapter } from "./chapter.ts"
import { inFull } from "./table.ts"

/** The buyers: fetched for orders that are sent, shown on a label, gone a month later. And the log that proves it. */
export const forget = Effect.fn("forget")(function* (premises: Premises) {
  const [shop] = premises.shops
  if (shop === undefined) return yield* Effect.die(new Error("a merchant is needed"))
  const counts = yield* Effect.forEach(premises.shops, sendable)
  const total = counts.reduce((sum, orders) => sum + orders.length, 0)
  yield* chapter(
    "buyers",
    { label: "orders", total },
    (onEach) => fetchBuyers(premises, onEach),
    (fetched) => `${inFull(fetched)} buyers fetched and sealed, each under a key of its own`,
  )
  const { order } = yield* chapter(
    "label",
    { label: "labels", total: 1 },
    () => packOne(premises, shop),
    ({ onLabel, elsewhere }) =>
      `on the label: "${onLabel}"; in a log, an error or JSON: ${elsewhere}`,
  )
  yield* chapter(
    "dispatch",
    { label: "orders", total },
    (onEach) => dispatchAll(premises, onEach),
    (completed) => `${inFull(total)} orders left, ${inFull(completed)} of them complete`,
  )
  const forgotten = yield* chapter(
    "anonymise",
    { label: "sweeps", total: 1 },
    () => forgetBuyers(premises, shop, order),
    ({ label, anonymised, stillSealed }) => [
      `a month later: the label is refused (${label}) before any sweep; the sweep takes ${inFull(anonymised)} buyers away;`,
      `orders, lines and totals are what they were; ${inFull(stillSealed)} buyers of open orders stay sealed`,
    ],
  )
  const { label, anonymised, untouched } = forgotten
  const gone = label === "PiiAnonymised" && anonymised > 0 && untouched
  yield* mustHold("buyers are forgotten, and nothing else", gone, forgotten)
  yield* search(premises)
  yield* chapter(
    "audit",
    { label: "logs", total: 1 },
    () => proveAuditLog(shop),
    ({ digests, events, tampered }) => [
      `${inFull(events)} events sealed in ${inFull(digests)} signed digests, all proved;`,
      `one event changed behind the engine's back is found: ${tampered.broken?.what ?? "nothing"} in digest ${tampered.broken?.digest ?? "?"}`,
    ],
  ).pipe(
    Effect.flatMap((report) => {
      const { proved, tampered } = report
      const holds = proved.broken === undefined && tampered.broken !== undefined
      return mustHold("the log proves itself, and a change of it is found", holds, report)
    }),
  )
})

const search = Effect.fn("search")(function* (premises: Premises) {
  const report = yield* chapter(
    "search",
    { label: "stores", total: 1 },
    () => searchStore(premises),
    ({ records, found }) =>
      `${inFull(records)} records about orders searched, in every encoding, for what buyers are marked with: ${found.length || "nothing"} found`,
  )
  yield* mustHold(
    "nothing of a buyer is left in the clear",
    report.found.length === 0,
    report.found,
  )
})
