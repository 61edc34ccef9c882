export * from "./Outbox.ts"
export * from "./Receipt.ts"
