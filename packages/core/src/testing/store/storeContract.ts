import type { Driver } from "../../store/index.ts"
import type { Contract } from "../Contract.ts"
import type { Trials } from "../forAll.ts"
import { batchClauses } from "./batchClauses.ts"
import { changeClauses } from "./changeClauses.ts"
import { counterClauses } from "./counterClauses.ts"
import { dueClauses } from "./dueClauses.ts"
import { encodingClauses } from "./encodingClauses.ts"
import { findClauses } from "./findClauses.ts"
import { limitClauses } from "./limitClauses.ts"
import { manyClauses } from "./manyClauses.ts"
import { modelClauses } from "./modelClauses.ts"
import { pageClauses } from "./pageClauses.ts"
import { partitionClauses } from "./partitionClauses.ts"
import { raceClauses } from "./raceClauses.ts"
import { readClauses } from "./readClauses.ts"
import { scanClauses } from "./scanClauses.ts"
import { textClauses } from "./textClauses.ts"
import { uniqueClauses } from "./uniqueClauses.ts"

/**
 * What every storage engine promises, one clause for each law of `Store` and `Driver`, races included. Clauses
 * use new partitions and the collections of `contractCollections` only, so that they can run on a store in use.
 *
 * @param trials how many generated histories the two model clauses try, and from which seed
 */
export const storeContractOf = (trials: Trials): Contract<Driver> => ({
  name: "store contract",
  clauses: [
    ...readClauses,
    ...manyClauses,
    ...uniqueClauses,
    ...changeClauses,
    ...counterClauses(trials),
    ...batchClauses,
    ...raceClauses,
    ...findClauses,
    ...pageClauses,
    ...dueClauses,
    ...scanClauses,
    ...partitionClauses,
    ...limitClauses,
    ...encodingClauses,
    ...textClauses,
    ...modelClauses(trials),
  ],
})

/** The store's contract with a hundred generated histories a model clause. */
export const storeContract: Contract<Driver> = storeContractOf({ runs: 100 })
