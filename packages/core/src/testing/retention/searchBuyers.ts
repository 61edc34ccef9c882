import * as Effect from "effect/Effect"
import type { BuyerData, KeyFailure, Vault } from "../../privacy/index.ts"
import type { CurrentPartition } from "../../store/index.ts"
import { blindIndexesOf, type Canary, canary } from "../canary/Canary.ts"
import { findCanaries } from "../canary/findCanaries.ts"
import { plainText } from "./plainText.ts"
import type { RawCopy } from "./RawCopy.ts"
import type { Books } from "./RetentionTrace.ts"

/** Which marks stand in the clear in the books of both merchants: as they are, or in what should be sealed. */
export const exposedIn = (books: Books, marks: ReadonlyArray<string>): ReadonlyArray<string> => {
  const text = books.map((each) => plainText([each.orders, each.events])).join()
  const sealed = books
    .flatMap(({ piis }) => piis)
    .flatMap((pii) => [plainText(pii), ...Object.values(pii.fields).map(unpacked)])
  return marks.filter((mark) => [text, ...sealed].some((each) => each.includes(mark)))
}

const unpacked = (base64: string): string => Buffer.from(base64, "base64").toString("latin1")

/** What a thorough search of a store's records finds of buyers who are gone, hashes with the store's own keys included. */
export const searchedThoroughly = (
  copy: RawCopy,
  canaries: ReadonlyArray<Canary>,
): ReadonlyArray<string> =>
  findCanaries(
    canaries,
    copy.map(({ collection, record: { id, body } }) => ({
      place: collection.name,
      content: plainText([id, body]),
    })),
  ).map(({ place, canary: name, encoding }) => `${name} as ${encoding} in ${place}`)

/** Which marks a store's records show as they are, or in base64 or hex. */
export const searchedPlainly = (
  copy: RawCopy,
  marks: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const text = copy.map(({ record: { id, body } }) => plainText([id, body])).join("\n")
  return marks.flatMap((mark) =>
    formsOf(mark).some((form) => text.includes(form)) ? [`${mark} in the store`] : [],
  )
}

/** A text, its hex, and what of its base64 does not depend on what stands around it, at each alignment. */
const formsOf = (mark: string): ReadonlyArray<string> => [
  mark,
  Buffer.from(mark).toString("hex"),
  ...[0, 1, 2].map((shift) => {
    const whole = Buffer.from("x".repeat(shift) + mark).toString("base64")
    return whole.slice(shift === 0 ? 0 : 4, -4)
  }),
]

/** What a buyer is searched for by. */
export const canariesOfMark = (
  mark: string,
  data: BuyerData,
  hasKeys: boolean,
): Effect.Effect<ReadonlyArray<Canary>, KeyFailure, Vault | CurrentPartition> =>
  Effect.map(hasKeys ? blindIndexesOf(data) : Effect.succeed([]), (hashes) => [
    canary(mark, mark),
    ...hashes,
  ])
