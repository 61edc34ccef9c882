import * as Redacted from "effect/Redacted"
import { allows, mayReveal, type RevealPurpose, type Role } from "../../access/index.ts"
import type { Order } from "../../order/index.ts"
import type { Known } from "./Known.ts"
import { markOf, nameOf } from "./MarkedChannel.ts"
import { deadlineOf } from "./RetentionModel.ts"
import { isRestore, law, newEvents, ordersOf, type Step } from "./RetentionTrace.ts"
import { accountOf } from "./RetentionWorld.ts"

const PURPOSES: { readonly [operation: string]: RevealPurpose } = {
  revealForLabel: "label",
  revealForPackingSlip: "packing_slip",
  revealUnderBreakGlass: "label",
}

const isReveal = ({ call }: Step): boolean => call.operation in PURPOSES

const stagesOf = ({ state, lines }: Order) => {
  const has = (bucket: "picked" | "packed" | "shipped") =>
    lines.some(({ buckets }) => buckets[bucket] > 0)
  return [
    ...(state === "processing" ? (["released"] as const) : []),
    ...(has("picked") ? (["picked"] as const) : []),
    ...(has("packed") ? (["packed"] as const) : []),
    ...(has("shipped") ? (["dispatched"] as const) : []),
  ]
}

/** What a reveal must come to: shown, or the tag of the refusal. */
const rightly = (step: Step): string => {
  const { call, at, known, before } = step
  const purpose = PURPOSES[call.operation] ?? "label"
  const byPass = call.operation === "revealUnderBreakGlass"
  const roles: ReadonlyArray<Role> = [call.role ?? "owner"]
  const allowed = byPass || allows(call.operation as "revealForLabel", roles)
  if (!allowed) return "Forbidden"
  const order = ordersOf(before).get(call.order ?? "")
  const root = known.get(call.order ?? "")
  if (order === undefined || root === undefined) return "NotFound"
  if (root.gone || isOver(root, at)) return "PiiAnonymised"
  if (root.receivedAt === undefined) return "BuyerNotHeld"
  if (root.deletedAt !== undefined || root.restricted) return "RevealRefused"
  return byPass || mayReveal(purpose, roles, stagesOf(order)) ? "shown" : "RevealRefused"
}

const isOver = (known: Known, at: number): boolean => {
  const deadline = deadlineOf(known, at)
  return deadline !== undefined && deadline <= at
}

const tagOf = ({ end, ...rest }: Step["call"]["endings"][number]): string =>
  end === "refused" ? (rest as { readonly tag: string }).tag : end === "done" ? "shown" : end

const readRefusal = law(
  "I1",
  "From its deadline on a buyer is refused as PiiAnonymised, whatever was swept; until then who may see it does",
  [
    "a millisecond before the deadline",
    "at the deadline, before any sweep",
    "a millisecond after the deadline, before any sweep",
    "restricted",
    "anonymised",
    "its channel disconnected",
  ],
  {
    atStep: (step, see) => {
      if (!isReveal(step) || step.call.tampered !== undefined) return
      const right = rightly(step)
      const root = step.known.get(step.call.order ?? "")
      const deadline = root && deadlineOf(root, step.at)
      if (right !== "Forbidden" && root !== undefined && deadline !== undefined) {
        const off = step.at - deadline
        see.met("a millisecond before the deadline", off === -1 && !root.gone)
        see.met("at the deadline, before any sweep", off === 0 && !root.gone)
        see.met("a millisecond after the deadline, before any sweep", off === 1 && !root.gone)
        see.met("restricted", root.restricted)
        see.met("anonymised", root.gone)
        see.met("its channel disconnected", root.disconnectedAt !== undefined)
      }
      for (const ending of step.call.endings) {
        if (ending.end === "crashed") continue
        const seen = tagOf(ending)
        // The keys may be out just then; after the deadline nobody gets so far as to ask for them.
        const excused = step.outage && right === "shown" && seen === "KeyRingUnavailable"
        see.require(
          seen === right || excused,
          () => `${step.call.operation} of ${step.call.order} at ${step.at}: ${seen}, not ${right}`,
        )
      }
    },
  },
)

