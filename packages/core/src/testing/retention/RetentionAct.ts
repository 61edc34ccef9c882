import type { Role } from "../../access/index.ts"

/** Orders of a history: two of one merchant, one of another. */
export const SLOTS = [
  { who: 0, externalId: "r0" },
  { who: 0, externalId: "r1" },
  { who: 1, externalId: "r0" },
] as const
export type Slot = 0 | 1 | 2
export type Who = 0 | 1

/** How far an order is driven. */
export const STAGES = [
  "imported",
  "committed",
  "released",
  "fetched",
  "picked",
  "packed",
  "partly",
  "dispatched",
] as const
export type Stage = (typeof STAGES)[number]

/** Instants of an order that the clock is set to, or beside. */
export type Instant = "deadline" | "sweep" | "stalled" | "lapse" | "cap" | "purge" | "channel"

/** One thing that happens. Data, so that a history can be printed and lived again. */
export type Act =
  | { readonly do: "import"; readonly slot: Slot; readonly news: "same" | "newer" | "cancelled" }
  | { readonly do: "drive"; readonly slot: Slot; readonly to: Stage }
  | {
      readonly do:
        | "fetch"
        | "cancel"
        | "cancelUnit"
        | "split"
        | "merge"
        | "restrict"
        | "lift"
        | "hold"
        | "liftHold"
        | "erase"
        | "delete"
        | "restoreOrder"
        | "glass"
      readonly slot: Slot
    }
  | {
      readonly do: "reveal"
      readonly slot: Slot
      readonly role: Role
      readonly purpose: "label" | "packing_slip"
    }
  | { readonly do: "tamper"; readonly slot: Slot; readonly kind: "field" | "order" | "merchant" }
  | { readonly do: "disconnect" | "terminate"; readonly who: Who }
  | { readonly do: "sweep"; readonly sweepers: 1 | 2; readonly skewMillis: number }
  | { readonly do: "deliver" | "backup" | "restoreBackup" | "rotate" }
  | { readonly do: "outage"; readonly down: boolean }
  | { readonly do: "wait"; readonly millis: number }
  | { readonly do: "until"; readonly slot: Slot; readonly instant: Instant; readonly off: number }

/** An act, with what goes wrong while it is done. */
export interface PlannedAct {
  readonly act: Act
  /** How often its first command is sent at the same moment. */
  readonly copies: 1 | 2
  /** The process dies at a call of the store, before it was done or after, and sends the command again. */
  readonly crash?: { readonly call: number; readonly done: boolean }
}
