import type { Order } from "../../order/index.ts"
import { plainText } from "./plainText.ts"
import { deadlineOf, LIMITS } from "./RetentionModel.ts"
import {
  isRestore,
  type LivedRetention,
  law,
  ordersOf,
  piisOf,
  type Step,
} from "./RetentionTrace.ts"

/** A sweep by a clock that agrees with the store's, that came to its end. */
const isWholeSweep = ({ call, skewMillis }: Step): boolean =>
  call.operation === "sweepRetention" &&
  Math.abs(skewMillis) <= 300_000 &&
  call.endings.some(({ end }) => end === "done")

const gone = law(
  "I2",
  "After a sweep no buyer whose time is up within a day is held, and nothing of those who are gone is found, in any form",
  ["swept from the store", "a day ahead to the millisecond", "a millisecond too early", "lapsed"],
  {
    atStep: (step, see) => {
      see.require(step.exposed.length === 0, () => `in the clear: ${step.exposed.join()}`)
      if (!isWholeSweep(step)) return
      const held = piisOf(step.after)
      for (const [id, known] of step.known) {
        const deadline = deadlineOf(known, step.at)
        if (deadline === undefined || known.gone) continue
        const off = step.at - (deadline - LIMITS.ahead)
        see.met("swept from the store", off >= 0)
        see.met("a day ahead to the millisecond", off === 0)
        see.met("a millisecond too early", off === -1)
        see.met(
          "lapsed",
          off >= 0 && known.completedAt === undefined && known.lapsedAt !== undefined,
        )
        see.require(
          held.has(id) === off < 0,
          () => `${id} after a sweep at ${step.at}, its deadline ${deadline}: ${held.has(id)}`,
        )
      }
    },
    atEnd: ({ found }, see) => {
      see.require(found.length === 0, () => `found: ${found.join("; ")}`)
    },
  },
)

const atOnce = law(
  "R45",
  "The buyer of an order that ends before anything of it was dispatched goes with it, at once",
  ["cancelled", "deleted"],
  {
    atStep: (step, see) => {
      if (isRestore(step)) return
      const [orders, held] = [ordersOf(step.after), piisOf(step.after)]
      for (const [id, { receivedAt, gone: wasGone }] of step.known) {
        const now = orders.get(id)
        if (now?.state !== "cancelled" || receivedAt === undefined) continue
        see.met("cancelled", !wasGone && now.deletedAt === undefined)
        see.met("deleted", !wasGone && now.deletedAt !== undefined)
        see.require(!held.has(id), () => `${id} is cancelled, and its buyer is held`)
      }
    },
  },
)

/** An order without what retention keeps in it. */
const goodsOf = ({ pii: _pii, retentionDue: _due, lapsedAt: _lapsed, ...order }: Order) =>
  plainText(order)

const untouchedOrder = law(
  "I3",
  "Nothing of an order but that its buyer is gone changes when it is anonymised, and only a deletion's 90 days remove it",
  ["anonymised by a sweep", "erased on request", "removed after 90 days"],
  {
    atStep: (step, see) => {
      const { operation } = step.call
      const terminated = operation === "terminateMerchant"
      if (isRestore(step) || terminated) return
      const [before, after] = [ordersOf(step.before), ordersOf(step.after)]
      for (const [id, order] of before) {
        const now = after.get(id)
        if (now === undefined) {
          const known = step.known.get(order.splitFrom ?? id)
          const due = known?.deletedAt === undefined ? undefined : known.deletedAt + LIMITS.purge
          see.met("removed after 90 days", order.splitFrom === undefined)
          see.require(
            operation === "mergeOrders" || (due !== undefined && due <= step.at),
            () => `${id} was removed by ${operation} at ${step.at}, due at ${due}`,
          )
          continue
        }
        const anonymised = order.pii._tag === "Held" && now.pii._tag === "Anonymised"
        see.met("anonymised by a sweep", anonymised && operation === "sweepRetention")
        see.met("erased on request", anonymised && operation === "eraseBuyer")
        if (operation === "sweepRetention" || operation === "eraseBuyer")
          see.require(goodsOf(order) === goodsOf(now), () => `${operation} changed the order ${id}`)
      }
    },
  },
)

const purged = law(
  "R41",
  "A deleted order is gone with the first sweep after 90 days, and until then it is there",
  ["due to the millisecond"],
  {
    atStep: (step, see) => {
      if (!isWholeSweep(step)) return
      const after = ordersOf(step.after)
      for (const [id, { deletedAt }] of step.known) {
        if (deletedAt === undefined) continue
        const off = step.at - (deletedAt + LIMITS.purge)
        see.met("due to the millisecond", off === 0)
        see.require(
          after.has(id) === off < 0,
          () => `${id}, deleted at ${deletedAt}, after a sweep at ${step.at}: ${after.has(id)}`,
        )
      }
    },
  },
)

