import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"

/** The parts that a buyer's data is sealed in, each on its own (R6, R17: nobody needs all of them). */
export const PiiField = Schema.Literals(["name", "address", "email", "phone", "other"])
export type PiiField = typeof PiiField.Type

/** Whose data a personal field holds: the row of the data catalogue that it belongs to (R1, R3). */
export type PersonalCategory = "buyer" | "account" | "credential"

/** What a schema says of a field that holds personal data. */
export interface PersonalField {
  readonly category: PersonalCategory
  /** The part that a buyer's field is sealed into. Fields of other categories are not sealed by order. */
  readonly sealedIn?: PiiField
}

const KEY = "@oto-fulfilment/core/personal"

/**
 * Marks a field as personal: `Schema.String.annotate(personal({ category: "account" }))`. Every field that holds a
 * person's data carries the mark, sealed or not; tests hold it against the data catalogue (R1).
 */
export const personal = (field: PersonalField): { readonly [key: string]: PersonalField } => ({
  [KEY]: field,
})

/** What the mark says, or nothing for a field without one. Marks are on the decoded side of a schema. */
export const personalFieldOf = (ast: SchemaAST.AST): PersonalField | undefined =>
  SchemaAST.resolveAt<PersonalField>(KEY)(ast)
