import type { RevealStage } from "../access/index.ts"
import type { Order } from "./Order.ts"

/** The stages that an order's units are at, as far as showing its buyer goes: none before it is released. */
export const revealStagesOf = ({ state, lines }: Order): ReadonlyArray<RevealStage> => {
  const has = (bucket: "picked" | "packed" | "shipped") =>
    lines.some(({ buckets }) => buckets[bucket] > 0)
  const stages: Array<RevealStage> = []
  if (state === "processing") stages.push("released")
  if (has("picked")) stages.push("picked")
  if (has("packed")) stages.push("packed")
  if (has("shipped")) stages.push("dispatched")
  return stages
}
