import * as Schema from "effect/Schema"
import type { Role } from "./policy.ts"

/** What a buyer's data may be shown for (R6): each names the fields that it needs, e-mail is in none. */
export const RevealPurpose = Schema.Literals(["label", "packing_slip"])
export type RevealPurpose = typeof RevealPurpose.Type

/** How far an order's units are, as far as showing its buyer is concerned. An order is at several stages at once. */
export const RevealStage = Schema.Literals(["released", "picked", "packed", "dispatched"])
export type RevealStage = typeof RevealStage.Type

const FROM_RELEASE = RevealStage.literals
type Row = Partial<Record<Role, ReadonlyArray<RevealStage>>>

/**
 * Role x purpose x stage: who may see a buyer, for what, and when. What is not listed is refused; before release
 * nothing is. The table is also the oracle of its tests (R28, security 3).
 */
export const revealPolicy: { readonly [Purpose in RevealPurpose]: Row } = {
  label: {
    owner: FROM_RELEASE,
    manager: FROM_RELEASE,
    dispatcher: ["packed", "dispatched"],
  },
  packing_slip: {
    owner: FROM_RELEASE,
    manager: FROM_RELEASE,
    packer: ["picked", "packed"],
  },
}

/** Whether somebody with the roles may see a buyer for a purpose while the order is at the stages. */
export const mayReveal = (
  purpose: RevealPurpose,
  roles: ReadonlyArray<Role>,
  stages: ReadonlyArray<RevealStage>,
): boolean =>
  roles.some((role) => revealPolicy[purpose][role]?.some((stage) => stages.includes(stage)))
