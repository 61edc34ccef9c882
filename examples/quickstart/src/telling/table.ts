/** A number with its thousands marked. */
export const inFull = (count: number): string => count.toLocaleString("en")

/**
 * Rows as text in columns: the first column leans left, the others right, as figures do. The first row is the heading.
 */
export const table = (rows: ReadonlyArray<ReadonlyArray<string | number>>): string => {
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === "number" ? inFull(cell) : cell)),
  )
  const widths = (cells[0] ?? []).map((_heading, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  )
  const lines = cells.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return column === 0 ? cell.padEnd(width) : cell.padStart(width)
      })
      .join("  ")
      .trimEnd(),
  )
  const rule = widths.map((width) => "─".repeat(width)).join("──")
  return [lines[0], rule, ...lines.slice(1)].map((line) => `  ${line}`).join("\n")
}
