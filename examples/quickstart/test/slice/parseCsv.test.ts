import { describe, expect, it } from "@effect/vitest"
import { Schema } from "effect"
import { parseCsv } from "../../src/slice/parseCsv.ts"

describe("reading CSV", () => {
  it.each([
    ["an empty text has no rows", "", []],
    [
      "a last line needs no line break",
      "a,b\nc,d",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "a line break at the end adds no row",
      "a,b\nc,d\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["lines may end as on Windows", "a\r\nb\r\n", [["a"], ["b"]]],
    [
      "fields may be empty",
      ",a,\n,\n",
      [
        ["", "a", ""],
        ["", ""],
      ],
    ],
    ["an empty line is a row of one empty field", "a\n\nb\n", [["a"], [""], ["b"]]],
    ["a quoted field may hold commas", '1,"a,b",2\n', [["1", "a,b", "2"]]],
    ["a quoted field may hold line breaks", '"a\nb",c\n', [["a\nb", "c"]]],
    [
      "a doubled quote is a quote",
      '"RECORD FRAME 7"" SINGLE",1\n',
      [['RECORD FRAME 7" SINGLE', "1"]],
    ],
    ["spaces belong to the field", " a ,b\n", [[" a ", "b"]]],
    ["a text may end behind a comma", "a,", [["a", ""]]],
  ])("%s", (_name, text, rows) => {
    expect(parseCsv(text)).toEqual(rows)
  })

  it("refuses a quote in the middle of a field", () => {
    expect(() => parseCsv('a,b"c\n')).toThrow("row 1 has a stray quote")
    expect(() => parseCsv('a,b\n"c"d\n')).toThrow("row 2 has a stray quote")
    expect(() => parseCsv('"never closed')).toThrow("row 1 has a stray quote")
  })

  const field = Schema.String.check(Schema.isPattern(/^[aB",\n\r é]{0,6}$/u))
  const table = Schema.Array(Schema.NonEmptyArray(field))

  it.prop("gives back whatever was written with every field quoted", { table }, ({ table }) => {
    const quoted = table.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`))
    expect(parseCsv(quoted.map((row) => `${row.join(",")}\n`).join(""))).toEqual(table)
  })
})
