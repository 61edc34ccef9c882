import { describeBeats } from "../laws/describeBeats.ts"
import type { Call, Lived } from "./StockTrace.ts"
import { START } from "./StockWorld.ts"

/** What was sent in a history, one line a command: when, by whom, what, and what came of it. */
export const describeLived = ({ beats }: Lived): string =>
  describeBeats<Call>(beats, START, ({ who }) => (who === 0 ? "A " : "B "))
