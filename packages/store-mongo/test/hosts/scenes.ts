import { createHash } from "node:crypto"
import type { Desk, Outcome } from "@oto-fulfilment/core"
import type { Shop, Work } from "./HostJob.ts"

/** SKUs of the shop: one that everybody wants, and others. */
export const HOT = "HOT"
export const skuOf = (n: number): string => `S-${String(n).padStart(3, "0")}`

/** Kinds of goods beside the hot one: in the mixed work, and where wishes are spread. */
export const MIXED_SKUS = 12
export const SPREAD_SKUS = 200

/** Callers in all hosts together. */
export const LANES = 16

/** Sends a command under the step's own key; undefined when it was refused. */
export type Send = <A>(
  command: string,
  step: string,
  call: (key: string) => Promise<Outcome<A, { readonly _tag: string }>>,
) => Promise<A | undefined>

/** Where a scene is played. */
interface Stage {
  readonly desk: Desk["settled"]
  readonly shop: Shop
  readonly lane: number
  readonly scene: number
  /** No other scene has it; documents and keys begin with it. */
  readonly name: string
  /** A number below `choices`, for a name: the same whenever the scene is played. */
  readonly pick: (what: string, choices: number) => number
  readonly send: Send
}

type Scene = (stage: Stage) => Promise<void>

/** Numbers that follow from a seed and a name. */
export const pickOf =
  (seed: number, name: string) =>
  (choices: number): number =>
    createHash("sha256").update(`${seed} ${name}`).digest().readUInt32BE(0) % choices

/** Somebody wants one unit of the hot SKU, and keeps it. */
const rush: Scene = (stage) => takeUnit(stage, HOT)

/** Somebody wants one unit of one of many SKUs, and keeps it; now and then goods come in, which messages tell of. */
const spread: Scene = async (stage) => {
  const { desk, shop, lane, scene, send } = stage
  await takeUnit(stage, skuOf((scene * LANES + lane) % SPREAD_SKUS))
  if (scene % 4 !== 3) return
  const place = { warehouse: shop.warehouses[0], bin: "A-1" }
  await send("receiveStock", "receive", (key) =>
    desk.receiveStock({ key, lines: [{ sku: HOT, quantity: 1, place }] }),
  )
}

const takeUnit = async ({ desk, shop, name, send }: Stage, sku: string): Promise<void> => {
  await send("commitStock", "commit", (key) =>
    desk.commitStock({
      key,
      document: { kind: "basket", id: name },
      lines: [{ sku, warehouse: shop.warehouses[0], quantity: 1 }],
    }),
  )
}

const basket: Scene = async (stage) => {
  const { desk, shop, name, pick, send } = stage
  const document = { kind: "basket", id: name }
  const [warehouse] = shop.warehouses
  const granted = await send("commitStock", "commit", (key) =>
    desk.commitStock({
      key,
      document,
      policy: pick("policy", 2) === 0 ? "whole" : "available",
      lines: [
        { sku: HOT, warehouse, quantity: 1 + pick("hot units", 2) },
        { sku: anySku(stage, "sku"), warehouse, quantity: 1 + pick("units", 3) },
      ],
    }),
  )
  if (granted === undefined || granted.commitments.length === 0) return
  const end = pick("end", 4)
  if (end === 0) return
  if (end === 1) {
    await send("releaseCommitment", "release", (key) => desk.releaseCommitment({ key, document }))
    return
  }
  const pinned = await send("allocateStock", "allocate", (key) =>
    desk.allocateStock({ key, document }),
  )
  if (end === 2 || pinned === undefined || pinned.allocations.length === 0) return
  await send("dispatchStock", "dispatch", (key) =>
    desk.dispatchStock({ key, document, rest: "release" }),
  )
}

