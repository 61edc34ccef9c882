/** A command as laws send it. */
interface Sendable {
  readonly operation: string
  readonly input: { readonly key: string }
  /** Where it sends an earlier command of the history again: with the same body, or with another one. */
  readonly again?: { readonly key: string; readonly body: "same" | "other" }
}

/**
 * One of the commands that were sent, under its key again: with the same body, or with another one. None where none was
 * sent, or where it is not known what another body would be.
 *
 * @param altered another command of the operation that would be well formed too
 */
export const sendAgain = <Sent extends Sendable>(
  { pick, other }: { readonly pick: number; readonly other: boolean },
  copies: number,
  all: ReadonlyArray<Sent>,
  altered: (operation: Sent["operation"], input: Sent["input"]) => object | undefined,
): Sent | undefined => {
  const firsts = all.filter(({ again }) => again === undefined)
  const before = firsts[pick % Math.max(1, firsts.length)]
  if (before === undefined) return undefined
  const input = other ? altered(before.operation, before.input) : before.input
  const again = { key: before.input.key, body: other ? "other" : "same" }
  // Why the first one was sent is not why it is sent again.
  const { purpose: _, ...rest } = before as Sent & { readonly purpose?: unknown }
  return input === undefined ? undefined : ({ ...rest, input, copies, again } as unknown as Sent)
}
