import * as Effect from "effect/Effect"
import { backUp, deliver, type Memory, restore, rotate } from "./backupActs.ts"
import { whileDamaged } from "./damageSealed.ts"
import { instantOf } from "./instants.ts"
import type { Knowledge } from "./Known.ts"
import { type Act, type PlannedAct, SLOTS, type Slot, type Who } from "./RetentionAct.ts"
import type { RetentionDesk } from "./RetentionDesk.ts"
import type { Books } from "./RetentionTrace.ts"
import { aimOf, drive, orderIn } from "./retentionAims.ts"
import { crashing, type Doing, many, type Next, send, sent } from "./sendCommand.ts"

/** What an act comes to: a row of things to do, each aimed when its turn comes. */
export const actsOf = (
  desk: RetentionDesk,
  { act }: PlannedAct,
  memory: Memory,
  sight: () => { readonly books: Books; readonly known: Knowledge },
): ReadonlyArray<Next> => {
  switch (act.do) {
    case "wait":
      desk.clock.moveTo(desk.clock.now() + act.millis)
      return []
    case "until": {
      const instant = instantOf(act.instant, act.slot, sight(), desk.clock.now())
      if (instant !== undefined) desk.clock.moveTo(instant + act.off)
      return []
    }
    case "outage":
      desk.troubles.outage = act.down
      return []
    case "drive":
      return drive(act.slot, act.to).map(
        (aim): Next =>
          (books, key, planned) =>
            sent(desk, aim(books), key, planned),
      )
    case "glass":
      return glass(desk, act.slot)
    case "terminate":
      return terminate(desk, act.who)
    case "sweep":
      return [(_, __, planned) => sweep(desk, act, planned)]
    case "deliver":
      return [
        () => ({ call: { operation: "deliver", who: undefined, input: {} }, work: deliver(desk) }),
      ]
    case "rotate":
      return [() => rotate(desk)]
    case "backup":
      return [() => backUp(desk, memory, sight)]
    case "restoreBackup":
      return memory.backup === undefined ? [] : [() => restore(desk, memory)]
    case "tamper":
      return [(books, key) => tamper(desk, act, books, key)]
    default:
      return [(books, key, planned) => sent(desk, aimOf(act, books), key, planned)]
  }
}

const sweep = (
  desk: RetentionDesk,
  { sweepers, skewMillis }: Extract<Act, { readonly do: "sweep" }>,
  { crash }: PlannedAct,
): Doing => {
  const one = desk.run(desk.engine.sweep)
  const call = {
    operation: "sweepRetention",
    who: undefined,
    input: { sweepers, skewMillis },
  } as const
  const skewed = <A, E>(work: Effect.Effect<A, E>) =>
    Effect.suspend(() => {
      desk.troubles.skewMillis = skewMillis
      return work
    }).pipe(
      Effect.ensuring(
        Effect.sync(() => {
          desk.troubles.skewMillis = 0
        }),
      ),
    )
  /** A sweep after a sweep: whether it wrote anything. */
  const twice = Effect.fnUntraced(function* (count: number) {
    const { endings } = yield* many(one, count)
    const first = yield* readBoth(desk)
    yield* one
    const second = yield* readBoth(desk)
    const sweptAgain = ([0, 1] as const).some(
      (who) =>
        first[who].versions.size !== second[who].versions.size ||
        [...second[who].versions].some(([id, version]) => first[who].versions.get(id) !== version),
    )
    return { endings, sweptAgain }
  })
  return {
    call,
    skewMillis,
    work: skewed(
      crash === undefined ? twice(sweepers) : crashing(desk, crash, many(one, sweepers)),
    ),
    again: { call: { ...call, again: true }, skewMillis: 0, work: twice(1) },
  }
}

const readBoth = (desk: RetentionDesk) =>
  Effect.all([desk.read(0), desk.read(1)], { concurrency: 2 })

const glass = (desk: RetentionDesk, slot: Slot): ReadonlyArray<Next> => {
  let pass: string | undefined
  const { who } = SLOTS[slot]
  const noting = (doing: Doing | undefined): Doing | undefined =>
    doing && {
      ...doing,
      work: Effect.tap(doing.work, ({ endings: [first] }) =>
        Effect.sync(() => {
          if (first?.end === "done") pass = (first.answer as { readonly pass: string }).pass
        }),
      ),
    }
  const plain = { act: { do: "glass", slot }, copies: 1 } as const
  return [
    (books, key) => {
      const order = orderIn(books, slot)?.id
      return noting(
        order &&
          sent(
            desk,
            {
              operation: "requestBreakGlass",
              who,
              slot,
              role: "support",
              input: { order, reason: "safety" },
            },
            key,
            plain,
          ),
      )
    },
    (_, key) =>
      pass === undefined
        ? undefined
        : sent(
            desk,
            { operation: "approveBreakGlass", who, slot, role: "privacy_officer", input: { pass } },
            key,
            plain,
          ),
    (books, key) => {
      const order = orderIn(books, slot)?.id
      return pass === undefined || order === undefined
        ? undefined
        : sent(
            desk,
            {
              operation: "revealUnderBreakGlass",
              who,
              slot,
              order,
              role: "support",
              input: { pass },
            },
            key,
            plain,
          )
    },
  ]
}

const terminate = (desk: RetentionDesk, who: Who): ReadonlyArray<Next> =>
  (
    [
      ["changeStanding", { to: "closing", reason: "own_request" }],
      ["closeMerchant", { reason: "own_request" }],
      ["terminateMerchant", {}],
    ] as const
  ).map(
    ([operation, input]): Next =>
      (_, key, planned) =>
        sent(desk, { operation, who, input }, key, { ...planned, copies: 1 }),
  )

const tamper = (
  desk: RetentionDesk,
  act: Extract<Act, { readonly do: "tamper" }>,
  books: Books,
  key: string,
): Doing | undefined => {
  const aim = aimOf(act, books)
  if (aim?.order === undefined || aim.who === undefined) return undefined
  const other: Slot = act.kind === "merchant" ? (act.slot === 2 ? 0 : 2) : act.slot === 0 ? 1 : 0
  const source = orderIn(books, other)
  const { who } = SLOTS[other]
  if (act.kind === "order" && (act.slot === 2 || source === undefined)) return undefined
  const hasPii = (id: string | undefined, whose: Who) =>
    books[whose].piis.some(({ order }) => order === id)
  if (!hasPii(aim.order, aim.who)) return undefined
  if (act.kind !== "field" && !hasPii(source?.id, who)) return undefined
  return {
    call: { ...aim, tampered: act.kind },
    work: Effect.map(
      desk.quietly(
        whileDamaged(
          act.kind,
          { partition: desk.merchants[aim.who], order: aim.order },
          source && { partition: desk.merchants[who], order: source.id },
          send(desk, aim, key),
        ),
      ),
      (ending) => ({ endings: ending === undefined ? [] : [ending] }),
    ),
  }
}
