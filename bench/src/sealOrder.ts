import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from "node:crypto"
import {
  type Actor,
  BuyerData,
  enterPartition,
  Ids,
  type PartitionId,
  Store,
  type Timestamp,
  Vault,
} from "@oto-fulfilment/core"
import { memoryKeyRing, storeDriver } from "@oto-fulfilment/core/memory"
import { Effect, Layer, Logger, ManagedRuntime, Schema } from "effect"
import { type Row, row } from "./measure.ts"

const MERCHANT = "01890a5d-ac96-774b-8cce-b302099a8057" as PartitionId
const ORDER = "01890a5d-ac96-774b-8cce-b302099a8101"
/** 1.3 times the floor's time. */
const AIM = 0.77
const ORDERS = 5000
const ROUNDS = 11

const actor: Actor = {
  ref: { kind: "user", id: "bench" },
  home: MERCHANT,
  grants: [{ partition: MERCHANT, roles: ["owner"] }],
}

const WRITTEN = {
  name: "Placeholder Buyer 0001",
  address: {
    line1: "1 Placeholder Street",
    line2: "Flat 2",
    city: "Placeholderton",
    region: "Placeholdershire",
    postcode: "PL1 0ER",
    country: "GB",
  },
  email: "buyer-0001@placeholder.example",
  phone: "+44 7700 900001",
}
/** What is sealed of it, field by field. */
const TEXTS = Object.values(WRITTEN).map((value) => JSON.stringify(value))

/**
 * Sealing and opening one order's four fields through `Vault`. The floors are the same AES-256-GCM messages, keys and
 * hashes in bare `node:crypto`, by its fastest way (`KeyObject`, one call for all vectors), without format, JSON or base64.
 *
 * The rows of four fields under one key are a whole operation less what the rest of it (making and wrapping the order's
 * key, two indexes) costs bare: all that the vault adds is in them.
 */
export const benchSealOrder = async (): Promise<ReadonlyArray<Row>> => {
  const runtime = ManagedRuntime.make(surroundings)
  const vault = await runtime.runPromise(throughVault)
  const [seal, open, bareSeal, bareOpen, sealFields, openFields, rawKey] = await sideBySide([
    () => runtime.runPromise(vault.seal),
    () => runtime.runPromise(vault.open),
    () => repeat(bareSealOrder),
    () => repeat(bareOpenOrder),
    () => repeat(() => bareSealFields(orderKey)),
    () => repeat(() => bareOpenFields(orderKey)),
    () => repeat(() => bareSealFields(rawOrderKey)),
  ])
  await runtime.dispose()
  const rate = (micros: number) => 1_000_000 / micros
  const line = (name: string, micros: number, floor: number, aim?: number): Row => ({
    ...row(name, rate(micros), "orders/s", rate(floor)),
    ...(aim !== undefined && { aim }),
  })
  return [
    line("seal 4 fields under one key", seal - bareSeal + sealFields, sealFields, AIM),
    line("… against raw bytes for a key", seal - bareSeal + sealFields, rawKey),
    line("seal an order: key, wrap, 4 fields, 2 indexes", seal, bareSeal),
    line("open 4 fields under one key", open - bareOpen + openFields, openFields, AIM),
    line("open an order: unwrap, 4 fields", open, bareOpen),
    line("bare: an order's key, wrap and indexes too", bareSeal, sealFields),
  ]
}

const repeat = (work: () => void): void => {
  for (let i = 0; i < ORDERS; i++) work()
}

/**
 * Microseconds of this process's own time an order, on whatever threads: medians of rounds that take turns. What else
 * the machine is busy with does not count, collecting garbage does.
 */
const sideBySide = async <const Works extends ReadonlyArray<() => unknown>>(
  works: Works,
): Promise<{ [K in keyof Works]: number }> => {
  const taken = works.map((): Array<number> => [])
  for (let round = -1; round < ROUNDS; round++) {
    for (const [at, work] of works.entries()) {
      const start = process.cpuUsage()
      await work()
      const { user, system } = process.cpuUsage(start)
      if (round >= 0) taken[at]?.push((user + system) / ORDERS)
    }
  }
  return taken.map((each) => each.sort((a, b) => a - b)[ROUNDS >> 1]) as {
    [K in keyof Works]: number
  }
}

const surroundings = Vault.layer.pipe(
  Layer.provideMerge(
    Layer.mergeAll(
      Store.layer([]).pipe(Layer.provide(storeDriver)),
      Ids.layer,
      memoryKeyRing.pipe(Layer.provide(Logger.layer([]))),
    ),
  ),
)

const throughVault = Effect.gen(function* () {
  const vault = yield* Vault
  const data = Schema.decodeUnknownSync(BuyerData)(WRITTEN)
  const [receivedAt, deadline] = [0, 2_592_000_000] as [Timestamp, Timestamp]
  const seal = vault.seal({ order: ORDER, data, receivedAt, deadline, connection: ORDER })
  const inMerchant = enterPartition(actor, MERCHANT)
  const pii = yield* inMerchant(seal)
  const open = vault.open(pii, ["name", "address", "email", "phone"])
  const times = Array.from({ length: ORDERS }, (_, i) => i)
  return {
    seal: inMerchant(Effect.forEach(times, () => seal, { discard: true })),
    open: inMerchant(Effect.forEach(times, () => open, { discard: true })),
  }
})

const CIPHER = "aes-256-gcm"
/** Header, the lengths and "pii", merchant, order, field and version. */
const AAD = randomBytes(29 + 5 * 4 + 3 + 36 + 36 + 5 + 1)
const merchantKey = createSecretKey(randomBytes(32))

const sealBare = (key: KeyObject | Buffer, iv: Buffer, plain: string | Buffer) => {
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: 16 })
  cipher.setAAD(AAD)
  const body = typeof plain === "string" ? cipher.update(plain, "utf8") : cipher.update(plain)
  cipher.final()
  return { iv, body, tag: cipher.getAuthTag() }
}

const openBare = (key: KeyObject, { iv, body, tag }: ReturnType<typeof sealBare>) => {
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: 16 })
  decipher.setAAD(AAD)
  decipher.setAuthTag(tag)
  const plain = decipher.update(body)
  decipher.final()
  return plain
}

const rawOrderKey = randomBytes(32)
const orderKey = createSecretKey(rawOrderKey)

const bareSealFields = (key: KeyObject | Buffer) => {
  const ivs = randomBytes(12 * TEXTS.length)
  return TEXTS.map((text, at) => sealBare(key, ivs.subarray(at * 12, at * 12 + 12), text))
}
const sealedFields = bareSealFields(orderKey)
const bareOpenFields = (key: KeyObject) => sealedFields.map((each) => openBare(key, each))

const bareSealOrder = () => {
  for (const value of [WRITTEN.email, WRITTEN.phone])
    createHmac("sha256", merchantKey).update(value).digest("base64")
  const bytes = randomBytes(32)
  sealBare(merchantKey, randomBytes(12), bytes)
  bareSealFields(createSecretKey(bytes))
}
const wrapped = sealBare(merchantKey, randomBytes(12), rawOrderKey)
const bareOpenOrder = () => bareOpenFields(createSecretKey(openBare(merchantKey, wrapped)))
