import type { AuditBreak, AuditDigest, AuditEvent, DigestMark } from "../../audit/index.ts"
import type { Entry, Stored } from "../../store/index.ts"
import type { AuditWorld } from "./AuditWorld.ts"
import { eventsOf, type SealedLog } from "./sealedLog.ts"

/** A log with its world, and a source of choices. */
export interface Scene {
  readonly world: AuditWorld
  readonly log: SealedLog
  /** A whole number from 0 to below the given one. */
  readonly pick: (below: number) => number
}

/** What somebody with the store in their hands writes, and what a check must say of it. */
interface Tampering {
  readonly batches: ReadonlyArray<ReadonlyArray<Entry>>
  readonly finds: AuditBreak
  /** What was written down in a second place, where only that can tell. */
  readonly marks?: ReadonlyArray<DigestMark>
}

/** One way to tamper with a log; nothing where the log gives no opportunity. */
export interface WayToTamper {
  readonly name: string
  readonly tamper: (scene: Scene) => Tampering | undefined
}

/** One of them, by the scene's choice. */
export const oneOf = <A>({ pick }: Scene, from: ReadonlyArray<A>): A => {
  const chosen = from[pick(from.length)]
  if (chosen === undefined) throw new Error("nothing to choose from")
  return chosen
}

/** A sealed event, its digest's number with it. */
export const anyEvent = (
  scene: Scene,
): { readonly event: Stored<AuditEvent>; readonly n: number } => {
  const { n } = anyDigest(scene).value
  return { event: oneOf(scene, eventsOf(scene.log, n)), n }
}

export const anyDigest = (scene: Scene): Stored<AuditDigest> => oneOf(scene, scene.log.digests)

/** The numbers of the first and the last digest that are there. */
export const ends = ({ log }: Scene): { readonly first: number; readonly last: number } => ({
  first: log.digests[0]?.value.n ?? 0,
  last: log.digests[log.digests.length - 1]?.value.n ?? 0,
})
