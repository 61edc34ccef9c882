import * as Schema from "effect/Schema"

/**
 * What data is processed for: a closed set (R11). `label`, `packing_slip` and `pick_list` are the documents of
 * fulfilment, the only ones that buyer data is read for (R6); `subject_request` is the answer to somebody who asks
 * about their own data (R47-R52).
 */
export const Purpose = Schema.Literals([
  "label",
  "packing_slip",
  "pick_list",
  "fulfilment",
  "stock_sync",
  "shipment_confirmation",
  "account",
  "security",
  "subject_request",
])
export type Purpose = typeof Purpose.Type

/** Grounds of UK GDPR Art. 6(1) that a purpose may rest on. */
export type LegalBasis = "contract" | "legitimate_interest" | "legal_obligation"

/** On what each purpose rests (R11): the five of the policy, its documents as part of fulfilment, and the rights. */
export const legalBasis: { readonly [P in Purpose]: ReadonlyArray<LegalBasis> } = {
  label: ["contract", "legitimate_interest"],
  packing_slip: ["contract", "legitimate_interest"],
  pick_list: ["contract", "legitimate_interest"],
  fulfilment: ["contract", "legitimate_interest"],
  stock_sync: ["contract"],
  shipment_confirmation: ["contract"],
  account: ["contract"],
  security: ["legitimate_interest"],
  subject_request: ["legal_obligation"],
}
