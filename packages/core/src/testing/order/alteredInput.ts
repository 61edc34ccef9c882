import type { OrderCommandName } from "./OrderOperations.ts"

/** A well-formed id that no order has. */
const NOBODY = "01890a5d-ac96-774b-8cce-b302099a80ff"

/** Another command of the same operation that would be well formed too: another order, or another figure. */
export const alteredInput = (operation: OrderCommandName, input: object): object => {
  switch (operation) {
    case "receiveStock":
      return { ...input, occurredAt: 1 }
    case "fillBackorders":
      return { ...input, limit: 7 }
    case "importOrder":
      return { ...input, country: "IE" }
    case "cancelImportedOrder":
      return { ...input, externalId: "another" }
    default:
      return { ...input, order: NOBODY }
  }
}
