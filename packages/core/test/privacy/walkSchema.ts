import type { SchemaAST } from "effect"
import { type PersonalField, personalFieldOf } from "../../src/kernel/index.ts"

/** One value of a schema that is no record of further fields. */
export interface Leaf {
  /** `collection.field.field`, with `[]` for the elements of a list and `{}` for those of a dictionary. */
  readonly path: string
  readonly kind: SchemaAST.AST["_tag"]
  readonly mark: PersonalField | undefined
  /** Whether it is text without any check of its own. */
  readonly free: boolean
}

/** Every value that a schema lets in, whatever it lies in: options, lists, unions, transformations. */
export const walkSchema = (path: string, { ast }: { readonly ast: SchemaAST.AST }) =>
  walk(ast, path, new Set())

const walk = (
  ast: SchemaAST.AST,
  path: string,
  within: ReadonlySet<SchemaAST.AST>,
): ReadonlyArray<Leaf> => {
  // A schema of itself: what lies in it was walked already.
  if (within.has(ast)) return []
  const into = (next: SchemaAST.AST, to: string) => walk(next, to, new Set([...within, ast]))
  const mark = personalFieldOf(ast)
  if (mark !== undefined) return [{ path, kind: ast._tag, mark, free: false }]
  switch (ast._tag) {
    case "Objects":
      return [
        ...ast.propertySignatures.flatMap(({ name, type }) =>
          into(type, `${path}.${String(name)}`),
        ),
        ...ast.indexSignatures.flatMap(({ type }) => into(type, `${path}{}`)),
      ]
    case "Arrays":
      return [...ast.elements, ...ast.rest].flatMap((each) => into(each, `${path}[]`))
    case "Union":
      return ast.types.flatMap((each) => into(each, path))
    case "Suspend":
      return into(ast.thunk(), path)
    case "Declaration":
      return ast.typeParameters.length > 0
        ? ast.typeParameters.flatMap((each) => into(each, path))
        : [{ path, kind: ast._tag, mark, free: false }]
    default:
      return [
        {
          path,
          kind: ast._tag,
          mark,
          free: ast._tag === "String" && ast.checks === undefined && ast.encoding === undefined,
        },
      ]
  }
}
