import { Clock, Context, Effect, Layer, Redacted, Schema } from "effect"
import { AuditLog } from "../../../src/audit/index.ts"
import { Core, sweepRetention } from "../../../src/host/index.ts"
import {
  type BuyerData,
  ErasureLedger,
  MerchantKeyId,
  type NewOrderPii,
  OrderPii,
  Vault,
} from "../../../src/privacy/index.ts"
import {
  type AnyCollection,
  Driver,
  type PartitionId,
  type RawEntry,
  type RawRecord,
  Store,
} from "../../../src/store/index.ts"
import type { RetentionEngine } from "../../../src/testing/index.ts"

/** A composition that is wrong on purpose, and the law of retention that must say so. */
export interface RetentionMutant {
  readonly name: string
  readonly engine: Partial<RetentionEngine>
  /** By number: `I1`. */
  readonly breaks: string
}

/** The engine over a driver of which some members are changed for worse ones. */
const overDriver = (
  change: (driver: Driver["Service"]) => Partial<Driver["Service"]>,
): RetentionEngine["layer"] =>
  Core.layer.pipe(
    Layer.provide(
      Layer.effect(
        Driver,
        Effect.map(Driver, (driver) => Driver.of({ ...driver, ...change(driver) })),
      ),
    ),
  ) as RetentionEngine["layer"]

/** The engine over a driver that writes other entries than it is given. */
export const writing = (
  change: (entry: RawEntry, batch: ReadonlyArray<RawEntry>) => ReadonlyArray<RawEntry>,
): RetentionEngine["layer"] =>
  overDriver((driver) => ({
    commit: (partition, entries) =>
      driver.commit(
        partition,
        entries.flatMap((entry) => change(entry, entries)),
      ),
  }))

/** The engine over a driver that shows other records than are there. */
export const showing = (
  collection: AnyCollection,
  change: (body: RawRecord["body"]) => RawRecord["body"],
): RetentionEngine["layer"] =>
  overDriver((driver) => {
    const changed = (record: RawRecord): RawRecord => ({ ...record, body: change(record.body) })
    return {
      get: (asked, ...rest) =>
        Effect.map(driver.get(asked, ...rest), (record) =>
          record !== undefined && asked.name === collection.name ? changed(record) : record,
        ),
      getMany: (asked, ...rest) =>
        Effect.map(driver.getMany(asked, ...rest), (records) =>
          asked.name === collection.name ? records.map(changed) : records,
        ),
    }
  })

/** The engine over a ledger of which some members are changed for worse ones. */
export const overLedger = (
  change: (ledger: ErasureLedger["Service"]) => Partial<ErasureLedger["Service"]>,
): RetentionEngine["layer"] =>
  Core.layer.pipe(
    Layer.provide(
      Layer.effect(
        ErasureLedger,
        Effect.map(ErasureLedger, (ledger) => ErasureLedger.of({ ...ledger, ...change(ledger) })),
      ),
    ),
  ) as RetentionEngine["layer"]

/** A sweep over a store of which some members are changed for worse ones. */
export const sweepOver = (
  change: (store: Store["Service"]) => Partial<Store["Service"]>,
): RetentionEngine["sweep"] =>
  Effect.flatMap(Store, (store) =>
    Effect.provideService(sweepRetention(), Store, Store.of({ ...store, ...change(store) })),
  )

/** Work on a clock that goes wrong by so many milliseconds. */
export const offBy = <A, E, R>(work: Effect.Effect<A, E, R>, millis: number) =>
  Effect.flatMap(Clock.Clock, (clock) =>
    Effect.provideService(work, Clock.Clock, {
      currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + millis,
      currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + millis),
      currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe(),
      currentTimeNanos: clock.currentTimeNanos,
      monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
      monotonicTimeNanos: clock.monotonicTimeNanos,
      sleep: (duration) => clock.sleep(duration),
    }),
  )

/** The engine with a vault of which some members are changed for worse ones. */
export const overVault = (
  change: (vault: Vault["Service"]) => Partial<Vault["Service"]>,
): RetentionEngine["layer"] =>
  Layer.effectContext(
    Effect.map(Layer.build(Core.layer), (engine) => {
      const vault = Context.get(engine, Vault)
      return Context.add(engine, Vault, Vault.of({ ...vault, ...change(vault) }))
    }),
  )

/** What a vault that checks nothing shows. */
export const SOMEBODY: Pick<BuyerData, "name"> = { name: Redacted.make("Somebody else") }

/** An event that says the same again. */
export const secondOf = (entry: RawEntry): RawEntry => {
  if (entry.kind !== "insert") return entry
  const id = `${entry.id.slice(0, -1)}${entry.id.endsWith("f") ? "e" : "f"}`
  return { ...entry, id, body: { ...entry.body, id } }
}

/** A record in the form of a sealed one, in which nothing is sealed. */
export const sealedInClear = ({ data, ...pii }: NewOrderPii): Effect.Effect<OrderPii> =>
  Effect.sync(() =>
    Schema.decodeUnknownSync(OrderPii)({
      ...pii,
      version: 1,
      key: KEY,
      wrappedKey: inForm("k", 77),
      fields: { name: inForm(Redacted.value(data.name), 90), address: inForm("x", 90) },
    }),
  )

const KEY = MerchantKeyId.make("01890a5d-ac96-774b-8cce-b302099a8099")

const inForm = (text: string, bytes: number): string =>
  Buffer.concat([Buffer.from([1]), Buffer.from(text.padEnd(bytes - 1))]).toString("base64")

/** The engine over a driver that writes what one merchant did into the log of another, too. */
export const gossiping = (): RetentionEngine["layer"] => {
  const seen = new Set<PartitionId>()
  return overDriver((driver) => ({
    commit: (partition, entries) => {
      const other = [...seen].findLast((each) => each !== partition)
      seen.add(partition)
      const events = entries.filter(
        (entry) =>
          entry.kind === "insert" &&
          entry.collection.name === AuditLog.name &&
          entry.body["action"] === "importOrder",
      )
      const told = other === undefined ? Effect.void : driver.commit(other, events)
      return Effect.andThen(driver.commit(partition, entries), told)
    },
  }))
}
