import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { AuditLog } from "../../audit/index.ts"
import { ErasureRecorded, Outbox } from "../../integration/index.ts"
import { type Erasure, ErasureLedger, rewrapOrderKeys, Vault } from "../../privacy/index.ts"
import { Store } from "../../store/index.ts"
import { inside } from "../stock/StockWorld.ts"
import type { Knowledge } from "./Known.ts"
import { putBack, type RawCopy } from "./RawCopy.ts"
import type { RetentionDesk } from "./RetentionDesk.ts"
import { learn } from "./RetentionModel.ts"
import type { Ending } from "./RetentionTrace.ts"
import type { Doing } from "./sendCommand.ts"

/** What a history remembers beside the books. */
export interface Memory {
  /** What was told to be gone for good, by kind and id. */
  erased: ReadonlyArray<string>
  /** When the channel of a merchant was disconnected for the first time. */
  readonly ended: Map<string, number>
  backup: { readonly copy: RawCopy; readonly known: Knowledge } | undefined
}

/** What the store says is gone for good: in messages that wait to be told, and in the log. */
const goneForGood = (desk: RetentionDesk): Effect.Effect<ReadonlyArray<Erasure>, unknown> =>
  Effect.gen(function* () {
    const store = yield* Store
    const gone: Array<Erasure> = []
    for (const merchant of desk.merchants) {
      const messages = yield* inside(merchant)(Stream.runCollect(store.scan(Outbox)))
      for (const { value } of messages)
        if (value.topic === ErasureRecorded.name)
          gone.push(...(value.body as { readonly erasures: ReadonlyArray<Erasure> }).erasures)
      const events = yield* inside(merchant)(Stream.runCollect(store.scan(AuditLog)))
      for (const { value } of events)
        if (value.action === "terminateMerchant" && value.outcome === "done")
          gone.push({ partition: merchant, kind: "merchant", id: merchant, at: value.at })
    }
    return gone
  }).pipe(desk.quietly)

/** What waits to be told of erasures is told: what a host's worker does, sooner or later. */
export const deliver = (desk: RetentionDesk) =>
  Effect.gen(function* () {
    const gone = yield* goneForGood(desk)
    // A termination is told by itself, before it begins.
    const told = gone.filter(({ kind }) => kind !== "merchant")
    yield* desk.quietly(Effect.flatMap(ErasureLedger, (ledger) => ledger.append(told)))
    return { endings: [{ end: "done", answer: {} }] as ReadonlyArray<Ending> }
  })

export const rotate = (desk: RetentionDesk): Doing => ({
  call: { operation: "rotateKeys", who: undefined, input: {} },
  work: Effect.map(
    Effect.forEach(desk.merchants, (merchant) =>
      desk.run(
        inside(merchant)(
          Effect.andThen(
            Effect.flatMap(Vault, (vault) => vault.rotateMerchantKey("personal_data")),
            rewrapOrderKeys,
          ),
        ),
      ),
    ),
    (endings) => ({ endings }),
  ),
})

export const backUp = (
  desk: RetentionDesk,
  memory: Memory,
  sight: () => { readonly known: Knowledge },
): Doing | undefined => ({
  call: { operation: "deliver", who: undefined, input: "backup" },
  work: Effect.map(desk.copy, (copy) => {
    memory.backup = { copy, known: sight().known }
    return { endings: [] }
  }),
})

export const restore = (desk: RetentionDesk, memory: Memory): Doing | undefined => {
  const { backup } = memory
  if (backup === undefined) return undefined
  desk.troubles.outage = false
  return {
    call: { operation: "boot", who: undefined, input: "a backup is restored" },
    erased: () => memory.erased,
    restored: (after, at) => {
      const erased = new Set(memory.erased)
      return new Map(
        [...learn(backup.known, after, at)].map(([id, each]) => {
          const merchant = desk.merchants[each.who]
          // What the ledger has is since when it was, not since it came back.
          const ended = each.disconnectedAt === undefined ? undefined : memory.ended.get(merchant)
          return [
            id,
            {
              ...each,
              gone: each.gone || erased.has(`buyer ${merchant} ${id}`),
              ...(ended !== undefined && { disconnectedAt: ended }),
            },
          ]
        }),
      )
    },
    work: Effect.gen(function* () {
      yield* deliver(desk)
      const told = yield* goneForGood(desk)
      for (const { kind, partition, at } of told)
        if (kind === "connection" && !memory.ended.has(partition)) memory.ended.set(partition, at)
      const gone = told.map(({ kind, partition, id }) => `${kind} ${partition} ${id}`)
      memory.erased = [...new Set([...memory.erased, ...gone])]
      yield* desk.quietly(putBack(yield* desk.copy, backup.copy))
      return { endings: [yield* desk.boot] }
    }),
  }
}
