import { Effect } from "effect"
import { AuditLog } from "../../src/audit/index.ts"
import { type Merchant, OperatorId, openMerchant, registerOperator } from "../../src/party/index.ts"
import { Store } from "../../src/store/index.ts"
import { inside } from "../world.ts"

export const OPERATOR = OperatorId.make("01890a5d-ac96-774b-8cce-b302099a8001")

export const registration = {
  key: "install-1",
  id: OPERATOR,
  name: "North Quay Fulfilment",
  timeZone: "Europe/London",
} as const

export const opening = (name = "Tea & Co", key = `open ${name}`.replaceAll(" ", "-")) => ({
  key,
  name,
  settings: { currency: "GBP", timeZone: "Europe/London" },
})

/** Opens a merchant of the operator, who is registered first. */
export const openedMerchant = (name?: string) =>
  Effect.gen(function* () {
    yield* registerOperator(registration)
    return yield* inside(OPERATOR)(openMerchant(opening(name)))
  })

/** Runs `work` in the partition of a merchant, as somebody with the run of the place. */
export const insideMerchant = (merchant: Merchant) =>
  inside(merchant.id, ["owner", "platform_admin"])

/** The audit events of the current partition, as `action object outcome`. */
export const auditTrail = Effect.gen(function* () {
  const page = yield* (yield* Store).find(AuditLog, "time", { limit: 1000 })
  return page.items.map(({ value }) => `${value.action} ${value.object.kind} ${value.outcome}`)
})
