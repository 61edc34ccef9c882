export interface CodeBlock {
  /** What follows the fence: the language tag and anything after it. */
  readonly info: string
  /** Line of the page (from 1) that holds the first line of code. */
  readonly line: number
  readonly code: string
  /** `host.ts`, when the first line of code is a comment that names the file. */
  readonly name: string | undefined
}

// Fences may stand in a quotation or a list, and close with at least the marks that opened them.
const opening = /^((?:[ \t>]|[-*+] |\d+[.)] )*)(`{3,}|~{3,})(.*)$/
const nameComment = /^\/\/\s*([\w-]+\.ts)\b/

/** The fenced code blocks of a Markdown page, in order. */
export function readCodeBlocks(markdown: string): ReadonlyArray<CodeBlock> {
  const lines = markdown.split(/\r?\n/)
  const blocks: Array<CodeBlock> = []
  for (let at = 0; at < lines.length; at++) {
    const [, prefix, marks, info] = opening.exec(lines[at] ?? "") ?? []
    if (prefix === undefined || marks === undefined || info === undefined) continue
    const start = at + 1
    const closing = new RegExp(`^[ \\t>]*\\${marks[0]}{${marks.length},}\\s*$`)
    const margin = new RegExp(`^[ \\t>]{0,${prefix.length}}`)
    const end = lines.findIndex((line, index) => index >= start && closing.test(line))
    if (end === -1) throw new Error(`the code block at line ${start} is never closed`)
    const code = lines.slice(start, end).map((line) => line.replace(margin, ""))
    blocks.push({
      info: info.trim(),
      line: start + 1,
      code: code.join("\n"),
      name: nameComment.exec(code[0] ?? "")?.[1],
    })
    at = end
  }
  return blocks
}
