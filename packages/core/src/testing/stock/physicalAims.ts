import {
  type AimsOf,
  aim,
  binAt,
  fullestCell,
  lookedAt,
  pickCell,
  pickFrom,
  unitsOf,
  warehouseAt,
} from "./Sight.ts"
import type { Acts } from "./StockAct.ts"
import { EXPIRES, RECIPES, WAREHOUSES } from "./StockWorld.ts"

type Physical =
  | "receive"
  | "move"
  | "adjust"
  | "change"
  | "send"
  | "count"
  | "approve"
  | "correct"
  | "arrive"
  | "recall"
  | "expireLots"
  | "assemble"
  | "disassemble"

/** What acts on goods come to. */
export const physicalAims: AimsOf<Physical> = {
  receive: (act, { at }) =>
    aim("receiveStock", { occurredAt: at - act.age, lines: [receiptLine(act)] }),

  move: (act, { own }) => {
    const cell = pickCell(own, act)
    if (cell === undefined) return undefined
    const to = binAt(act.bin).bin === cell.bin ? binAt(act.bin + 1) : binAt(act.bin)
    return aim("moveStock", {
      ...unitsOf(own, cell, act),
      warehouse: cell.warehouse,
      condition: cell.condition,
      from: { bin: cell.bin },
      to,
    })
  },

  adjust: (act, { own }) => {
    const cell = pickCell(own, act)
    if (cell === undefined) return undefined
    const { warehouse, bin, condition } = cell
    const units = unitsOf(own, cell, act)
    return act.adds && !("serials" in units)
      ? aim("adjustStock", {
          direction: "add",
          reason: "found",
          warehouse,
          bin,
          condition,
          ...units,
        })
      : aim("adjustStock", {
          direction: "remove",
          reason: "lost",
          warehouse,
          bin,
          condition,
          ...units,
        })
  },

  change: (act, { own }) => {
    const cell = pickCell(own, act)
    if (cell === undefined) return undefined
    const { warehouse, bin, condition: from } = cell
    const to = act.to === from ? "sellable" : act.to
    if (to === from) return undefined
    return aim("changeCondition", { warehouse, bin, from, to, ...unitsOf(own, cell, act) })
  },

  send: (act, { own }) => {
    const cell = pickCell(own, act)
    if (cell === undefined) return undefined
    const { warehouse: from, bin, condition } = cell
    const to = from === WAREHOUSES[0] ? WAREHOUSES[1] : WAREHOUSES[0]
    return aim("sendTransfer", {
      from,
      to,
      lines: [{ ...unitsOf(own, cell, act), bin, condition }],
    })
  },

  count: (act, { own }) => {
    const cell = pickCell(own, act)
    if (cell === undefined) return undefined
    const { warehouse, bin, condition, sku, lot } = cell
    const seen = { sku, ...(lot !== undefined && { lot }), counted: act.quantity - 1, blind: true }
    return aim("countStock", { warehouse, bin, condition, ...seen })
  },

  approve: (act, sight) => {
    const open = lookedAt(sight, act).counts.filter(({ state }) => state === "recorded")
    const count = pickFrom(open, act.pick)
    const verdict = act.rejects ? "reject" : "approve"
    return count && aim("approveCount", { count: count.id, verdict })
  },

  correct: (act, sight) => {
    const newestFirst = lookedAt(sight, act).movements.toReversed()
    const movement = pickFrom(newestFirst, act.pick)
    const part = act.quantity === null ? {} : { quantity: act.quantity }
    return movement && aim("correctMovement", { movement: movement.id, ...part })
  },

  arrive: (act, sight) => {
    const open = lookedAt(sight, act).transfers.filter(({ state }) => state === "in_transit")
    const transfer = pickFrom(open, act.pick)
    if (transfer === undefined) return undefined
    const [{ line, serials }] = transfer.lines
    const units =
      serials.length > 0 ? { quantity: serials.length, serials } : { quantity: act.quantity }
    const lines = [{ line, ...units, place: binAt(act.bin) }]
    return aim("receiveTransfer", { transfer: transfer.id, lines, close: act.close })
  },

  recall: ({ lot }) => aim("recallLot", { sku: "MILK", lot }),

  expireLots: ({ limit }) => aim("expireLots", { limit }),

  assemble: (act, { own }) => {
    const warehouse = warehouseAt(act.warehouse)
    const [tea, cup] = RECIPES.BOX.map(({ sku, quantity }) => ({
      sku,
      quantity: quantity * act.quantity,
      bin: fullestCell(own, sku, warehouse)?.bin ?? binAt(act.bin).bin,
    }))
    if (tea === undefined || cup === undefined) return undefined
    const kits = { kit: "BOX", quantity: act.quantity, warehouse, to: binAt(act.bin) }
    return aim("assembleKit", { ...kits, components: [tea, cup] })
  },

  disassemble: (act, { own }) => {
    const warehouse = warehouseAt(act.warehouse)
    const from = { bin: fullestCell(own, "BOX", warehouse)?.bin ?? binAt(act.bin).bin }
    const [tea, cup] = RECIPES.BOX.map(({ sku, quantity }) => ({
      sku,
      quantity: quantity * act.quantity,
      place: binAt(act.bin),
    }))
    if (tea === undefined || cup === undefined) return undefined
    const kits = { kit: "BOX", quantity: act.quantity, warehouse, from }
    return aim("disassembleKit", { ...kits, components: [tea, cup] })
  },
}

/** One line of a receipt: it brings what its product's policy asks for. */
export const receiptLine = (act: Omit<Acts["receive"], "age">) => ({
  sku: act.sku,
  quantity: act.sku === "PHONE" ? 1 : act.quantity,
  ...(act.sku === "MILK" && { lot: act.lot, expiresAt: EXPIRES[act.lot] }),
  ...(act.sku === "PHONE" && { serials: [`S${act.serial}`] }),
  place: { warehouse: warehouseAt(act.place.warehouse), ...binAt(act.place.bin) },
  condition: act.condition,
})
