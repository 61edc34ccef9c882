import * as Effect from "effect/Effect"
import { MerchantKeys } from "../../privacy/index.ts"
import { inside } from "../stock/StockWorld.ts"
import type { Memory } from "./backupActs.ts"
import type { Knowledge } from "./Known.ts"
import { buyerOf, markOf } from "./MarkedChannel.ts"
import { removeRecords } from "./RawCopy.ts"
import { type PlannedAct, SLOTS, type Who } from "./RetentionAct.ts"
import { openRetentionDesk, type RetentionDesk, type RetentionPorts } from "./RetentionDesk.ts"
import type { RetentionEngine } from "./RetentionEngine.ts"
import type { RetentionHistory } from "./RetentionHistory.ts"
import { learn } from "./RetentionModel.ts"
import type { Books, Ending, LivedRetention, Step } from "./RetentionTrace.ts"
import { accountOf } from "./RetentionWorld.ts"
import { actsOf } from "./retentionActs.ts"
import { canariesOfMark, exposedIn, searchedPlainly, searchedThoroughly } from "./searchBuyers.ts"
import type { Doing } from "./sendCommand.ts"

/**
 * Lives through a history with two merchants that nobody used before, on a clock of its own, over the host's ports. In
 * the end nothing of it is left in the store.
 */
export const liveRetention = (
  engine: RetentionEngine,
  history: RetentionHistory,
): Effect.Effect<LivedRetention, unknown, RetentionPorts> =>
  Effect.gen(function* () {
    const desk = yield* openRetentionDesk(engine, history)
    return yield* live(desk, history).pipe(
      Effect.ensuring(
        Effect.andThen(
          Effect.ignore(Effect.flatMap(desk.copy, (copy) => desk.quietly(removeRecords(copy)))),
          desk.close,
        ),
      ),
    )
  })

const live = Effect.fnUntraced(function* (desk: RetentionDesk, history: RetentionHistory) {
  const { merchants, clock, troubles } = desk
  const marks = SLOTS.map(({ who, externalId }) => markOf(accountOf(merchants[who]), externalId))
  const memory: Memory = { erased: [], ended: new Map(), backup: undefined }
  const steps: Array<Step> = []
  let books: Books = [yield* desk.read(0), yield* desk.read(1)]
  /** The merchant at whose books nobody looked since the other one acted. */
  let unseen: Who | undefined
  let known: Knowledge = new Map()
  let death: string | undefined
  let damage: string | undefined

  /** Reads the books of who acted, or of both. */
  const readAfter = Effect.fnUntraced(function* (who: Who | undefined) {
    const after: Books = [
      who === 1 ? books[0] : yield* desk.read(0),
      who === 0 ? books[1] : yield* desk.read(1),
    ]
    unseen = who === undefined ? undefined : who === 0 ? 1 : 0
    return after
  })

  /** What happened to a merchant's books while the other one acted belongs to what that one did. */
  const catchUp = Effect.fnUntraced(function* (who: Who | undefined) {
    const last = steps.at(-1)
    if (unseen === undefined || (who !== unseen && who !== undefined) || last === undefined) return
    const seen = yield* desk.read(unseen)
    books = unseen === 0 ? [seen, books[1]] : [books[0], seen]
    steps[steps.length - 1] = { ...last, after: books }
    unseen = undefined
  })

  const take = Effect.fnUntraced(function* (planned: PlannedAct, doing: Doing) {
    yield* catchUp(doing.call.who)
    const at = clock.now()
    const { outage, skewMillis } = troubles
    const done = yield* doing.work
    const read = yield* Effect.exit(readAfter(doing.call.who))
    if (read._tag === "Failure") {
      damage = String(read.cause)
      return
    }
    const after = read.value
    steps.push({
      at,
      act: planned.act,
      call: { ...doing.call, ...done },
      before: books,
      after,
      known,
      outage,
      skewMillis: doing.skewMillis ?? skewMillis,
      ...(done.sweptAgain !== undefined && { sweptAgain: done.sweptAgain }),
      ...(doing.erased !== undefined && { erased: doing.erased() }),
      exposed: exposedIn(after, marks),
    })
    known = doing.restored === undefined ? learn(known, after, at) : doing.restored(after, at)
    books = after
    const died = done.endings.find(
      (each): each is Extract<Ending, { end: "died" }> => each.end === "died",
    )
    if (died !== undefined) death = `${doing.call.operation}: ${died.why}`
  })

  let place = 0
  for (const planned of history.scenes.flat()) {
    if (death !== undefined || damage !== undefined) break
    const acts = actsOf(desk, planned, memory, () => ({ books, known }))
    let first = true
    for (const next of acts) {
      const doing = next(books, `b${place++}`, first ? planned : { act: planned.act, copies: 1 })
      if (doing === undefined) continue
      first = false
      yield* take(planned, doing)
      const last = steps.at(-1)
      if (last?.call.endings.some(({ end }) => end === "crashed") && doing.again !== undefined)
        yield* take({ act: planned.act, copies: 1 }, doing.again)
      if (death !== undefined || damage !== undefined) break
    }
  }
  yield* catchUp(undefined)
  troubles.outage = false
  const found = yield* searchForGone(desk, known, history.thorough, marks)
  const told = desk.watch.all()
  return {
    steps,
    merchants,
    found,
    told: marks.filter((mark) => told.some((each) => each.includes(mark))),
    damage,
    death,
  } satisfies LivedRetention
})

/**
 * Searches the store for what must not be there in the clear, and in some histories for the buyers who are gone in every
 * form, hashes with the store's own keys included (I2).
 */
const searchForGone = Effect.fnUntraced(function* (
  desk: RetentionDesk,
  known: Knowledge,
  thorough: boolean,
  marks: ReadonlyArray<string>,
) {
  const copy = yield* desk.copy
  if (!thorough) return searchedPlainly(copy, marks)
  const gone = [...known.values()].filter((each) => each.gone)
  const canaries = yield* Effect.forEach(gone, ({ who, externalId }) => {
    const merchant = desk.merchants[who]
    const mark = markOf(accountOf(merchant), externalId)
    const hasKeys = copy.some(
      ({ collection, partition }) =>
        collection.name === MerchantKeys.name && partition === merchant,
    )
    return desk.quietly(inside(merchant)(canariesOfMark(mark, buyerOf(mark), hasKeys)))
  })
  return searchedThoroughly(copy, canaries.flat())
})
