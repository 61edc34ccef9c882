import { createHash } from "node:crypto"
import type { Canary } from "./Canary.ts"

/** In which view of a content a needle is looked for. */
export type View = "bytes" | "folded" | "digits"

/** One form of a canary that may stand somewhere: bytes as one character each, or folded text. */
export interface Needle {
  readonly canary: string
  /** What the form is called, or nothing for the value as it is. */
  readonly encoding: string | undefined
  readonly view: View
  readonly text: string
}

const HASHES = ["md5", "sha1", "sha256", "sha512"] as const

/** Text that one byte a character can hold, and that is not the same in UTF-8: labels and PDFs have it so. */
const IN_LATIN_1 = /^(?=.*[\x80-\xff])[\0-\xff]*$/su

/** Digits of a phone number without its country's code; fewer may stand anywhere. */
const PHONE_DIGITS = 10

/** Text in the form in which upper and lower case, and letters of compatibility, are the same. */
export const folded = (text: string): string =>
  text.normalize("NFKC").toLowerCase().normalize("NFKC").trim()

/** A text without what people put between the digits of a number. */
export const joinedDigits = (text: string): string => text.replace(/(?<=\d)[ ().\-/]+(?=\d)/gu, "")

/** Bytes as text of one character for each. */
export const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1")

/** Every form of a canary that can be told without unpacking anything: as it is, folded, in Latin-1 and UTF-16, hashed. */
export const needlesOf = ({ name, value }: Canary): ReadonlyArray<Needle> => {
  const needle = (encoding: string | undefined, view: View, text: string): Needle => ({
    canary: name,
    encoding,
    view,
    text,
  })
  if (typeof value !== "string") return [needle(undefined, "bytes", binary(value))]
  const utf16 = Buffer.from(value, "utf16le")
  const digits = value.replace(/\D/gu, "")
  const number = isPhoneNumber(value) ? [digits, `+${digits}`] : []
  const hashed = [...new Set([value, value.trim(), folded(value), ...number])]
  return [
    needle(undefined, "bytes", binary(Buffer.from(value))),
    needle("case-folded", "folded", folded(value)),
    ...(IN_LATIN_1.test(value) ? [needle("latin-1", "bytes", value)] : []),
    needle("utf-16", "bytes", binary(utf16)),
    needle("utf-16", "bytes", binary(Buffer.from(utf16).swap16())),
    ...(number.length === 0 ? [] : [needle("digits", "digits", digits.slice(-PHONE_DIGITS))]),
    ...HASHES.flatMap((hash) =>
      hashed.map((text) => needle(hash, "bytes", binary(createHash(hash).update(text).digest()))),
    ),
  ]
}

/** Whether most of a text is a number that one can dial. */
const isPhoneNumber = (value: string): boolean =>
  /\+?\d[\d ().\-/]{8,}$/u.test(value) && value.replace(/\D/gu, "").length >= PHONE_DIGITS
