export * from "./AuditEvent.ts"