const sweepsOnce = law(
  "I4",
  "A sweep after a sweep does nothing, two at once and one after a crash do what one does, with one event an order",
  ["two sweepers", "after a crash", "swept twice"],
  {
    atStep: (step, see) => {
      if (!isWholeSweep(step)) return
      const { call, sweptAgain } = step
      see.met("two sweepers", call.endings.length === 2)
      see.met("after a crash", call.again === true)
      see.met("swept twice", sweptAgain !== undefined)
      see.require(sweptAgain !== true, () => `a second sweep at ${step.at} did something`)
    },
    atEnd: ({ steps }, see) => {
      const last = steps.at(-1)
      if (last === undefined) return
      const times = new Map<string, number>()
      for (const { events } of last.after)
        for (const { action, object } of events)
          if (action === "anonymiseBuyer") times.set(object.id, (times.get(object.id) ?? 0) + 1)
      for (const [id, count] of times)
        see.require(count === 1, () => `${count} events that the buyer of ${id} went`)
    },
  },
)

const skewedSweep = law(
  "T6",
  "A sweep by a clock that is more than five minutes from the store's deletes nothing and says so",
  ["refused", "just near enough"],
  {
    atStep: (step, see) => {
      if (step.call.operation !== "sweepRetention") return
      const skewed = Math.abs(step.skewMillis) > 300_000
      see.met("just near enough", !skewed && step.skewMillis !== 0)
      if (!skewed) return
      see.met("refused")
      for (const ending of step.call.endings)
        see.require(
          ending.end === "crashed" || (ending.end === "refused" && ending.tag === "ClockSkew"),
          () => `a sweep by a clock ${step.skewMillis} ms off: ${JSON.stringify(ending)}`,
        )
      see.require(sameRecords(step), () => `a sweep by a clock ${step.skewMillis} ms off wrote`)
    },
  },
)

/** Whether nothing was written at all. */
const sameRecords = ({ before, after }: Pick<Step, "before" | "after">): boolean =>
  ([0, 1] as const).every(
    (who) =>
      before[who].versions.size === after[who].versions.size &&
      [...after[who].versions].every(([id, version]) => before[who].versions.get(id) === version),
  )

const again = law(
  "I9",
  "After a restore of an older backup and a boot, everything that was gone for good is gone again",
  ["a buyer came back", "an order came back", "a connection came back", "a merchant came back"],
  {
    atStep: (step, see) => {
      const { erased, before, after } = step
      if (erased === undefined) return
      see.require(
        step.call.endings.every(({ end }) => end === "done"),
        () => `the boot after a restore: ${JSON.stringify(step.call.endings)}`,
      )
      const [orders, held] = [ordersOf(after), piisOf(after)]
      for (const name of erased) {
        const [kind = "", , id = ""] = name.split(" ")
        see.met(`${kind === "order" ? "an" : "a"} ${kind} came back`)
        const order = orders.get(id)
        if (kind === "buyer")
          see.require(
            !held.has(id) && (order === undefined || order.pii._tag === "Anonymised"),
            () => `the buyer of ${id} is back as ${order?.pii._tag}`,
          )
        if (kind === "order") see.require(order === undefined, () => `the order ${id} is back`)
      }
      void before
    },
    atEnd: ({ steps, merchants }, see) => lookAtEnded(steps, merchants, see),
  },
)

const lookAtEnded = (
  steps: LivedRetention["steps"],
  merchants: LivedRetention["merchants"],
  see: { readonly require: (holds: boolean, seen: () => string) => void },
) => {
  for (const { erased, after } of steps)
    for (const name of erased ?? []) {
      const [kind, partition, id] = name.split(" ")
      const books = after[partition === merchants[0] ? 0 : 1]
      if (kind === "connection")
        see.require(
          books.connections.every((each) => each.id !== id || each.state === "disconnected"),
          () => `the connection ${id} is back`,
        )
      if (kind === "merchant")
        see.require(
          books.orders.length + books.piis.length + books.keys.length + books.connections.length ===
            0,
          () => `the merchant ${partition} is back`,
        )
    }
}

/** What goes, when, and what stays of it. */
export const erasureLaws = [gone, atOnce, untouchedOrder, sweepsOnce, purged, skewedSweep, again]
