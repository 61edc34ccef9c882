import { setTimeout as wait } from "node:timers/promises"
import { canonical, type Desk, type Outcome } from "@oto-fulfilment/core"
import type { HostLine, Shop, Work } from "./HostJob.ts"
import { pickOf, type Send, scenes } from "./scenes.ts"

/** Who plays a scene, and where. */
interface Player {
  readonly desk: Desk["settled"]
  readonly shop: Shop
  readonly seed: number
  readonly work: Work
  /** Told of every answer before the player goes on. */
  readonly say: (line: HostLine) => void
}

/** Plays a scene to its end. It begins where it always begins, and sends the same under the same keys. */
export const playScene = async (player: Player, lane: number, scene: number): Promise<void> => {
  const { desk, shop, seed, work, say } = player
  say({ type: "begun", lane, scene })
  const name = `s${seed}-l${lane}-${scene}`
  const pick = (what: string, choices: number) => pickOf(seed, `${name} ${what}`)(choices)
  await scenes[work]({ desk, shop, lane, scene, name, pick, send: sendIn(player, name) })
}

/**
 * Sends a command under a key that its step always has, until it is answered or refused. In mixed work some callers
 * are impatient and send it twice at once.
 */
const sendIn =
  ({ seed, work, say }: Player, scene: string): Send =>
  async (command, step, call) => {
    const key = `${scene}-${step}`
    const copies = work === "mixed" && pickOf(seed, `${key} copies`)(8) === 0 ? 2 : 1
    for (;;) {
      const began = performance.now()
      const outcomes = await Promise.all(Array.from({ length: copies }, () => call(key)))
      const millis = Math.round(performance.now() - began)
      const ending = endingOf(outcomes)
      switch (ending.type) {
        case "answered":
          say({ type: "answered", key, command, answer: ending.answer, millis })
          return ending.answer
        case "refused":
          say({ type: "refused", key, command, tag: ending.tag })
          return undefined
        default:
          say({ type: "again", key, why: ending.tag, millis })
          await wait(20)
      }
    }
  }

type Ending<A> =
  | { readonly type: "answered"; readonly answer: A }
  | { readonly type: "refused" | "again"; readonly tag: string }

/** What became of a command that was sent several times at once. */
const endingOf = <A>(outcomes: ReadonlyArray<Outcome<A, { readonly _tag: string }>>): Ending<A> => {
  const answers = outcomes.flatMap((each) => (each.ok ? [each.value] : []))
  if (new Set(answers.map(canonical)).size > 1) throw new Error("one command had two answers")
  const [answer] = answers
  if (answer !== undefined) return { type: "answered", answer }
  const tags = outcomes.flatMap((each) => (each.ok ? [] : [each.error._tag]))
  const passing = tags.find((tag) => tag === "StoreUnavailable" || tag === "Busy")
  return passing === undefined
    ? { type: "refused", tag: tags[0] ?? "" }
    : { type: "again", tag: passing }
}
