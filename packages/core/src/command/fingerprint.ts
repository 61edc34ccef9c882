import { createHash } from "node:crypto"
import { canonical } from "../kernel/index.ts"

/** SHA-256, in hex, over a value written in one canonical way: object keys sorted, bigints as digits. */
export const fingerprint = (command: string, value: unknown): string =>
  createHash("sha256").update(command).update("\n").update(canonical(value)).digest("hex")
