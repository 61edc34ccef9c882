import type { Units } from "../kernel/index.ts"
import { type ChannelTerms, WHOLE_SHARE } from "./ChannelRule.ts"

/**
 * The units that a channel is told: `clamp(floor((available - buffer) x share), 0, cap)`, and none while no more
 * than `endWhen` are available (domain 1.3). Never more than is available; with shares within 100 % the channels
 * together are not told more either (O7).
 *
 * @param available units that may be promised, from 0 upwards
 */
export const channelQuantity = (
  available: number,
  { buffer, share, cap, endWhen }: ChannelTerms,
): Units => {
  if (available <= endWhen) return 0 as Units
  const left = Math.max(0, available - buffer)
  return Math.min(shareOf(left, share), cap ?? left) as Units
}

/** `floor(units x share)`, exact where the product would be no safe integer. */
const shareOf = (units: number, share: number): number =>
  Math.floor(units / WHOLE_SHARE) * share +
  Math.floor(((units % WHOLE_SHARE) * share) / WHOLE_SHARE)

/**
 * The number of channel units that a number of base units makes, for a listing that sells several at once: a pack
 * that is not full is not offered.
 *
 * @param multiple base units in each channel unit, 1 or more
 */
export const listedQuantity = (units: number, multiple: number): Units =>
  Math.floor(units / multiple) as Units
