import { Effect, Redacted, Stream } from "effect"
import { AuditLog } from "../../../src/audit/index.ts"
import { Orders, revealForLabel } from "../../../src/order/index.ts"
import { Connections } from "../../../src/party/index.ts"
import { OrderPiis } from "../../../src/privacy/index.ts"
import type { RawEntry } from "../../../src/store/index.ts"
import {
  gossiping,
  offBy,
  overLedger,
  overVault,
  type RetentionMutant,
  SOMEBODY,
  sealedInClear,
  secondOf,
  showing,
  sweepOver,
  writing,
} from "./faultyParts.ts"

const DAY = 86_400_000

const isOf = (entry: RawEntry, name: string, kind: RawEntry["kind"]): boolean =>
  entry.kind === kind && entry.collection.name === name

type Body = { readonly [field: string]: unknown }
const bodyOf = (entry: RawEntry): Body => ("body" in entry ? entry.body : {})
const piiOf = (body: Body) => body["pii"] as { readonly _tag: string; readonly deadline?: number }

/** Whether an entry records something of this kind. */
const records = (entry: RawEntry, action: string) =>
  isOf(entry, AuditLog.name, "insert") && bodyOf(entry)["action"] === action

/** The deadline of every order and sealed record is written so much later. */
const laterBy = (millis: number) =>
  writing((entry) => {
    const body = bodyOf(entry)
    if (entry.kind !== "insert" && entry.kind !== "replace") return [entry]
    if (entry.collection.name === OrderPiis.name)
      return [{ ...entry, body: { ...body, deadline: Number(body["deadline"]) + millis } }]
    if (entry.collection.name !== Orders.name || piiOf(body)?._tag !== "Held") return [entry]
    const pii = piiOf(body)
    return [
      { ...entry, body: { ...body, pii: { ...pii, deadline: Number(pii.deadline) + millis } } },
    ]
  })

