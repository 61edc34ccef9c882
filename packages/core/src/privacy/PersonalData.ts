import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Address, type PiiField, personal } from "../kernel/index.ts"

const part = (label: string, maxLength: number, sealedIn: PiiField) =>
  Schema.RedactedFromValue(
    Schema.String.check(Schema.isNonEmpty(), Schema.isMaxLength(maxLength)),
    { label, disallowEncode: true },
  ).annotate(personal({ category: "buyer", sealedIn }))

const other = (label: string, maxLength: number) =>
  Schema.optionalKey(part(label, maxLength, "other"))

/** What else of an order identifies its buyer (T7): a closed list, so that nothing comes in by accident (R5). */
export const OtherData = Schema.Struct({
  deliveryInstructions: other("deliveryInstructions", 2000),
  giftMessage: other("giftMessage", 2000),
  customisation: other("customisation", 10_000),
  orderNote: other("orderNote", 2000),
  taxId: other("taxId", 64),
  ipAddress: other("ipAddress", 45),
  signedBy: other("signedBy", 200),
})
export type OtherData = typeof OtherData.Type

/**
 * The personal data of an order's buyer (T7). Every part prints as `<redacted>` and refuses to be encoded: it can be
 * sealed (`Vault`), and shown by purpose, and nothing else. Lengths are in UTF-16 units.
 */
export const BuyerData = Schema.Struct({
  name: part("name", 200, "name"),
  address: Address,
  /** At most 254 characters: the longest that SMTP can deliver to (RFC 5321). */
  email: Schema.optionalKey(part("email", 254, "email")),
  phone: Schema.optionalKey(part("phone", 64, "phone")),
  other: Schema.optionalKey(OtherData),
})
export type BuyerData = typeof BuyerData.Type

/** One part of a buyer's data. */
export type BuyerField = NonNullable<BuyerData[PiiField]>

/** A part in the clear, as JSON: what is sealed. JSON holds any text, halves of surrogate pairs included. */
export const exposeField = (field: BuyerField): string => {
  if (Redacted.isRedacted(field)) return JSON.stringify(Redacted.value(field))
  const plain: { [name: string]: unknown } = {}
  for (const [name, value] of Object.entries(field))
    plain[name] = Redacted.isRedacted(value) ? Redacted.value(value) : value
  return JSON.stringify(plain)
}

/** What `exposeField` was given. The text was authenticated: it is what a schema had let in. */
export const redactField = (field: PiiField, text: string): BuyerField => {
  const plain: unknown = JSON.parse(text)
  if (typeof plain === "string") return Redacted.make(plain, { label: field })
  const parts = plain as { [name: string]: unknown }
  for (const name in parts)
    if (name !== "country") parts[name] = Redacted.make(String(parts[name]), { label: name })
  return parts as BuyerField
}
