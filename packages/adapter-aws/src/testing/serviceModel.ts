/**
 * Judges messages by the model of the service that the SDK ships as its schemas. They say which members there are,
 * which are required, and of what type. Lengths, patterns and enumerations are not in them.
 */

/** A value as it stands in JSON: bytes as base64, dates as seconds. */
export type Wire<T> = T extends Uint8Array
  ? string
  : T extends Date
    ? number
    : T extends ReadonlyArray<infer Item>
      ? Array<Wire<Item>>
      : T extends object
        ? { [Member in keyof T]: Wire<T[Member]> }
        : T

/** The schemas of an operation's request and answer. */
export interface OperationModel {
  readonly input: unknown
  readonly output: unknown
}

/** The operation's model in the exports of an SDK package: `GenerateDataKey$` and the like. */
export const modelOf = (
  sdk: { readonly [name: string]: unknown },
  operation: string,
): OperationModel | undefined => {
  const schema = sdk[`${operation}$`]
  if (!Array.isArray(schema) || schema[0] !== OPERATION) return undefined
  return { input: schema[4], output: schema[5] }
}

/** Where a message breaks its schema, as paths with what is wrong there: `KeyId: missing`. Values are not shown. */
export const breachesOf = (schema: unknown, value: unknown, path = ""): ReadonlyArray<string> => {
  const given = resolve(schema)
  if (typeof given === "number") return breachesOfPlain(given, value, path)
  if (given === "unit")
    return isRecord(value) && Object.keys(value).length === 0 ? [] : [`${path}: not empty`]
  if (!Array.isArray(given)) return [`${path}: no model`]
  switch (given[0]) {
    case SIMPLE:
      return breachesOf(given[4], value, path)
    case LIST:
      return breachesOfList(given[4], value, path)
    case MAP:
      return breachesOfMap(given[5], value, path)
    case STRUCT:
      return breachesOfStruct(given, value, path)
    default:
      return [`${path}: no model`]
  }
}

const [SIMPLE, LIST, MAP, STRUCT, OPERATION] = [0, 1, 2, 3, 9] as const
const [LIST_OF, MAP_OF] = [64, 128] as const
const BLOB = 21

/** References are functions, and a member may come as a pair of its schema and its traits. */
const resolve = (schema: unknown): unknown => {
  if (typeof schema === "function") return resolve(schema())
  if (Array.isArray(schema) && schema.length === 2 && typeof schema[1] !== "string")
    return resolve(schema[0])
  return schema
}

const breachesOfPlain = (schema: number, value: unknown, path: string): ReadonlyArray<string> => {
  if (schema >= MAP_OF) return breachesOfMap(schema - MAP_OF, value, path)
  if (schema >= LIST_OF) return breachesOfList(schema - LIST_OF, value, path)
  return isPlain(schema, value) ? [] : [`${path}: wrong type`]
}

const isPlain = (schema: number, value: unknown): boolean => {
  if (schema === 0) return typeof value === "string"
  if (schema === 2) return typeof value === "boolean"
  if (schema === BLOB) return typeof value === "string" && BASE64.test(value)
  return typeof value === "number"
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u

const breachesOfList = (item: unknown, value: unknown, path: string): ReadonlyArray<string> =>
  Array.isArray(value)
    ? value.flatMap((each, index) => breachesOf(item, each, `${path}[${index}]`))
    : [`${path}: not a list`]

const breachesOfMap = (item: unknown, value: unknown, path: string): ReadonlyArray<string> =>
  isRecord(value)
    ? Object.values(value).flatMap((each) => breachesOf(item, each, `${path}{}`))
    : [`${path}: not a map`]

const breachesOfStruct = (
  schema: ReadonlyArray<unknown>,
  value: unknown,
  path: string,
): ReadonlyArray<string> => {
  const members = schema[4] as ReadonlyArray<string>
  const schemas = schema[5] as ReadonlyArray<unknown>
  const required = typeof schema[6] === "number" ? schema[6] : 0
  if (!isRecord(value)) return [`${path}: not a structure`]
  const at = (member: string) => (path === "" ? member : `${path}.${member}`)
  return [
    ...Object.keys(value)
      .filter((member) => !members.includes(member))
      .map((member) => `${at(member)}: unknown`),
    ...members.flatMap((member, index) => {
      if (value[member] !== undefined) return breachesOf(schemas[index], value[member], at(member))
      return index < required ? [`${at(member)}: missing`] : []
    }),
  ]
}

const isRecord = (value: unknown): value is { readonly [member: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)
