/** A content as it was found, or as it comes out of another: the names of what was undone, outermost first. */
export interface Unpacked {
  readonly path: ReadonlyArray<string>
  readonly parts: ReadonlyArray<Buffer>
  /** Whether the parts begin where something was made to begin, rather than anywhere. */
  readonly begins?: boolean
}
