export * from "./forgetReceipts.ts"
export * from "./Outbox.ts"
export * from "./Receipt.ts"
