import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { plusMillis, Timestamp } from "../kernel/index.ts"
import {
  Collection,
  CurrentPartition,
  type Driver,
  due,
  insert,
  openPartition,
  PartitionId,
  Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { RETENTION } from "./retention.ts"

/** One thing that is gone for good, by opaque ids: what a restored backup must forget again (I9). */
export const Erasure = Schema.Struct({
  partition: PartitionId,
  /** `buyer`: an order's personal data. `order`: a deleted order. `connection`: a channel's credentials and what came through it. `merchant`: everything. */
  kind: Schema.Literals(["buyer", "order", "connection", "merchant"]),
  id: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(128)),
  at: Timestamp,
})
export type Erasure = typeof Erasure.Type

const Entry = Schema.Struct({
  ...Erasure.fields,
  id: Schema.String,
  erased: Schema.String,
  expiresAt: Timestamp,
})

const Entries = Collection.make("erasure_ledger", {
  schema: Entry,
  key: (entry) => entry.id,
  indexes: { expiry: due("expiresAt") },
  expires: "expiresAt",
})

/** The ledger is one list, whoever the erasures belong to: it holds opaque ids and instants only. */
const LEDGER = openPartition(PartitionId.make("00000000-0000-7000-8000-000000000000"))

const PAGE = 500

/**
 * Every erasure, kept where a restore of the main store does not reach: in a database of its own. After a restore the
 * host's boot replays it before it serves anybody, so that what was forgotten stays forgotten (I9).
 *
 * Laws: an erasure that was appended is read from then on, for at least 12 months; appending it again changes nothing.
 */
export class ErasureLedger extends Context.Service<
  ErasureLedger,
  {
    /** Adds what was erased. What is there already is left as it is. */
    readonly append: (erasures: ReadonlyArray<Erasure>) => Effect.Effect<void, StoreUnavailable>
    /** Every erasure, in no particular order, in bounded memory. */
    readonly all: Stream.Stream<Erasure, StoreUnavailable>
  }
>()("@oto-fulfilment/core/ErasureLedger") {
  /** A ledger on a driver of its own: never on the one that it protects. */
  static readonly over: Layer.Layer<ErasureLedger, StoreUnavailable, Driver> = Layer.effect(
    ErasureLedger,
    Effect.map(Store, (store) => ledgerIn(store)),
  ).pipe(Layer.provide(Store.layer([Entries])))
}

const ledgerIn = (store: Store["Service"]): ErasureLedger["Service"] => {
  const inLedger = Effect.provideService(CurrentPartition, LEDGER)

  const appendPage = Effect.fnUntraced(function* (erasures: ReadonlyArray<Erasure>) {
    for (;;) {
      const entries = new Map(erasures.map((erasure) => [idOf(erasure), erasure]))
      const known = yield* store.getMany(Entries, [...entries.keys()])
      const missing = [...entries].filter(([id]) => !known.has(id))
      const written = yield* store
        .commit(missing.map(([id, erasure]) => insert(Entries, entryOf(id, erasure))))
        .pipe(
          Effect.as(true),
          // Somebody else appended one of them meanwhile: look again.
          Effect.catchTag("Duplicate", () => Effect.succeed(false)),
          Effect.catchTags({ Conflict: Effect.die, Insufficient: Effect.die }),
          Effect.catchTags({ TooLarge: Effect.die }),
        )
      if (written) return
    }
  })

  return {
    append: (erasures) =>
      Effect.forEach(pagesOf(erasures), appendPage, { discard: true }).pipe(inLedger),
    all: store.scan(Entries).pipe(
      Stream.map(({ value: { partition, kind, erased, at } }) => ({
        partition,
        kind,
        id: erased,
        at,
      })),
      Stream.provideService(CurrentPartition, LEDGER),
    ),
  }
}

const idOf = ({ partition, kind, id }: Erasure): string => `${partition}/${kind}/${id}`

const entryOf = (id: string, erasure: Erasure): typeof Entry.Type => ({
  ...erasure,
  id,
  erased: erasure.id,
  expiresAt: plusMillis(erasure.at, RETENTION.ledger),
})

const pagesOf = (erasures: ReadonlyArray<Erasure>): ReadonlyArray<ReadonlyArray<Erasure>> =>
  Array.from({ length: Math.ceil(erasures.length / PAGE) }, (_, page) =>
    erasures.slice(page * PAGE, (page + 1) * PAGE),
  )