const tampering = law(
  "I8",
  "What was moved to another field, order or merchant does not open and is recorded; never is a wrong buyer shown",
  ["a field", "an order", "a merchant"],
  {
    atStep: (step, see) => {
      const { tampered, endings } = step.call
      if (tampered === undefined) return
      const shownOtherwise = rightly(step) === "shown"
      for (const ending of endings) {
        const seen = tagOf(ending)
        see.require(seen !== "shown", () => `moved from another ${tampered}, it was shown`)
        if (!shownOtherwise || step.outage || seen === "crashed") continue
        see.met(tampered === "order" ? "an order" : `a ${tampered}`)
        see.require(seen === "Tampered", () => `moved from another ${tampered}: ${seen}`)
        see.require(
          newEvents(step).some(
            ({ action, reason }) => action === "openSealed" && reason === "Tampered",
          ),
          () => `moved from another ${tampered}, and nothing was recorded`,
        )
      }
    },
  },
)

const rightBuyer = law(
  "I7",
  "What one merchant does touches nothing of another's, and each is shown its own orders' buyers only",
  ["shown", "written"],
  {
    atStep: (step, see) => {
      const { call, before, after } = step
      if (call.who === undefined || isRestore(step)) return
      const other = call.who === 0 ? 1 : 0
      const [old, now] = [before[other].versions, after[other].versions]
      see.met("written", before[call.who].versions.size !== after[call.who].versions.size)
      see.require(
        old.size === now.size && [...now].every(([id, version]) => old.get(id) === version),
        () => `${call.operation} of merchant ${call.who} changed records of the other`,
      )
    },
    atEnd: ({ steps, merchants }, see) => {
      for (const step of steps) {
        const root = step.known.get(step.call.order ?? "")
        if (!isReveal(step) || root === undefined) continue
        const right = nameOf(markOf(accountOf(merchants[root.who]), root.externalId))
        for (const ending of step.call.endings) {
          if (ending.end !== "done") continue
          see.met("shown")
          const { name } = ending.answer as { readonly name: Redacted.Redacted<string> }
          see.require(Redacted.value(name) === right, () => `another buyer than ${right} was shown`)
        }
      }
    },
  },
)

const EVENTS: ReadonlySet<string> = new Set(Object.keys(PURPOSES))

const recorded = law(
  "I10",
  "Every reveal and every refusal has its event, and every erasure and removal is committed with one",
  ["shown", "refused", "anonymised", "removed"],
  {
    atStep: (step, see) => {
      if (isRestore(step)) return
      const events = newEvents(step)
      const count = (outcome: "done" | "refused") =>
        events.filter((event) => EVENTS.has(event.action) && event.outcome === outcome).length
      if (isReveal(step)) {
        const { endings } = step.call
        const shown = endings.filter(({ end }) => end === "done").length
        const refused = endings.filter(({ end }) => end === "refused").length
        see.met("shown", shown > 0)
        see.met("refused", refused > 0)
        see.require(
          count("done") >= shown,
          () => `${shown} reveals of ${step.call.operation}, ${count("done")} events`,
        )
        see.require(
          count("refused") >= refused,
          () => `${refused} refusals of ${step.call.operation}, ${count("refused")} events`,
        )
      }
      lookAtRemovals(step, see)
    },
  },
)

const lookAtRemovals = (
  step: Step,
  see: Parameters<NonNullable<Parameters<typeof law>[3]["atStep"]>>[1],
) => {
  const events = newEvents(step)
  const told = (action: string, id: string) =>
    events.filter((event) => event.action === action && event.object.id === id).length
  const [before, after] = [ordersOf(step.before), ordersOf(step.after)]
  const terminated = step.call.operation === "terminateMerchant"
  for (const [id, order] of before) {
    const now = after.get(id)
    if (order.pii._tag === "Held" && now?.pii._tag === "Anonymised") {
      see.met("anonymised")
      const times = told("anonymiseBuyer", id)
      see.require(times === 1, () => `${id} was anonymised with ${times} events`)
    }
    if (now === undefined && order.splitFrom === undefined && !terminated) {
      see.met("removed")
      see.require(told("purgeOrder", id) === 1, () => `${id} was removed without its event`)
    }
  }
}

/** What is shown to whom, and what is recorded of it. */
export const revealLaws = [readRefusal, rightBuyer, tampering, recorded]
