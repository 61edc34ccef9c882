import * as Schema from "effect/Schema"
import { Dimensions, Grams } from "./Measure.ts"

/** One closed box as a courier sees it: gross weight in grams, outer size in millimetres. */
export const Parcel = Schema.Struct({ weight: Grams, size: Dimensions })
export type Parcel = typeof Parcel.Type
