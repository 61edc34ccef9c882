import { describe, expect, it } from "@effect/vitest"
import type { SchemaAST } from "effect"
import { Schema } from "effect"
import {
  Backorder,
  ExternalOrder,
  Order,
  OrderSettingsRecord,
  OrderSnapshot,
} from "../../src/order/index.ts"

/** Words for fields that would hold a buyer's data or free text (T7). */
const PERSONAL =
  /name|address|street|postcode|zip|city|email|phone|note|comment|message|text|title|gift|buyer|customer|instruction|taxid|ip\b/iu

interface Found {
  readonly path: string
  readonly fault: string
}

/** Walks a record's encoded side: every field of it, whatever it lies in. */
const walk = (ast: SchemaAST.AST, path: string): ReadonlyArray<Found> => {
  switch (ast._tag) {
    case "Objects":
      return [
        ...ast.propertySignatures.flatMap(({ name, type }) => {
          const here = `${path}.${String(name)}`
          const fault = PERSONAL.test(String(name)) ? [{ path: here, fault: "its name" }] : []
          return [...fault, ...walk(type, here)]
        }),
        ...ast.indexSignatures.map(() => ({ path, fault: "any field" })),
      ]
    case "Arrays":
      return [...ast.elements, ...ast.rest].flatMap((each) => walk(each, `${path}[]`))
    case "Union":
      return ast.types.flatMap((each) => walk(each, path))
    case "String":
      return ast.checks === undefined && ast.encoding === undefined
        ? [{ path, fault: "free text" }]
        : []
    case "Number":
    case "Boolean":
    case "BigInt":
    case "Literal":
    case "Null":
      return []
    default:
      return [{ path, fault: `a ${ast._tag}` }]
  }
}

const faultsOf = (schema: { readonly ast: SchemaAST.AST }) => walk(schema.ast, "")

describe("the records of orders", () => {
  it.each([
    ["an order", Order],
    ["an order's external id", ExternalOrder],
    ["a backorder", Backorder],
    ["order settings", OrderSettingsRecord],
    ["a channel's snapshot", OrderSnapshot],
  ])("%s has no field for a buyer's data and no free text (T7)", (_, schema) => {
    expect(faultsOf(schema)).toEqual([])
  })

  it("would be found out otherwise", () => {
    const Bad = Schema.Struct({
      id: Schema.String.check(Schema.isMaxLength(5)),
      lines: Schema.Array(Schema.Struct({ giftMessage: Schema.Int, colour: Schema.String })),
      extra: Schema.optionalKey(Schema.Unknown),
      any: Schema.Record(Schema.String, Schema.Int),
    })
    expect(faultsOf(Bad)).toEqual([
      { path: ".lines[].giftMessage", fault: "its name" },
      { path: ".lines[].colour", fault: "free text" },
      { path: ".extra", fault: "a Unknown" },
      { path: ".any", fault: "any field" },
    ])
  })
})
