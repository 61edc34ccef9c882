import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import {
  type BootError,
  Core,
  type Engine,
  type Operations,
  operations,
  type Ports,
  sweepRetention,
} from "../../host/index.ts"
import type { Ids } from "../../kernel/index.ts"
import type { ErasureLedger } from "../../privacy/index.ts"
import type { Store } from "../../store/index.ts"

/** What the laws of retention run: the engine as it is published, or parts in its place, such as wrapped ones. */
export interface RetentionEngine {
  /** What is composed over the host's ports, at the beginning and at each boot. */
  readonly layer: Layer.Layer<Engine, BootError, Ports>
  readonly operations: Partial<Operations>
  readonly sweep: Effect.Effect<unknown, { readonly _tag: string }, Store | Ids | ErasureLedger>
}

/** The engine with other parts in place of its own. */
export const retentionEngine = (parts: Partial<RetentionEngine> = {}): RetentionEngine => ({
  layer: parts.layer ?? Core.layer,
  operations: { ...operations, ...parts.operations },
  sweep: parts.sweep ?? sweepRetention(),
})
