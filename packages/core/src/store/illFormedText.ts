/**
 * Where a value of plain data holds text that is not well-formed Unicode: half of a surrogate pair, which no engine
 * that writes UTF-8 can keep. Names of fields count too.
 *
 * @returns paths such as `lines[3].note`; an empty one for the value itself
 */
export const illFormedPaths = (value: unknown, path = ""): ReadonlyArray<string> => {
  if (typeof value === "string") return value.isWellFormed() ? [] : [path]
  if (typeof value !== "object" || value === null) return []
  if (Array.isArray(value))
    return value.flatMap((each, place) => illFormedPaths(each, `${path}[${place}]`))
  return Object.entries(value).flatMap(([field, each]) => {
    const inner = `${path}${path === "" ? "" : "."}${field.toWellFormed()}`
    return field.isWellFormed() ? illFormedPaths(each, inner) : [inner]
  })
}