const order: Scene = async (stage) => {
  const { desk, pick, send } = stage
  const sku = anySku(stage, "sku")
  const units = 1 + pick("units", 3)
  const more = pick("lines", 2) === 0 ? [] : [[HOT, 1] as const]
  const id = await takeOrder(stage, [[sku, units], ...more])
  if (id === undefined) return
  if (pick("amended", 3) === 0) await takeOrder(stage, [[sku, units + 1], ...more], { version: 2 })
  await send("commitOrder", "commit", (key) => desk.commitOrder({ key, order: id }))
  const end = pick("end", 5)
  if (end === 0) return
  if (end === 1) {
    await send("cancelOrder", "cancel", (key) => desk.cancelOrder({ key, order: id }))
    return
  }
  await send("releaseOrder", "release", (key) => desk.releaseOrder({ key, order: id }))
  await send("allocateOrder", "allocate", (key) => desk.allocateOrder({ key, order: id }))
  if (end === 2) await send("cancelOrder", "cancel", (key) => desk.cancelOrder({ key, order: id }))
  else await send("dispatchOrder", "dispatch", (key) => desk.dispatchOrder({ key, order: id }))
}

/** Goods come in, and fill what waited for them. */
const receipt: Scene = async (stage) => {
  const { desk, shop, pick, send } = stage
  const [warehouse] = shop.warehouses
  const sku = anySku(stage, "sku")
  await send("receiveStock", "receive", (key) =>
    desk.receiveStock({
      key,
      lines: [
        { sku: HOT, quantity: 2, place: { warehouse, bin: "A-1" } },
        { sku, quantity: 1 + pick("units", 9), place: { warehouse, bin: "A-2" } },
      ],
    }),
  )
  await send("fillBackorders", "fill", (key) => desk.fillBackorders({ key, warehouse, sku }))
}

/** Goods go to the other warehouse, or to another bin. */
const transfer: Scene = async (stage) => {
  const { desk, shop, pick, send } = stage
  const [from, to] = shop.warehouses
  const sku = anySku(stage, "sku")
  if (pick("way", 2) === 0) {
    await send("moveStock", "move", (key) =>
      desk.moveStock({
        key,
        warehouse: from,
        sku,
        quantity: 1,
        from: { bin: "A-1" },
        to: { bin: "A-2" },
      }),
    )
    return
  }
  const sent = await send("sendTransfer", "send", (key) =>
    desk.sendTransfer({ key, from, to, lines: [{ sku, quantity: 1, bin: "A-1" }] }),
  )
  if (sent === undefined) return
  await send("receiveTransfer", "receive", (key) =>
    desk.receiveTransfer({
      key,
      transfer: sent.transfer,
      lines: [{ line: "1", quantity: 1, place: { bin: "B-1" } }],
    }),
  )
}

/** The channel tells of one order on every lane. */
const echo: Scene = async (stage) => {
  await takeOrder(stage, [[HOT, 1]], { externalId: `echo-${stage.scene}` })
}

const MIXED: ReadonlyArray<Scene> = [basket, basket, order, order, order, receipt, transfer]

/** What nobody does twice on purpose. */
const steady: Scene = (stage) => (MIXED[stage.pick("scene", MIXED.length)] ?? basket)(stage)

const mixed: Scene = (stage) => (stage.scene % 6 === 5 ? echo(stage) : steady(stage))

/** What the callers of a host do, by the name of their work. */
export const scenes: { readonly [W in Work]: Scene } = { rush, spread, mixed, steady }

const anySku = ({ pick }: Stage, what: string): string => skuOf(pick(what, MIXED_SKUS))

const takeOrder = async (
  { desk, shop, name, send }: Stage,
  lines: ReadonlyArray<readonly [sku: string, quantity: number]>,
  { externalId = name, version = 1 } = {},
): Promise<string | undefined> => {
  const [first, ...rest] = lines.map(([channelSku, quantity], at) => ({
    externalLineId: String(at + 1),
    channelSku,
    quantity,
    total: { currency: "GBP" as const, minor: String(quantity * 100) },
  }))
  if (first === undefined) throw new TypeError("an order has a line")
  const imported = await send("importOrder", `import-${version}`, (key) =>
    desk.importOrder({
      key,
      connection: shop.connection,
      externalId,
      externalVersion: version,
      orderedAt: 0,
      country: "GB",
      currency: "GBP",
      payment: "paid",
      lines: [first, ...rest],
    }),
  )
  return imported?.order
}
