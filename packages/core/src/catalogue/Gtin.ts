import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

/**
 * The check digit of a GTIN: weights 3 and 1 in turn from the right, filled up to the next ten (GS1 General
 * Specifications 7.9). It finds every wrong digit, and every swap of two neighbours that do not differ by 5.
 *
 * @param digits all digits but the last; leading zeros change nothing
 */
export const checkDigitOf = (digits: string): number => {
  let sum = 0
  for (let place = 0; place < digits.length; place++)
    sum += Number(digits[digits.length - 1 - place]) * (place % 2 === 0 ? 3 : 1)
  return (10 - (sum % 10)) % 10
}

/** Whether the text is 8, 12, 13 or 14 digits, not all of them 0, of which the last is the check digit. */
export const isGtin = (text: string): boolean =>
  /^(\d{8}|\d{12,14})$/u.test(text) &&
  /[1-9]/u.test(text) &&
  checkDigitOf(text.slice(0, -1)) === Number(text.at(-1))

const wellFormed = Schema.makeFilter(
  (text: string) =>
    isGtin(text) || "a GTIN of 8, 12, 13 or 14 digits, the last of which is its check digit",
)

/** A Global Trade Item Number in its one stored form: 14 digits. A shorter one has zeros in front (GS1). */
export const Gtin = Schema.String.check(Schema.isPattern(/^\d{14}$/u), wellFormed).pipe(
  Schema.brand("Gtin"),
)
export type Gtin = typeof Gtin.Type

/** A scanned or typed GTIN-8, -12, -13 or -14. EAN-13 and UPC-A of one number are the same barcode. */
export const Barcode = Schema.String.check(wellFormed).pipe(
  Schema.decodeTo(
    Gtin,
    SchemaTransformation.transform({
      decode: (digits: string): string => digits.padStart(14, "0"),
      encode: (gtin: string): string => gtin,
    }),
  ),
)

/** The barcodes of one thing: at most 20. */
export const Barcodes = Schema.Array(Barcode).check(Schema.isMaxLength(20))
