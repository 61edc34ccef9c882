/** The parts of a buyer's data that can be searched by. */
export type IndexedField = "email" | "phone"

/**
 * The form in which equal values of a field are equal texts; empty for a value that holds nothing to search by.
 *
 * An e-mail address is folded by NFKC, trimmed and written in lower case. Of a phone number the digits are left, without
 * the `+` or `00` of an international one, as E.164 writes them. A number without its country's code stays so: which
 * country was meant cannot be told here.
 */
export const normalise = (field: IndexedField, value: string): string =>
  field === "email" ? normaliseEmail(value) : normalisePhone(value)

// Lower case may bring back what NFKC folds, so it is folded once more.
const normaliseEmail = (value: string): string =>
  value.normalize("NFKC").trim().toLowerCase().normalize("NFKC").trim()

const normalisePhone = (value: string): string =>
  value
    .normalize("NFKC")
    .replace(/[^0-9+]/gu, "")
    .replace(/^(\+|00)/u, "")
    .replaceAll("+", "")
