import { deadlineOf, LIMITS } from "./RetentionModel.ts"
import { isRestore, law, ordersOf, piisOf, type Step } from "./RetentionTrace.ts"

const deadlines = law(
  "I5",
  "A deadline only ever moves earlier, no buyer is held without one, none past 180 days, and none is sealed past it",
  ["moved earlier", "restricted", "held back", "lapsed"],
  {
    atStep: (step, see) => {
      const [before, orders] = [ordersOf(step.before), ordersOf(step.after)]
      const old = piisOf(step.before)
      for (const [id, pii] of piisOf(step.after)) {
        const order = orders.get(id)
        const stated = order?.pii
        see.require(
          stated?._tag === "Held",
          () => `${id} is sealed, and its order says ${stated?._tag}`,
        )
        see.require(
          pii.deadline <= pii.receivedAt + LIMITS.cap,
          () => `${id} is held until ${pii.deadline}, received at ${pii.receivedAt}`,
        )
        const was = before.get(id)?.pii
        if (isRestore(step) || stated?._tag !== "Held") continue
        if (!old.has(id))
          see.require(
            stated.deadline > step.at,
            () => `${id} was sealed at ${step.at}, past ${stated.deadline}`,
          )
        if (was?._tag !== "Held") continue
        see.met("moved earlier", stated.deadline < was.deadline)
        see.met("restricted", pii.restrictedAt !== undefined)
        see.met("held back", (order?.holds.length ?? 0) > 0)
        see.met("lapsed", order?.lapsedAt !== undefined)
        see.require(
          stated.deadline <= was.deadline &&
            pii.deadline <= (old.get(id)?.deadline ?? pii.deadline),
          () => `${id}: ${stated.deadline} after ${was.deadline} by ${step.call.operation}`,
        )
        const known = step.known.get(id)
        const right = known && deadlineOf(known, step.at)
        // What follows from this very step is known after it.
        see.require(
          right === undefined || stated.deadline <= Math.max(right, was.deadline),
          () => `${id}: ${stated.deadline}, not ${right}`,
        )
      }
    },
  },
)

const told = law(
  "I6",
  "Nothing of a buyer is in a log line, a span, an error or the audit log",
  ["held"],
  {
    atStep: ({ known }, see) => {
      see.met(
        "held",
        [...known.values()].some(({ receivedAt }) => receivedAt !== undefined),
      )
    },
    atEnd: ({ told: heard }, see) => {
      see.require(heard.length === 0, () => `told: ${heard.join()}`)
    },
  },
)

/** Whether a call could have brought a buyer in, by what it does. */
const isFetch = ({ call }: Step): boolean => call.operation === "fetchBuyer"

const severed = law(
  "I12",
  "Once a channel is disconnected or a merchant is closed, no buyer comes in through it",
  ["disconnected", "closed"],
  {
    atStep: (step, see) => {
      const { call, before, after } = step
      if (call.who === undefined || isRestore(step)) return
      const severedChannel = before[call.who].connections.some(
        ({ state }) => state === "disconnected",
      )
      const emptied = before[call.who].connections.length === 0
      if (isFetch(step) || call.operation === "importOrder") {
        see.met("disconnected", severedChannel)
        see.met("closed", emptied)
      }
      if (!severedChannel && !emptied) return
      const old = piisOf(before)
      const come = after[call.who].piis.filter(({ order }) => !old.has(order))
      see.require(come.length === 0, () => `${call.operation} brought ${come.length} buyers in`)
    },
  },
)

const outages = law(
  "I14",
  "While the key ring is out nothing is sealed, nothing is in the clear, and what fails changes nothing",
  ["a fetch fails", "a reveal fails"],
  {
    atStep: (step, see) => {
      if (!step.outage) return
      see.require(step.exposed.length === 0, () => `in the clear: ${step.exposed.join()}`)
      const failed = step.call.endings.some(
        (ending) => ending.end === "refused" && ending.tag.startsWith("KeyRing"),
      )
      // Who tampers writes, too.
      if (!failed || step.call.tampered !== undefined) return
      see.met("a fetch fails", isFetch(step))
      see.met("a reveal fails", step.call.operation.startsWith("reveal"))
      if (step.call.endings.some(({ end }) => end !== "refused")) return
      const kept = (name: string) => !name.startsWith("audit_log ")
      for (const who of [0, 1] as const) {
        const [old, now] = [step.before[who].versions, step.after[who].versions]
        see.require(
          [...now].every(([id, version]) => !kept(id) || old.get(id) === version),
          () => `${step.call.operation} failed for want of keys, and wrote`,
        )
      }
    },
  },
)

const final = law(
  "I15",
  "Anonymised is for ever: no import, late or repeated, and no fetch brings a buyer back",
  ["imported again", "fetched again"],
  {
    atStep: (step, see) => {
      if (isRestore(step)) return
      const [before, after, held] = [
        ordersOf(step.before),
        ordersOf(step.after),
        piisOf(step.after),
      ]
      for (const [id, order] of before) {
        if (order.pii._tag !== "Anonymised") continue
        const now = after.get(id)
        see.met("fetched again", isFetch(step) && step.call.order === id)
        see.met(
          "imported again",
          step.call.operation === "importOrder" &&
            (step.call.input as { readonly externalId?: string }).externalId === order.externalId,
        )
        see.require(
          now === undefined || now.pii._tag === "Anonymised",
          () => `${id} is ${now?.pii._tag} again after ${step.call.operation}`,
        )
        see.require(!held.has(id), () => `the buyer of ${id} is held again`)
        if (isFetch(step) && step.call.order === id)
          for (const ending of step.call.endings)
            see.require(ending.end !== "done", () => `the buyer of ${id} was fetched again`)
      }
    },
  },
)

/** What holding a buyer's data is bound to. */
export const holdingLaws = [deadlines, told, severed, outages, final]
