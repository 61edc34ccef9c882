/**
 * JSON with sorted keys. Absent and undefined fields are the same. Plain data only: of anything else, such as a
 * sealed value or a date, it could not tell two apart.
 */
export const canonical = (value: unknown): string => {
  if (typeof value === "bigint") return `"${value}n"`
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null"
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError("only plain data has a canonical form")
  const fields = value as { readonly [field: string]: unknown }
  const parts: Array<string> = []
  for (const key of Object.keys(fields).sort()) {
    if (fields[key] !== undefined) parts.push(`${JSON.stringify(key)}:${canonical(fields[key])}`)
  }
  return `{${parts.join(",")}}`
}
