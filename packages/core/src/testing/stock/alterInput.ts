import type { StockOperationName } from "./StockOperations.ts"

interface Altering {
  readonly [field: string]: unknown
}

/**
 * Another command of the same operation that would be well formed too, or none where it cannot be told: one unit more,
 * another document, another lot.
 */
export const altered = (operation: StockOperationName, input: object): Altering | undefined => {
  const before = input as Altering
  switch (operation) {
    case "receiveStock":
    case "commitStock":
    case "sendTransfer":
      return withFirst(before, "lines", oneMore)
    case "moveStock":
    case "adjustStock":
    case "changeCondition":
    case "assembleKit":
    case "disassembleKit":
      return oneMore(before)
    case "countStock":
      return { ...before, counted: Number(before["counted"]) + 1 }
    case "expireLots":
      return { ...before, limit: Number(before["limit"]) + 1 }
    case "recallLot":
      return { ...before, lot: before["lot"] === "L1" ? "L2" : "L1" }
    case "approveCount":
      return { ...before, verdict: before["verdict"] === "reject" ? "approve" : "reject" }
    case "correctMovement":
      return { ...before, quantity: Number(before["quantity"] ?? 0) + 1 }
    case "releaseCommitment":
    case "allocateStock":
    case "releaseAllocation":
    case "dispatchStock":
      return "document" in before
        ? { ...before, document: { kind: "basket", id: "another" } }
        : undefined
    default:
      return undefined
  }
}

/** Tracked units are named one by one, so one more of them would need another name. */
const oneMore = (what: Altering): Altering | undefined =>
  "serials" in what ? undefined : { ...what, quantity: Number(what["quantity"]) + 1 }

const withFirst = (
  input: Altering,
  list: string,
  change: (item: Altering) => Altering | undefined,
): Altering | undefined => {
  const [first, ...rest] = input[list] as ReadonlyArray<Altering>
  const changed = first && change(first)
  return changed && { ...input, [list]: [changed, ...rest] }
}
