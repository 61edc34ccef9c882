import { Effect, Layer, Redacted, References, Schema } from "effect"
import fc from "fast-check"
import { AuditLog } from "../../src/audit/index.ts"
import { Ids, type Timestamp } from "../../src/kernel/index.ts"
import { type MemoryKeyRing, memoryKeyRingWith, storeDriver } from "../../src/memory/index.ts"
import {
  BuyerData,
  type KeyRing,
  MerchantKeys,
  type OrderPii,
  OrderPiis,
  Vault,
} from "../../src/privacy/index.ts"
import {
  CurrentPartition,
  Driver,
  openPartition,
  type PartitionId,
  type RawRecord,
  Store,
} from "../../src/store/index.ts"
import { MERCHANT_A, MERCHANT_B } from "../world.ts"

export const ORDER = "01890a5d-ac96-774b-8cce-b302099a8101"
export const OTHER_ORDER = "01890a5d-ac96-774b-8cce-b302099a8102"
const CONNECTION = "01890a5d-ac96-774b-8cce-b302099a8301"
const KEPT = {
  receivedAt: 1_000 as Timestamp,
  deadline: 2_592_001_000 as Timestamp,
  connection: CONNECTION,
}

/** A buyer of whom every value is marked. */
export const WRITTEN = {
  name: "Canary Buyer",
  address: {
    company: "Canary & Sons",
    line1: "7 Canary Wharf",
    line2: "Canary Flat 9",
    line3: "Isle of Canaries",
    city: "Canaryton",
    region: "Canaryshire",
    postcode: "CA1 9RY",
    country: "GB",
  },
  email: "Canary.Buyer@Example.com",
  phone: "+44 7700 900123",
  other: {
    deliveryInstructions: "behind the canary cage",
    giftMessage: "Happy canary day",
    customisation: "engrave CANARY",
    orderNote: "no cats, canaries only",
    taxId: "GBCANARY1",
    ipAddress: "203.0.113.77",
    signedBy: "Canary at the door",
  },
}

export const buyer = Schema.decodeUnknownSync(BuyerData)
export const BUYER = buyer(WRITTEN)

/** A value with nothing redacted any more, to compare it by. */
export const exposed = (value: unknown): unknown =>
  Redacted.isRedacted(value)
    ? Redacted.value(value)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, exposed(each)]))
      : value

/** The vault, the embedded store and a memory ring, new for each test. `hosts` share the store and the ring. */
export const world = (ring: MemoryKeyRing = memoryKeyRingWith()) => {
  const driver = Layer.succeedContext(
    Effect.runSync(Effect.scoped(Layer.build(Layer.fresh(storeDriver)))),
  )
  const store = Store.layer([]).pipe(Layer.provideMerge(driver))
  const surroundings = Layer.mergeAll(store, Ids.layer, quietly(ring.layer))
  return { ring, layer: Vault.layer.pipe(Layer.provideMerge(surroundings)) }
}

/** Without the warning, which is a test of its own. */
const quietly = (layer: Layer.Layer<KeyRing>) =>
  layer.pipe(Layer.provide(Layer.succeed(References.MinimumLogLevel, "None")))

const inPartition = (id: PartitionId) => Effect.provideService(CurrentPartition, openPartition(id))
export const inA = inPartition(MERCHANT_A)
export const inB = inPartition(MERCHANT_B)

export const sealOrder = (order = ORDER, data: BuyerData = BUYER) =>
  Vault.use((vault) => vault.seal({ order, data, ...KEPT }))

export const FIELDS = ["name", "address", "email", "phone", "other"] as const

export const openOrder = (pii: OrderPii, fields: ReadonlyArray<(typeof FIELDS)[number]> = FIELDS) =>
  Effect.map(
    Vault.use((vault) => vault.open(pii, fields)),
    exposed,
  )

/** All that the store holds of both merchants, as a driver keeps it. */
export const dump: Effect.Effect<ReadonlyArray<RawRecord>, unknown, Driver> = Effect.gen(
  function* () {
    const driver = yield* Driver
    const records: Array<RawRecord> = []
    for (const partition of [MERCHANT_A, MERCHANT_B])
      for (const collection of [MerchantKeys, OrderPiis, AuditLog])
        records.push(...(yield* driver.scan(collection, partition, undefined, 1000)))
    return records
  },
)

/** The attempts at tampering that were recorded in the current partition. */
export const tamperings = Effect.map(
  Effect.flatMap(Store, (store) => store.find(AuditLog, "time", { limit: 1000 })),
  ({ items }) =>
    items.map(({ value: { action, object, outcome, reason } }) => [
      action,
      object.kind,
      object.id,
      outcome,
      reason,
    ]),
)

/** Any text, halves of surrogate pairs included. */
const text = (maxLength: number) =>
  fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength }),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength })
      .map((units) => String.fromCharCode(...units)),
  )
const maybe = (maxLength: number) => fc.option(text(maxLength), { nil: undefined })

/** Any buyer's data, as it is written. */
export const anyWritten = fc
  .record({
    name: text(60),
    address: fc.record({
      company: maybe(40),
      line1: text(60),
      line2: maybe(60),
      city: text(40),
      postcode: maybe(12),
      country: fc.constantFrom("GB", "DE", "JP"),
    }),
    email: maybe(60),
    phone: maybe(20),
    other: fc.option(fc.record({ giftMessage: maybe(300), taxId: maybe(20) }), { nil: undefined }),
  })
  // Drops what is undefined: absent, as it would come in.
  .map((value) => JSON.parse(JSON.stringify(value)) as typeof WRITTEN)
