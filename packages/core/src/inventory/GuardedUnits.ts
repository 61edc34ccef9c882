import * as Schema from "effect/Schema"

/**
 * Units in a counter that the floors of `add` keep at 0 or above. The schema does not ask it again: a record that got
 * below 0 in spite of them must stay readable, or nothing could find it (`verifyLedger`) and repair it.
 */
export const GuardedUnits = Schema.Int.pipe(Schema.brand("Units"))
