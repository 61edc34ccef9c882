export { auditLaws } from "./audit/auditLaws.ts"
export * from "./Contract.ts"
export { blindIndexesOf, type Canary, canariesOf, canary } from "./canary/Canary.ts"
export { type CanaryWatch, canaryWatch } from "./canary/canaryWatch.ts"
export { dumpPlaces } from "./canary/dumpPlaces.ts"
export { dumpStore } from "./canary/dumpStore.ts"
export { type Finding, findCanaries, type Haystack } from "./canary/findCanaries.ts"
export { haystacksOf } from "./canary/haystacksOf.ts"
export * from "./expectations.ts"
export * from "./forAll.ts"
export { jobLaws } from "./jobs/jobLaws.ts"
export { keyRingContract, keyRingContractOf } from "./keyRing/keyRingContract.ts"
export type { LawTrials } from "./laws/exploreStudy.ts"
export { type OrderOperations, orderLaws } from "./order/orderLaws.ts"
export {
  type RetentionEngine,
  type RetentionPorts,
  retentionLaws,
} from "./retention/retentionLaws.ts"
export { secretStoreContract } from "./secretStore/secretStoreContract.ts"
export { type StockOperations, stockLaws } from "./stock/stockLaws.ts"
export { contractCollections } from "./store/contractCollections.ts"
export { storeContract, storeContractOf } from "./store/storeContract.ts"
