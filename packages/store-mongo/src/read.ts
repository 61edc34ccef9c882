import type {
  CollectionShape,
  DueRecord,
  Index,
  IndexValue,
  PartitionId,
  Range,
  RawQuery,
  RawRecord,
} from "@oto-fulfilment/core"
import type { Collection, Db, Filter } from "mongodb"
import { EVERY_NUMBER, indexPath, keyOf, type StoredDocument, toRecord, walkOf } from "./layout.ts"

const readOne = async (
  db: Db,
  shape: CollectionShape,
  partition: PartitionId,
  id: string,
): Promise<RawRecord | undefined> => {
  const filter = { _id: keyOf(partition, id), p: partition }
  const found = await documents(db, shape).findOne(filter)
  return found === null ? undefined : toRecord(found)
}

/** At most 1,000 records by id, in one command. */
export const readById = async (
  db: Db,
  shape: CollectionShape,
  partition: PartitionId,
  ids: ReadonlyArray<string>,
): Promise<ReadonlyArray<RawRecord>> => {
  const known = ids.filter((id) => id.isWellFormed())
  const [first] = known
  if (first === undefined) return []
  if (known.length === 1) {
    const found = await readOne(db, shape, partition, first)
    return found === undefined ? [] : [found]
  }
  const keys = known.map((id) => keyOf(partition, id))
  const filter = { _id: { $in: keys }, p: partition }
  const options = { limit: keys.length, batchSize: keys.length }
  // The order is that of the index on `_id`: no planner takes an index on the partition instead, and reads all of it.
  const found = await documents(db, shape).find(filter, options).sort({ _id: 1 }).toArray()
  return found.map(toRecord)
}

export const findByIndex = async (
  db: Db,
  shape: CollectionShape,
  partition: PartitionId,
  query: RawQuery,
  signal: AbortSignal,
): Promise<ReadonlyArray<RawRecord>> => {
  const declared = indexOf(shape, query.index)
  if (query.equals.some((value) => typeof value === "string" && !value.isWellFormed())) return []
  const found = await walk(documents(db, shape), {
    stretches: stretchesOf(declared, partition, query),
    order: walkOf(declared),
    direction: query.descending ? -1 : 1,
    limit: query.limit,
    signal,
  })
  return found.map(toRecord)
}

export const findDue = async (
  db: Db,
  shape: CollectionShape,
  { index, until, after, limit }: DueQuery,
  signal: AbortSignal,
): Promise<ReadonlyArray<DueRecord>> => {
  const declared = indexOf(shape, index)
  const order = walkOf(declared)
  const due: Bounds = { [String(order[0])]: { ...EVERY_NUMBER, $lte: until } }
  const found = await walk(documents(db, shape), {
    stretches:
      after === undefined
        ? [due]
        : behind(order, [after.at, after.partition, after.id], "$gt").map((beyond) =>
            both(due, beyond),
          ),
    order,
    direction: 1,
    limit,
    signal,
    // What the index holds: the records themselves are not read.
    projection: { _id: 0, ...Object.fromEntries(order.map((path) => [path, 1])) },
  })
  return found.map(({ p, id, b }) => ({
    partition: p as PartitionId,
    id,
    at: Number(Object.values(b)[0]),
  }))
}

interface DueQuery {
  readonly index: string
  readonly until: number
  readonly after: DueRecord | undefined
  readonly limit: number
}

/** By `_id`, whose order inside a partition is that of the ids; `0` is the character behind `/`. */
export const scanById = async (
  db: Db,
  shape: CollectionShape,
  partition: PartitionId,
  after: string | undefined,
  limit: number,
  signal: AbortSignal,
): Promise<ReadonlyArray<RawRecord>> => {
  const filter = {
    p: partition,
    _id: { $gt: keyOf(partition, after ?? ""), $lt: `${partition}0` },
  }
  const found = await documents(db, shape)
    .find(filter, { signal, limit, batchSize: limit })
    .sort({ _id: 1 })
    .toArray()
  return found.map(toRecord)
}

const documents = (db: Db, shape: CollectionShape): Collection<StoredDocument> =>
  db.collection<StoredDocument>(shape.name)

const indexOf = (shape: CollectionShape, name: string): Index => {
  const declared = shape.indexes[name]
  if (declared === undefined) throw new TypeError(`${shape.name} declares no index ${name}`)
  return declared
}

type Operators = { readonly [operator: `$${string}`]: unknown }

/** Conditions by field, all of which hold: one unbroken stretch of an index. */
interface Bounds {
  readonly [path: string]: Operators
}

