import * as Schema from "effect/Schema"

/**
 * In which order cells give up their units (domain 1.5).
 *
 * - `fefo`: first expired first; then the oldest receipt, the pick sequence, the cell id. No expiry comes last.
 * - `fifo`: the oldest receipt first; then pick sequence, cell id.
 * - `lifo`: the newest receipt first; then pick sequence, cell id.
 * - `closest`: the pick sequence; then cell id.
 * - `fewest_packages`: the fullest cells first, so that as few as possible are opened; ties as `fefo`.
 * - `single_lot_first`: as `fefo` within the first lot that can fill the whole quantity, else as `fefo` over all.
 */
export const RemovalStrategy = Schema.Literals([
  "fefo",
  "fifo",
  "lifo",
  "closest",
  "fewest_packages",
  "single_lot_first",
])
export type RemovalStrategy = typeof RemovalStrategy.Type
