/**
 * The rows of a CSV text, each a list of its fields (RFC 4180): fields may be quoted, a quoted one may hold commas,
 * line breaks and doubled quotes. Lines end with LF or CRLF; an empty last line is no row.
 */
export const parseCsv = (text: string): ReadonlyArray<ReadonlyArray<string>> => {
  const rows: Array<ReadonlyArray<string>> = []
  let row: Array<string> = []
  // One field and what ends it. The empty match at the very end of a text that ends with a line break is no field.
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy
  while (pattern.lastIndex < text.length || row.length > 0) {
    const at = pattern.lastIndex
    const [, quoted, plain = "", end] = pattern.exec(text) ?? []
    if (end === undefined) throw new Error(`row ${rows.length + 1} has a stray quote (at ${at})`)
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ",") continue
    rows.push(row)
    row = []
  }
  return rows
}
