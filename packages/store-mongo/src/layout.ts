import { createHash } from "node:crypto"
import type { CollectionShape, Index, PartitionId, RawRecord } from "@oto-fulfilment/core"
import { fieldName, readBody, writeBody } from "./bodyFields.ts"

/**
 * The version of how records and indexes are laid out, written into every collection's validator. A host raises a
 * lower one when it prepares a collection, and refuses a higher one.
 */
export const LAYOUT = 1

/** A record as MongoDB keeps it. One collection a record type; the partition leads every key. */
export interface StoredDocument {
  /** `<partition>/<id>` */
  readonly _id: string
  readonly p: string
  readonly id: string
  /** Version: counts writes from 1. */
  readonly v: number
  /** The record itself. */
  readonly b: { readonly [field: string]: unknown }
  /** Index fields of the record that are null: left out of `b`, since an index holds what exists. */
  readonly n?: ReadonlyArray<string>
  /** When the server may remove the record, where its collection declares that it `expires`. */
  readonly x?: Date
}

/** An index as MongoDB is to have it. */
export interface MongoIndex {
  /** The name in the declaration; `ttl` for the backstop. */
  readonly declared: string
  /** `<collection>.<declared>.<hash of the definition>`: another definition is another index. */
  readonly name: string
  readonly key: { readonly [field: string]: 1 }
  readonly unique: boolean
  readonly partialFilterExpression?: { readonly [field: string]: object }
  readonly expireAfterSeconds?: 0
}

export const keyOf = (partition: PartitionId, id: string): string => `${partition}/${id}`

export const toDocument = (
  shape: CollectionShape,
  partition: PartitionId,
  record: RawRecord,
  expireByServer: boolean,
): StoredDocument => {
  if (!record.id.isWellFormed())
    throw new TypeError(`${shape.name}: an id is not well-formed Unicode`)
  const nulls = indexedFields(shape).filter((field) => record.body[field] === null)
  const expiry =
    expireByServer && shape.expires !== undefined ? record.body[shape.expires] : undefined
  return {
    _id: keyOf(partition, record.id),
    p: partition,
    id: record.id,
    v: record.version,
    b: writeBody(record.body, nulls),
    ...(nulls.length === 0 ? {} : { n: nulls }),
    ...(typeof expiry === "number" ? { x: new Date(expiry) } : {}),
  }
}

export const toRecord = ({ id, v, b, n }: StoredDocument): RawRecord => ({
  id,
  version: Number(v),
  body: readBody(b, n ?? []),
})

/** The fields that a collection's index walks, in order. A unique index needs no id to be a total order. */
export const walkOf = ({ kind, fields }: Index): ReadonlyArray<string> => {
  const paths = fields.map(indexPath)
  if (kind === "due") return [...paths, "p", "id"]
  return kind === "unique" ? ["p", ...paths] : ["p", ...paths, "id"]
}

/** Where an indexed field lies. */
export const indexPath = (field: string): string => `b.${fieldName(field)}`

/** The indexes that a collection needs, in the order of its declaration. */
export const indexesOf = (
  shape: CollectionShape,
  expireByServer: boolean,
): ReadonlyArray<MongoIndex> => {
  const declared = Object.entries(shape.indexes).map(([name, index]) =>
    named(shape, name, {
      key: ascending(walkOf(index)),
      unique: index.kind === "unique",
      partialFilterExpression: Object.fromEntries(
        index.fields.map((field) => [
          indexPath(field),
          index.kind === "due" ? EVERY_NUMBER : { $exists: true },
        ]),
      ),
    }),
  )
  return [
    named(shape, "partition", PARTITION),
    ...declared,
    ...(expireByServer && shape.expires !== undefined ? [named(shape, "ttl", TTL)] : []),
  ]
}

/** The declared name of the index that refused a write, out of the server's name for it. */
export const declaredIndex = (shape: CollectionShape, name: string): string => {
  if (name === "_id_") return "id"
  const hash = name.slice(name.lastIndexOf(".") + 1)
  const known = indexesOf(shape, false).filter(({ unique }) => unique)
  return (
    (
      known.find((index) => index.name.endsWith(`.${hash}`)) ??
      (known.length === 1 ? known[0] : undefined)
    )?.declared ?? name
  )
}

/** What MongoDB itself refuses to store in a collection: anything that is no record of this layout. */
export const validatorOf = (layout: number) => ({
  $jsonSchema: {
    bsonType: "object",
    description: `oto layout ${layout}`,
    required: ["_id", "p", "id", "v", "b"],
    properties: {
      _id: { bsonType: "string" },
      p: { bsonType: "string", minLength: 1 },
      id: { bsonType: "string", minLength: 1 },
      v: { bsonType: "number", minimum: 1 },
      b: { bsonType: "object" },
      n: { bsonType: "array" },
      x: { bsonType: "date" },
    },
  },
})

/** The layout that a collection's validator names; 0 without one of ours. */
export const layoutOf = (validator: unknown): number => {
  const schema = (validator as { readonly $jsonSchema?: { readonly description?: unknown } })
    ?.$jsonSchema
  return Number(/^oto layout (\d+)$/.exec(String(schema?.description))?.[1] ?? 0)
}

/** The due index holds records whose field is a number, and whoever asks says so. */
export const EVERY_NUMBER = { $gte: Number.NEGATIVE_INFINITY } as const

/** Serves scans, and lets an operator shard by `{ p: 1, _id: 1 }` or `{ p: 1 }`. */
const PARTITION = { key: { p: 1, _id: 1 }, unique: false } as const

const TTL = {
  key: { x: 1 },
  unique: false,
  partialFilterExpression: { x: { $exists: true } },
  expireAfterSeconds: 0,
} as const

type Definition = Omit<MongoIndex, "declared" | "name">

const named = (shape: CollectionShape, declared: string, definition: Definition): MongoIndex => ({
  declared,
  name: `${shape.name}.${declared}.${hashOf(definition)}`,
  ...definition,
})

/** Tells whether two indexes are the same one, whatever they are called. */
export const hashOf = (index: Definition): string =>
  createHash("sha256")
    .update(
      JSON.stringify(
        [
          Object.entries(index.key),
          index.unique,
          Object.entries(index.partialFilterExpression ?? {}),
          index.expireAfterSeconds ?? null,
        ],
        (_, value) => (value === Number.NEGATIVE_INFINITY ? String(value) : value),
      ),
    )
    .digest("hex")
    .slice(0, 8)

const ascending = (fields: ReadonlyArray<string>): MongoIndex["key"] =>
  Object.fromEntries(fields.map((field) => [field, 1 as const]))

const indexedFields = (shape: CollectionShape): ReadonlyArray<string> => [
  ...new Set(Object.values(shape.indexes).flatMap(({ fields }) => fields)),
]
