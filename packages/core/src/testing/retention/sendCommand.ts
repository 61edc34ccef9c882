import * as Effect from "effect/Effect"
import { CurrentActor, type Role } from "../../access/index.ts"
import { CurrentPartition, openPartition } from "../../store/index.ts"
import type { Knowledge } from "./Known.ts"
import type { PlannedAct } from "./RetentionAct.ts"
import type { RetentionDesk } from "./RetentionDesk.ts"
import type { Books, Call, Ending } from "./RetentionTrace.ts"
import type { Aim } from "./retentionAims.ts"

/** Something to be done at one moment. */
export interface Doing {
  readonly call: Omit<Call, "endings">
  readonly work: Effect.Effect<
    { readonly endings: ReadonlyArray<Ending>; readonly sweptAgain?: boolean },
    unknown
  >
  readonly skewMillis?: number
  readonly erased?: () => ReadonlyArray<string>
  /** What is known afterwards, where an older state came back. */
  readonly restored?: (after: Books, at: number) => Knowledge
  /** The same again, after a crash. */
  readonly again?: Doing
}

/** The next thing that an act does, as things stand; nothing, where there is nothing to do it to. */
export type Next = (books: Books, key: string, planned: PlannedAct) => Doing | undefined

/** The actor of a role. The owner is somebody of the operator's staff, too. */
const actorOf = (role: Role | undefined) =>
  role === undefined
    ? { ref: { kind: "user", id: "owner" } as const, roles: ["owner", "platform_admin"] as const }
    : { ref: { kind: "user", id: `u-${role}` } as const, roles: [role] as const }

type AnyOperation = (input: unknown) => Effect.Effect<unknown, { readonly _tag: string }, never>

export const send = (
  desk: RetentionDesk,
  { operation, who = 0, role, input }: Aim,
  key: string,
): Effect.Effect<Ending> => {
  const work = (desk.engine.operations as unknown as { readonly [name: string]: AnyOperation })[
    operation
  ]
  if (work === undefined) throw new TypeError(`there is no ${operation}`)
  const body = isRead(operation) ? input : { key, ...input }
  return desk.run(
    Effect.suspend(() => work(body)).pipe(
      Effect.provideService(CurrentPartition, openPartition(desk.merchants[who])),
      Effect.provideService(CurrentActor, actorOf(role)),
    ),
  )
}

const isRead = (operation: string) =>
  operation.startsWith("reveal") || operation === "terminateMerchant"

export const sent = (
  desk: RetentionDesk,
  aim: Aim | undefined,
  key: string,
  { copies, crash }: PlannedAct,
): Doing | undefined => {
  if (aim === undefined) return undefined
  const once = send(desk, aim, key)
  const again: Doing = { call: { ...aim, again: true }, work: many(once, 1) }
  return { call: aim, work: crashing(desk, crash, many(once, copies)), again }
}

export const many = (once: Effect.Effect<Ending>, copies: number) =>
  Effect.map(
    Effect.all(
      Array.from({ length: copies }, () => once),
      { concurrency: "unbounded" },
    ),
    (endings) => ({ endings }),
  )

export const crashing = <A, E>(
  desk: RetentionDesk,
  crash: PlannedAct["crash"],
  work: Effect.Effect<A, E>,
): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    if (crash !== undefined) desk.troubles.crash = { ...crash }
    return work
  }).pipe(
    Effect.ensuring(
      Effect.sync(() => {
        desk.troubles.crash = undefined
      }),
    ),
  )
