import * as Schema from "effect/Schema"

/** An ISO 3166-1 alpha-2 country code, upper case. It may stay with an order as a tax attribute (T7). */
export const CountryCode = Schema.String.check(Schema.isPattern(/^[A-Z]{2}$/u)).pipe(
  Schema.brand("CountryCode"),
)
export type CountryCode = typeof CountryCode.Type

const personal = (label: string) =>
  Schema.RedactedFromValue(Schema.String.check(Schema.isNonEmpty(), Schema.isMaxLength(200)), {
    label,
    disallowEncode: true,
  })

/**
 * A postal address. Every part but the country is a buyer's personal data (T7): it prints as
 * `<redacted>` and refuses to be encoded, so that no record, log line or message can carry it.
 */
export const Address = Schema.Struct({
  name: personal("name"),
  company: Schema.optionalKey(personal("company")),
  line1: personal("line1"),
  line2: Schema.optionalKey(personal("line2")),
  line3: Schema.optionalKey(personal("line3")),
  city: personal("city"),
  region: Schema.optionalKey(personal("region")),
  postcode: Schema.optionalKey(personal("postcode")),
  country: CountryCode,
})
export type Address = typeof Address.Type