/** Every composition that is wrong on purpose, with the law that must say so. */
export const retentionMutants: ReadonlyArray<RetentionMutant> = [
  {
    name: "the sweep is off",
    engine: { sweep: Effect.succeed({}) },
    breaks: "I2",
  },
  {
    name: "the sweep sees no order that is due, and no sealed record",
    engine: {
      sweep: sweepOver((store) => ({
        due: (collection, index, until) =>
          (collection as unknown) === Orders && String(index) === "retention"
            ? Stream.empty
            : (collection as unknown) === OrderPiis
              ? Stream.empty
              : store.due(collection, index, until),
      })),
    },
    breaks: "I2",
  },
  {
    name: "the sweep comes a day late",
    engine: {
      sweep: sweepOver((store) => ({
        due: (of, index, until) => store.due(of, index, until - DAY),
      })),
    },
    breaks: "I2",
  },
  {
    name: "a reveal does not look at the time",
    engine: { operations: { revealForLabel: (input) => offBy(revealForLabel(input), -DAY) } },
    breaks: "I1",
  },
  {
    name: "a reveal takes the channel for connected",
    engine: { layer: showing(Connections, ({ disconnectedAt: _, ...body }) => body) },
    breaks: "I1",
  },
  {
    name: "a restriction is not seen",
    engine: { layer: showing(OrderPiis, ({ restrictedAt: _, ...body }) => body) },
    breaks: "I1",
  },
  {
    name: "a hold moves the deadline",
    engine: {
      layer: writing((entry) => {
        const body = bodyOf(entry)
        const held = isOf(entry, Orders.name, "replace") && piiOf(body)?._tag === "Held"
        if (!held || (body["holds"] as ReadonlyArray<unknown>).length === 0) return [entry]
        const pii = piiOf(body)
        const later = { ...pii, deadline: Number(pii.deadline) + DAY }
        return [{ ...entry, body: { ...body, pii: later } } as RawEntry]
      }),
    },
    breaks: "I5",
  },
  {
    name: "a restriction moves the deadline",
    engine: {
      layer: writing((entry) => {
        const body = bodyOf(entry)
        return isOf(entry, OrderPiis.name, "replace") && body["restrictedAt"] !== undefined
          ? [{ ...entry, body: { ...body, deadline: Number(body["deadline"]) + DAY } } as RawEntry]
          : [entry]
      }),
    },
    breaks: "I5",
  },
  {
    name: "the cap is ignored",
    engine: { layer: laterBy(400 * DAY) },
    breaks: "I5",
  },
  {
    name: "a lapse is ignored",
    engine: {
      layer: showing(Orders, ({ lapsedAt: _, ...body }) =>
        piiOf(body)._tag === "Held" ? { ...body, progressAt: Date.UTC(2090, 0, 1) } : body,
      ),
    },
    breaks: "I1",
  },
  {
    name: "the sealed record of an order that was cancelled stays",
    engine: {
      layer: writing((entry, batch) =>
        isOf(entry, OrderPiis.name, "remove") &&
        batch.some((each) => records(each, "cancelOrder") || records(each, "deleteOrder"))
          ? []
          : [entry],
      ),
    },
    breaks: "R45",
  },
  {
    name: "the ledger forgets",
    engine: {
      layer: overLedger((ledger) => ({ append: (erasures) => ledger.append(erasures.slice(1)) })),
    },
    breaks: "I9",
  },
  {
    name: "a boot replays nothing",
    engine: { layer: overLedger(() => ({ all: Stream.empty })) },
    breaks: "I9",
  },
  {
    name: "deleted orders go a day early",
    engine: {
      layer: writing((entry) => {
        const body = bodyOf(entry)
        const purgeDue = body["purgeDue"]
        return isOf(entry, Orders.name, "replace") && purgeDue !== undefined
          ? [{ ...entry, body: { ...body, purgeDue: Number(purgeDue) - DAY } } as RawEntry]
          : [entry]
      }),
    },
    breaks: "I3",
  },
  {
    name: "deleted orders stay",
    engine: {
      sweep: sweepOver((store) => ({
        due: (collection, index, until) =>
          String(index) === "purge" ? Stream.empty : store.due(collection, index, until),
      })),
    },
    breaks: "R41",
  },
  {
    name: "an anonymised order changes",
    engine: {
      layer: writing((entry) => {
        const body = bodyOf(entry)
        const anonymised = isOf(entry, Orders.name, "replace") && piiOf(body)?._tag === "Anonymised"
        return anonymised ? [{ ...entry, body: { ...body, country: "FR" } } as RawEntry] : [entry]
      }),
    },
    breaks: "I3",
  },
  {
    name: "an erasure has no event",
    engine: { layer: writing((entry) => (records(entry, "anonymiseBuyer") ? [] : [entry])) },
    breaks: "I10",
  },
  {
    name: "an erasure has two events",
    engine: {
      layer: writing((entry) =>
        records(entry, "anonymiseBuyer") ? [entry, secondOf(entry)] : [entry],
      ),
    },
    breaks: "I4",
  },
  {
    name: "a reveal has no event",
    engine: {
      layer: writing((entry) =>
        records(entry, "revealForLabel") && bodyOf(entry)["outcome"] === "done" ? [] : [entry],
      ),
    },
    breaks: "I10",
  },
  {
    name: "a refused reveal has no event",
    engine: {
      layer: writing((entry) =>
        records(entry, "revealForLabel") && bodyOf(entry)["outcome"] === "refused" ? [] : [entry],
      ),
    },
    breaks: "I10",
  },
  {
    name: "a skewed clock sweeps",
    engine: {
      sweep: sweepOver(() => ({ clock: Effect.clockWith((clock) => clock.currentTimeMillis) })),
    },
    breaks: "T6",
  },
  {
    name: "an import brings back that nothing was fetched",
    engine: {
      layer: writing((entry, batch) => {
        const body = bodyOf(entry)
        const revived =
          isOf(entry, Orders.name, "replace") &&
          piiOf(body)?._tag === "Anonymised" &&
          batch.some((each) => records(each, "importOrder"))
        return revived
          ? [{ ...entry, body: { ...body, pii: { _tag: "NotFetched" } } } as RawEntry]
          : [entry]
      }),
    },
    breaks: "I15",
  },
  {
    name: "what does not open is shown all the same",
    engine: { layer: overVault(() => ({ open: () => Effect.succeed(SOMEBODY) as never })) },
    breaks: "I8",
  },
  {
    name: "without keys it is sealed in the clear",
    engine: {
      layer: overVault((vault) => ({
        seal: (pii) =>
          vault.seal(pii).pipe(Effect.catchTag("KeyRingUnavailable", () => sealedInClear(pii))),
      })),
    },
    breaks: "I14",
  },
  {
    name: "who is shown a buyer is told of in the log",
    engine: {
      operations: {
        revealForLabel: (input) =>
          Effect.tap(revealForLabel(input), ({ name }) => Effect.logInfo(Redacted.value(name))),
      },
    },
    breaks: "I6",
  },
  {
    name: "an event of one merchant is written to another's log, too",
    engine: { layer: gossiping() },
    breaks: "I7",
  },
  {
    name: "a channel that was disconnected is taken for connected",
    engine: { layer: showing(Connections, (body) => ({ ...body, state: "connected" })) },
    breaks: "I12",
  },
]
