import type { Role } from "../../access/index.ts"
import { AuditLog } from "../../audit/index.ts"
import type { OperationName } from "../../host/index.ts"
import { Orders } from "../../order/index.ts"
import { Connections } from "../../party/index.ts"
import { MerchantKeys, OrderPiis } from "../../privacy/index.ts"
import type { PartitionId } from "../../store/index.ts"
import { lawsOver } from "../laws/Law.ts"
import { type RecordsOf, readRecords } from "../laws/readRecords.ts"
import type { Knowledge } from "./Known.ts"
import type { Act, Slot, Who } from "./RetentionAct.ts"

const SHELVES = {
  orders: Orders,
  piis: OrderPiis,
  events: AuditLog,
  connections: Connections,
  keys: MerchantKeys,
} as const

/** What the laws read of one merchant. */
export type MerchantBooks = RecordsOf<typeof SHELVES>
/** What they read of both. */
export type Books = readonly [MerchantBooks, MerchantBooks]

export const readMerchant = readRecords(SHELVES)

/** How a command ended. */
export type Ending =
  | { readonly end: "done"; readonly answer: unknown }
  | { readonly end: "refused"; readonly tag: string; readonly says: string }
  | { readonly end: "crashed" }
  | { readonly end: "died"; readonly why: string }

/** A command, or a sweep, with what came of each of its copies. */
export interface Call {
  readonly operation: OperationName | "sweepRetention" | "boot" | "rotateKeys" | "deliver"
  readonly who: Who | undefined
  readonly slot?: Slot
  /** The order that it is about. */
  readonly order?: string
  readonly role?: Role
  readonly input: unknown
  readonly endings: ReadonlyArray<Ending>
  /** What was damaged while it ran (I8). */
  readonly tampered?: string
  /** Sent again, after it crashed. */
  readonly again?: true
}

/** One moment of a history: what was done, with the books and the knowledge before and after. */
export interface Step {
  readonly at: number
  readonly act: Act
  readonly call: Call
  readonly before: Books
  readonly after: Books
  /** What the model knew before. */
  readonly known: Knowledge
  readonly outage: boolean
  readonly skewMillis: number
  /** Whether another sweep, right after, wrote anything at all (I4). */
  readonly sweptAgain?: boolean
  /** What is gone for good, by what was told before a backup was restored (I9). */
  readonly erased?: ReadonlyArray<string>
  /** What the whole store shows of buyers in the clear. */
  readonly exposed: ReadonlyArray<string>
}

/** A history as it was lived. */
export interface LivedRetention {
  readonly steps: ReadonlyArray<Step>
  readonly merchants: readonly [PartitionId, PartitionId]
  /** What was found of buyers in errors, logs and spans (I6). */
  readonly told: ReadonlyArray<string>
  /** What a thorough search of the store found in the end of buyers who are gone (I2). */
  readonly found: ReadonlyArray<string>
  readonly damage: string | undefined
  readonly death: string | undefined
}

/** Declares a law of retention. */
export const law = lawsOver((life: LivedRetention) => life.steps)

/** The orders of both merchants, by id. */
export const ordersOf = (books: Books) =>
  new Map(books.flatMap(({ orders }) => orders.map((order) => [order.id as string, order])))

/** The sealed records of both merchants, by order. */
export const piisOf = (books: Books) =>
  new Map(books.flatMap(({ piis }) => piis.map((pii) => [pii.order as string, pii])))

/** The events that a step wrote. */
export const newEvents = ({ before, after }: Pick<Step, "before" | "after">) =>
  ([0, 1] as const).flatMap((who) => {
    const old = new Set(before[who].events.map(({ id }) => id))
    return after[who].events.filter(({ id }) => !old.has(id))
  })

/** Whether the step put back an older state of the store. */
export const isRestore = ({ act }: Pick<Step, "act">): boolean => act.do === "restoreBackup"
