import type { RawEntry } from "../../../src/store/index.ts"
import { broken, deeply, type Good, withBodies } from "./faulty.ts"

const strings = (change: (text: string) => unknown) =>
  deeply((value) => (typeof value === "string" ? change(value) : value))

const numbers = (change: (figure: number) => unknown) =>
  deeply((value) => (typeof value === "number" ? change(value) : value))

const lists = (change: (list: ReadonlyArray<unknown>) => unknown) =>
  deeply((value) => (Array.isArray(value) ? change(value) : value))

const objects = (
  change: (fields: ReadonlyArray<[string, unknown]>) => ReadonlyArray<[string, unknown]>,
) =>
  deeply((value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(change(Object.entries(value)))
      : value,
  )

/** Changes the ids by which records are kept. */
const withIds =
  (change: (id: string) => string) =>
  (good: Good): Partial<Good> => ({
    get: (collection, partition, id) => good.get(collection, partition, change(id)),
    commit: (partition, entries) =>
      good.commit(
        partition,
        entries.map((entry): RawEntry => ({ ...entry, id: change(entry.id) })),
      ),
  })

/** Drivers that cannot hold every value. */
export const encodings = [
  broken(
    "text of digits is kept as a number",
    withBodies(strings((text) => (/^-?\d{5,}$/u.test(text) ? String(Number(text)) : text))),
    "a record keeps amounts beyond safe integers",
    "a record keeps negative amounts",
  ),
  broken(
    "numbers have 32 bits",
    withBodies(numbers((figure) => figure | 0)),
    "a record keeps whole numbers at the ends of the safe range",
    "a record keeps negative numbers",
  ),
  broken(
    "true and false are kept as 1 and 0",
    withBodies(deeply((value) => (typeof value === "boolean" ? Number(value) : value))),
    "a record keeps true and false",
  ),
  broken(
    "text is kept in Latin-1",
    withBodies(strings((text) => text.replace(/[^\0-\u00ff]/gu, "?"))),
    "a record keeps text of any script",
  ),
  broken(
    "text is normalised",
    withBodies(strings((text) => text.normalize("NFC"))),
    "a record keeps text of any script",
  ),
  broken(
    "text ends at a null character",
    withBodies(strings((text) => text.split("\0")[0])),
    "a record keeps control characters and quotes",
  ),
  broken(
    "text is trimmed",
    withBodies(strings((text) => text.trim())),
    "a record keeps empty text and text of spaces",
  ),
  broken(
    "text that looks like a value is read as one",
    withBodies(
      (body) => body,
      strings((text) => (["null", "true", "{}"].includes(text) ? JSON.parse(text) : text)),
    ),
    "a record keeps text that looks like something else",
  ),
  broken(
    "empty lists are left out",
    withBodies(
      objects((fields) => fields.filter(([, value]) => !Array.isArray(value) || value.length > 0)),
    ),
    "a record keeps empty lists",
  ),
  broken(
    "lists are kept as sets",
    withBodies(lists((list) => [...new Set(list)])),
    "a record keeps lists in their order, with repeats",
  ),
  broken(
    "lists are kept sorted",
    withBodies(lists((list) => [...list].sort())),
    "a record keeps lists in their order, with repeats",
  ),
  broken(
    "of a list of records the first is kept",
    withBodies(lists((list) => (typeof list[0] === "object" ? list.slice(0, 1) : list))),
    "a record keeps nested records",
  ),
  broken(
    "absent fields come back as null",
    withBodies(
      (body) => body,
      (body) => ("tags" in body ? { maybe: null, ...body } : body),
    ),
    "a record keeps fields that are absent",
  ),
  broken(
    "fields that not every record has are left out",
    withBodies(({ maybe: _maybe, ...body }) => body),
    "a record keeps fields that are present",
  ),
  broken(
    "nulls are left out",
    withBodies(objects((fields) => fields.filter(([, value]) => value !== null))),
    "a record keeps nulls",
  ),
  broken(
    "dots in names are paths",
    withBodies(
      objects((fields) =>
        fields.map(([name, value]) => {
          const [first = "", ...rest] = name.split(".")
          return rest.length === 0 ? [name, value] : [first, { [rest.join(".")]: value }]
        }),
      ),
    ),
    "a record keeps names with dots and dollars",
  ),
  broken(
    "the engine's own fields lie among the record's",
    withBodies(
      (body) => body,
      (body, { version }, partition) => ({
        ...body,
        ...("p" in body ? { p: partition, v: version } : {}),
      }),
    ),
    "a record keeps fields with names that an engine may use itself",
  ),
  broken(
    "names that are numbers make a list",
    withBodies(objects((fields) => fields.filter(([name]) => !/^\d+$/u.test(name)))),
    "a record keeps names that are numbers",
  ),
  broken(
    "text ends behind 64 KiB",
    withBodies(strings((text) => text.slice(0, 65_536))),
    "a record of 1 MiB is written, one of a byte more is not",
  ),
  broken(
    "ids end behind 255 characters",
    withIds((id) => id.slice(0, 255)),
    "an id of 512 characters is written, one of 513 or of none is not",
  ),
  broken(
    "ids are kept in lower case",
    withIds((id) => id.toLowerCase()),
    "an id may hold any characters, and differs from every other one",
  ),
]
