import * as Schema from "effect/Schema"
import { personal } from "./personal.ts"

/** An ISO 3166-1 alpha-2 country code, upper case. It may stay with an order as a tax attribute (T7). */
export const CountryCode = Schema.String.check(Schema.isPattern(/^[A-Z]{2}$/u)).pipe(
  Schema.brand("CountryCode"),
)
export type CountryCode = typeof CountryCode.Type

const part = (label: string) =>
  Schema.RedactedFromValue(Schema.String.check(Schema.isNonEmpty(), Schema.isMaxLength(200)), {
    label,
    disallowEncode: true,
  }).annotate(personal({ category: "buyer", sealedIn: "address" }))

/**
 * A buyer's postal address, without the name. Every part but the country is personal data (T7): it prints as
 * `<redacted>` and refuses to be encoded, so that no record, log line or message can carry it.
 */
export const Address = Schema.Struct({
  company: Schema.optionalKey(part("company")),
  line1: part("line1"),
  line2: Schema.optionalKey(part("line2")),
  line3: Schema.optionalKey(part("line3")),
  city: part("city"),
  region: Schema.optionalKey(part("region")),
  postcode: Schema.optionalKey(part("postcode")),
  country: CountryCode,
})
export type Address = typeof Address.Type
