import type { StandingState } from "../access/index.ts"

/** Stock is worked with while its merchant may not sell, but nothing new comes in once it is closing. */
export const WHILE_OPEN: ReadonlyArray<StandingState> = ["active", "on_stop", "suspended"]

/** What also winds a merchant's stock up: moving, counting, writing off, putting right. */
export const UNTIL_CLOSED: ReadonlyArray<StandingState> = [...WHILE_OPEN, "closing"]
