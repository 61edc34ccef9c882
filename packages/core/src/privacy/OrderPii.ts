import * as Schema from "effect/Schema"
import { type PiiField, personal, Timestamp, Uuid } from "../kernel/index.ts"
import { Collection, due, index } from "../store/index.ts"
import { MerchantKeyId } from "./MerchantKey.ts"
import { SEALED_VERSION } from "./sealedFormat.ts"

/**
 * What `Vault` sealed, in base64 (R19, R24): at least 45 bytes, the first of which is 0x01. Canonical: one text for the same
 * bytes. No name, address or number has this form, so that none can stand where something sealed should.
 */
export const Sealed = Schema.String.check(
  Schema.isPattern(
    /^A[Q-Za-f][A-Za-z0-9+/]{2}(?:[A-Za-z0-9+/]{4}){14,}(?:[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)?$/u,
  ),
).pipe(Schema.brand("Sealed"))
export type Sealed = typeof Sealed.Type

/** A wrapped order key: 77 bytes, so 103 characters and one that fills up. */
const WRAPPED = /^[^=]{103}=$/u

/**
 * A keyed hash of an e-mail address or a phone number: equal values of one merchant have equal ones, values of two
 * merchants never (R15). It is personal data, kept and deleted with what it was made from.
 */
export const BlindIndex = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/u),
).pipe(Schema.brand("BlindIndex"))
export type BlindIndex = typeof BlindIndex.Type

const sealedPart = (sealedIn: PiiField) =>
  Schema.optionalKey(Sealed.annotate(personal({ category: "buyer", sealedIn })))

const indexOf = (sealedIn: PiiField) =>
  Schema.optionalKey(BlindIndex.annotate(personal({ category: "buyer", sealedIn })))

/**
 * The buyer's data of one order, sealed: its own record, apart from the order, and gone by its deadline (R39). With
 * its last `wrappedKey` goes whatever was sealed for the order, copies and documents too.
 */
export const OrderPii = Schema.Struct({
  order: Uuid,
  /** How the parts were sealed. */
  version: Schema.Literal(SEALED_VERSION),
  /** The merchant key that wraps the order's key. */
  key: MerchantKeyId,
  wrappedKey: Sealed.check(Schema.isPattern(WRAPPED)),
  fields: Schema.Struct({
    name: sealedPart("name"),
    address: sealedPart("address"),
    phone: sealedPart("phone"),
    email: sealedPart("email"),
    other: sealedPart("other"),
  }),
  emailIndex: indexOf("email"),
  phoneIndex: indexOf("phone"),
  receivedAt: Timestamp,
  /** From this instant on it is not read (R39). It only moves earlier (T5). */
  deadline: Timestamp,
  /** The channel's connection that it came through (R79). */
  connection: Uuid,
  /** Since when it is kept but not used, at its subject's wish (R50). */
  restrictedAt: Schema.optionalKey(Timestamp),
})
export type OrderPii = typeof OrderPii.Type

/** The sealed buyer data of a partition's orders. */
export const OrderPiis = Collection.make("order_pii", {
  schema: OrderPii,
  key: (pii) => pii.order,
  indexes: {
    deadline: due("deadline"),
    email: index("emailIndex"),
    phone: index("phoneIndex"),
    connection: index("connection"),
    key: index("key"),
  },
  // The last wall: what no sweep took away, the store does (R39).
  expires: "deadline",
})
