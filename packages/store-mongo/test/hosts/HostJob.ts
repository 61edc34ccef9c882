/** A merchant of the test's own, and what a host needs to know of it. */
export interface Shop {
  readonly operator: string
  readonly merchant: string
  readonly connection: string
  readonly warehouses: readonly [string, string]
}

/** What the callers of a host do: the scenes of `scenes.ts`. */
export type Work = "rush" | "spread" | "mixed" | "steady"

/** A caller, who plays scenes one after the other, from one number up to another, without it. */
export interface Lane {
  readonly lane: number
  readonly from: number
  readonly to: number
}

/** What a host process is told to do, as JSON in its first argument. */
export interface HostJob {
  readonly uri: string
  readonly database: string
  readonly shop: Shop
  /** Decides with the lane and the number of a scene what happens in it: the same each time it is played. */
  readonly seed: number
  readonly work: Work
  readonly lanes: ReadonlyArray<Lane>
  /** Whether it delivers messages, too. Without lanes it does nothing else, until it is asked to end. */
  readonly deliver: boolean
  /** How long one command of the store may take. */
  readonly timeLimitMillis: number
}

/** What a host process prints, one JSON line each, at once. */
export type HostLine =
  | { readonly type: "ready" }
  | { readonly type: "begun"; readonly lane: number; readonly scene: number }
  | {
      readonly type: "answered"
      readonly key: string
      readonly command: string
      readonly answer: unknown
      readonly millis: number
    }
  | {
      readonly type: "refused"
      readonly key: string
      readonly command: string
      readonly tag: string
    }
  /** The store did not answer in time, or others were in the way: the caller sends the same again. */
  | { readonly type: "again"; readonly key: string; readonly why: string; readonly millis: number }
  /** A subscriber was handed a message. */
  | { readonly type: "delivered"; readonly message: string }
  /** The server knew nothing of a transaction that was to be committed, so the batch is run again. */
  | { readonly type: "forgotten" }
  | { readonly type: "broken"; readonly why: string }
  | { readonly type: "ended" }
