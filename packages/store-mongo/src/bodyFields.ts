type Fields = { readonly [field: string]: unknown }

/**
 * A record's body as MongoDB takes it. Records are JSON, and JSON knows names that MongoDB or its driver read as
 * something else (`$set`, `a.b`, `_bsontype`): those are written with the character as `%` and two hexadecimal digits.
 *
 * @param omitted fields that are null and must not exist, since an index holds what exists
 */
export const writeBody = (body: Fields, omitted: ReadonlyArray<string> = []): Fields => {
  const written: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(body)) {
    if (value !== undefined && !omitted.includes(field))
      put(written, fieldName(field), write(value))
  }
  return written
}

/** The body that `writeBody` wrote. */
export const readBody = (written: Fields, omitted: ReadonlyArray<string>): Fields => {
  const body = readFields(written)
  for (const field of omitted) put(body, field, null)
  return body
}

/** How a field is called in MongoDB. */
export const fieldName = (field: string): string =>
  SPECIAL.test(field)
    ? field.replace(EVERY_SPECIAL, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`)
    : field

// biome-ignore lint/suspicious/noControlCharactersInRegex: BSON ends a name at NUL
const SPECIAL = /[%$.\u0000]|^_bsontype$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: BSON ends a name at NUL
const EVERY_SPECIAL = /[%$.\u0000]|^_(?=bsontype$)/g

const originalName = (name: string): string =>
  name.includes("%")
    ? name.replace(/%([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : name

const write = (value: unknown): unknown => {
  if (value === null || typeof value === "boolean" || isStorable(value)) return value
  if (Array.isArray(value)) return value.map((each) => (each === undefined ? null : write(each)))
  if (typeof value === "object" && isPlain(value)) return writeBody(value as Fields)
  throw new TypeError("a record holds something that is not JSON or not well-formed Unicode")
}

const isStorable = (value: unknown): boolean =>
  typeof value === "string" ? value.isWellFormed() : Number.isFinite(value)

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const read = (value: unknown): unknown => {
  if (value === null || typeof value !== "object") return value
  if (Array.isArray(value)) return value.map(read)
  // A counter beyond 32 bits comes as a 64-bit integer of the driver's.
  return isPlain(value) ? readFields(value as Fields) : Number(value)
}

const readFields = (written: Fields): Record<string, unknown> => {
  const fields: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(written)) put(fields, originalName(name), read(value))
  return fields
}

/** Sets a field of its own, `__proto__` too. */
const put = (fields: Record<string, unknown>, name: string, value: unknown): void => {
  if (name === "__proto__")
    Object.defineProperty(fields, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  else fields[name] = value
}