/**
 * Reads stretches of an index one after the other until there is enough. A stretch is what every planner walks as it
 * is asked, without sorting; a page mostly lies in one or two of them.
 */
const walk = async (
  collection: Collection<StoredDocument>,
  { stretches, order, direction, limit, signal, projection }: Walk,
): Promise<ReadonlyArray<StoredDocument>> => {
  const sort = order.map((path): [string, 1 | -1] => [path, direction])
  const found: Array<StoredDocument> = []
  for (const bounds of stretches) {
    const wanted = limit - found.length
    if (wanted === 0) break
    const filter = plain(bounds)
    const options = { signal, limit: wanted, batchSize: wanted, ...(projection && { projection }) }
    found.push(...(await collection.find(filter, options).sort(sort).toArray()))
  }
  return found
}

interface Walk {
  readonly stretches: ReadonlyArray<Bounds>
  readonly order: ReadonlyArray<string>
  readonly direction: 1 | -1
  readonly limit: number
  readonly signal: AbortSignal
  readonly projection?: { readonly [path: string]: 0 | 1 }
}

/**
 * Where a query's records lie. Conditions that the index's own filter has are named again, so that MongoDB may use the
 * index, and the answer is the same where it does not.
 */
const stretchesOf = (
  declared: Index,
  partition: PartitionId,
  { equals, range, after, descending }: RawQuery,
): ReadonlyArray<Bounds> => {
  const paths = declared.fields.map(indexPath)
  const open = paths.slice(equals.length)
  const always: Bounds = {
    p: { $eq: partition },
    ...Object.fromEntries(equals.map((value, i) => [paths[i], { $eq: value }])),
    ...Object.fromEntries(open.map((path) => [path, { $exists: true }])),
  }
  const [first] = open
  const inside = first && range ? both(always, { [first]: operatorsOf(range) }) : always
  if (after === undefined) return [inside]
  const values = after.values.slice(equals.length)
  const beyond = descending ? "$lt" : "$gt"
  // Nothing else of the partition has the values of a unique index: there the id decides nothing.
  const places =
    declared.kind === "unique"
      ? behind(open, values, beyond)
      : behind([...open, "id"], [...values, after.id], beyond)
  return places.map((place) => both(inside, place))
}

/** What lies behind a place in an order of fields, nearest first: the last field beyond, then the one before it. */
const behind = (
  order: ReadonlyArray<string>,
  place: ReadonlyArray<IndexValue>,
  beyond: "$gt" | "$lt",
): ReadonlyArray<Bounds> =>
  order
    .map((path, i) => ({
      ...Object.fromEntries(order.slice(0, i).map((same, j) => [same, { $eq: place[j] }])),
      [path]: { [beyond]: place[i] },
    }))
    .reverse()

const operatorsOf = (range: Range): Operators =>
  Object.fromEntries(
    Object.entries(range)
      .filter(([, value]) => value !== undefined)
      .map(([operator, value]) => [`$${operator}`, value]),
  )

const both = (left: Bounds, right: Bounds): Bounds => {
  const bounds: Record<string, Operators> = { ...left }
  for (const [path, operators] of Object.entries(right))
    bounds[path] = { ...bounds[path], ...stricter(bounds[path] ?? {}, operators) }
  return bounds
}

/** Of two values for one operator, the one that lets less through. */
const stricter = (left: Operators, right: Operators): Operators =>
  Object.fromEntries(
    Object.entries(right).map(([name, value]) => {
      const operator = name as `$${string}`
      const other = left[operator]
      if (other === undefined || other === value) return [operator, value]
      const greater = isGreater(other as IndexValue, value as IndexValue)
      return [operator, greater === operator.startsWith("$g") ? other : value]
    }),
  )

/** In MongoDB's order: strings by code point, which is the order of their bytes in UTF-8. */
const isGreater = (left: IndexValue, right: IndexValue): boolean =>
  typeof left === "string" && typeof right === "string"
    ? Buffer.compare(Buffer.from(left), Buffer.from(right)) > 0
    : left > right

/** `{ field: value }` for `{ field: { $eq: value } }`, the form that every planner knows best. */
const plain = (bounds: Bounds): Filter<StoredDocument> =>
  Object.fromEntries(
    Object.entries(bounds).map(([path, operators]) => {
      const { $exists: _, ...rest } = operators
      const names = Object.keys(rest)
      if (names.length === 0) return [path, operators]
      return names.length === 1 && "$eq" in rest ? [path, rest["$eq"]] : [path, rest]
    }),
  )
