import { openCore, worker } from "@oto-fulfilment/core"
import { memoryHost } from "@oto-fulfilment/core/memory"
import { beforeAll, describe, expect, it } from "vitest"
import type { HostLine } from "./hosts/HostJob.ts"
import { judgeBooks } from "./hosts/judgeBooks.ts"
import { openShop, ownerOf } from "./hosts/openShop.ts"
import { playScene } from "./hosts/playScene.ts"
import { type Books, readBooks } from "./hosts/readBooks.ts"
import { HOT, MIXED_SKUS, skuOf } from "./hosts/scenes.ts"
import { subscribers } from "./hosts/subscribers.ts"
import { hadEffect, hear, newWitness } from "./hosts/Witness.ts"

// What judges the crashes must see what a crash could leave. It is shown honest books of a memory store, and then the
// same books with one thing wrong.
const witness = newWitness()
let honest: Books

const say = (line: HostLine) => hear(witness, line)

beforeAll(async () => {
  const core = await openCore(memoryHost)
  const goods = Array.from({ length: MIXED_SKUS }, (_, n) => [skuOf(n), 6] as const)
  const shop = await openShop(core, new Map([[HOT, 9], ...goods]))
  const desk = core.desk(ownerOf(shop), shop.merchant).settled
  const play = async (lane: number, from: number, to: number) => {
    for (let scene = from; scene < to; scene++)
      await playScene({ desk, shop, seed: 3, work: "mixed", say }, lane, scene)
  }
  const lanes = (from: number, to: number) =>
    Promise.all([0, 1, 2, 3].map((lane) => play(lane, from, to)))
  await lanes(0, 16)
  const working = new AbortController()
  const delivering = core
    .run(worker(subscribers(say), { pollMillis: 5 }), { signal: working.signal })
    .catch(() => {})
  const waiting = async () => {
    const { messages, jobs } = await readBooks(core, shop)
    return messages.length + jobs.length
  }
  while ((await waiting()) > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  working.abort()
  await delivering
  // Some messages stay where they are.
  await lanes(16, 19)
  honest = await readBooks(core, shop)
  await core.close()
})

const judge = (changed: Partial<Books>) => judgeBooks({ ...honest, ...changed }, witness)

const SHELVES = [
  "receipts",
  "events",
  "messages",
  "deliveries",
  "commitments",
  "movements",
  "orders",
  "externals",
  "transfers",
  "pools",
] as const

describe("the judge of books", () => {
  it("finds nothing in honest ones", () => {
    expect(judge({})).toEqual([])
    for (const shelf of SHELVES) expect([shelf, honest[shelf].length > 3]).toEqual([shelf, true])
  })

  it.each(SHELVES)("notices each record that is missing among the %s", (shelf) => {
    const unseen = honest[shelf].filter((_, gone) => {
      const rest = (honest[shelf] as ReadonlyArray<unknown>).filter((_, at) => at !== gone)
      return judge({ [shelf]: rest }).length === 0
    })
    expect(unseen.filter(matters)).toEqual([])
  })

  it.each(SHELVES)("notices a record that is there twice among the %s", (shelf) => {
    const [first] = honest[shelf].filter(matters)
    expect(judge({ [shelf]: [...honest[shelf], first] })).not.toEqual([])
  })

  it("notices an answer that is not that of its receipt, and one without a receipt", () => {
    const [key, told] = [...witness.answers].find(([, each]) => hadEffect(each)) ?? []
    if (key === undefined || told === undefined) throw new Error("nothing had an effect")
    const others = new Map(witness.answers).set(key, { ...told, answer: {} })
    expect(judgeBooks(honest, { ...witness, answers: others })).toHaveLength(1)
    const more = new Map(witness.answers).set("unheard", { command: "receiveStock", answer: {} })
    expect(judgeBooks(honest, { ...witness, answers: more })).toHaveLength(1)
  })

  it("notices that a message is recorded which nobody was told", () => {
    expect(judgeBooks(honest, { ...witness, delivered: new Map() })).toHaveLength(
      honest.deliveries.length,
    )
  })

  it("notices a pool that does not add up", () => {
    const [pool, ...rest] = honest.pools
    if (pool === undefined) throw new Error("no pool")
    for (const field of ["onHand", "committed", "sellable"] as const)
      expect(
        judge({ pools: [{ ...pool, [field]: pool[field] + 1 } as typeof pool, ...rest] }),
      ).not.toEqual([])
  })
})

/** A pool without a unit says nothing; refusals and the opening of the shop itself have no receipt here. */
const matters = (record: object): boolean => {
  if ("onHand" in record) return record.onHand !== 0
  if ("action" in record) return record.action !== "openMerchant"
  return true
}
