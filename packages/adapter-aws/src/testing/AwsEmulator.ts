import type * as Effect from "effect/Effect"

/** What may go wrong between a client and the service. */
export type EmulatedFault =
  /** The service refuses by an error of this name: a server fault with HTTP 500, any other with 400. */
  | { readonly kind: "error"; readonly name: string }
  /** The request is taken and never answered. */
  | { readonly kind: "hang" }
  /** The connection is reset before the service has read the request. */
  | { readonly kind: "reset" }
  /** The operation is carried out, but its answer breaks off half-way. */
  | { readonly kind: "truncated" }
  /** Something in between answers 200 with a page of its own. */
  | { readonly kind: "garbled" }

/** A request as the service saw it, and what became of it: `ok`, an error's name, or the kind of an injected fault. */
export interface EmulatedRequest {
  readonly operation: string
  /** The region for which the request was signed; empty where it was not. */
  readonly region: string
  readonly outcome: string
}

/** How an emulator is started. */
export interface EmulatorOptions {
  /** A certificate for `localhost` and its key, as PEM; plain HTTP when left out. */
  readonly tls?: { readonly cert: string; readonly key: string }
}

/** An AWS service on this machine, spoken to over HTTP by the SDK's own client. */
export interface AwsEmulator {
  /** `http://127.0.0.1:<port>`, or `https://localhost:<port>` with a certificate. */
  readonly endpoint: string
  /** Meets the next `times` requests (1 when left out) with a fault: all of them, or those of one operation. */
  readonly inject: (
    fault: EmulatedFault,
    options?: { readonly times?: number; readonly on?: string },
  ) => Effect.Effect<void>
  /** Takes back all injected faults that were not met. */
  readonly heal: Effect.Effect<void>
  /** All requests so far, in their order. */
  readonly requests: Effect.Effect<ReadonlyArray<EmulatedRequest>>
  /** Requests that are open at present. */
  readonly open: Effect.Effect<number>
  /** Where a request or an answer broke the SDK's own model of the service: names of members, never values. */
  readonly violations: Effect.Effect<ReadonlyArray<string>>
  /** Sets how far the service's clock is ahead of this machine's, in milliseconds: signatures are judged by it. */
  readonly skewClock: (millis: number) => Effect.Effect<void>
  /** Lets time pass for what the service does by date: rotation and deletion. Milliseconds. */
  readonly passTime: (millis: number) => Effect.Effect<void>
}
