import type { Call } from "./StockTrace.ts"

/** Units that a command takes from one cell. */
export interface Taken {
  readonly cell: string
  readonly units: number
}

interface Content {
  readonly sku: string
  readonly lot?: string
  readonly quantity: number
}

const from = (
  warehouse: string,
  bin: string,
  condition: string,
  { sku, lot = "", quantity }: Content,
): Taken => ({ cell: [warehouse, bin, sku, lot, "", condition].join("/"), units: quantity })

/** The cell that a command takes units from, and how many; undefined for one that takes from none, or from several. */
export const takenBy = (call: Call): Taken | undefined => {
  switch (call.operation) {
    case "moveStock": {
      const { warehouse, from: place, condition = "sellable" } = call.input
      return from(warehouse, place.bin, condition, call.input)
    }
    case "changeCondition":
      return from(call.input.warehouse, call.input.bin, call.input.from, call.input)
    case "adjustStock": {
      const { direction, warehouse, bin, condition = "sellable" } = call.input
      return direction === "add" ? undefined : from(warehouse, bin, condition, call.input)
    }
    case "sendTransfer": {
      const [line] = call.input.lines
      return from(call.input.from, line.bin, line.condition ?? "sellable", line)
    }
    default:
      return undefined
  }
}
