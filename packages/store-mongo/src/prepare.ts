import { type CollectionShape, StoreUnavailable } from "@oto-fulfilment/core"
import { type Db, type IndexDescriptionInfo, MongoServerError } from "mongodb"
import { FENCES } from "./fence.ts"
import { hashOf, indexesOf, LAYOUT, layoutOf, type MongoIndex, validatorOf } from "./layout.ts"

/** How a database differs from what the collections declare. Empty lists: it does not. */
export interface MongoDrift {
  /** Declared indexes that are not there; `prepare` makes them. */
  readonly missing: ReadonlyArray<string>
  /** Indexes that nothing declares any more: an operator drops them once no older host runs. */
  readonly extra: ReadonlyArray<string>
  /** Indexes under a declared one's name with another definition: somebody made them by hand. */
  readonly differing: ReadonlyArray<string>
  /** Collections that are not there, or whose validator is not the one of this layout. */
  readonly unguarded: ReadonlyArray<string>
}

/** Every index that a collection has, besides the one on `_id`. */
const readIndexes = async (
  db: Db,
  collection: string,
): Promise<ReadonlyArray<IndexDescriptionInfo>> => {
  try {
    return (await db.collection(collection).indexes()).filter(({ name }) => name !== "_id_")
  } catch (error) {
    if (isServerError(error, NO_COLLECTION)) return []
    throw error
  }
}

/**
 * Makes collections, their validators and their indexes. Whatever is there stays, so it may run beside working hosts,
 * older ones and newer ones too, and as often as one likes. An index is never dropped or changed.
 */
export const prepare = async (
  db: Db,
  shapes: ReadonlyArray<CollectionShape>,
  expireByServer: boolean,
): Promise<void> => {
  const validators = await readValidators(db)
  for (const name of [...shapes.map((shape) => shape.name), FENCES]) {
    if (!validators.has(name)) await createCollection(db, name)
    else if (name !== FENCES) await raiseLayout(db, name, layoutOf(validators.get(name)))
  }
  for (const shape of shapes) {
    const wanted = indexesOf(shape, expireByServer)
    const there = new Set((await readIndexes(db, shape.name)).map(definitionOf))
    for (const index of wanted) {
      if (there.has(hashOf(index))) continue
      there.add(hashOf(index))
      await createIndex(db, shape.name, index)
    }
  }
}

/** Compares a database with what the collections declare. It changes nothing. */
export const readDrift = async (
  db: Db,
  shapes: ReadonlyArray<CollectionShape>,
  expireByServer: boolean,
): Promise<MongoDrift> => {
  const validators = await readValidators(db)
  const missing: Array<string> = []
  const extra: Array<string> = []
  const differing: Array<string> = []
  for (const shape of shapes) {
    const wanted = indexesOf(shape, expireByServer)
    const there = await readIndexes(db, shape.name)
    const definitions = new Set(there.map(definitionOf))
    const declared = new Set(wanted.map(hashOf))
    missing.push(...wanted.filter((each) => !definitions.has(hashOf(each))).map(({ name }) => name))
    for (const index of there) {
      if (declared.has(definitionOf(index))) continue
      const taken = wanted.some(({ name }) => name === index.name)
      ;(taken ? differing : extra).push(`${taken ? "" : `${shape.name}: `}${index.name}`)
    }
  }
  const guarded = JSON.stringify(validatorOf(LAYOUT))
  const unguarded = shapes
    .map(({ name }) => name)
    .filter((name) => JSON.stringify(validators.get(name)) !== guarded)
  return { missing, extra, differing, unguarded }
}

const readValidators = async (db: Db): Promise<ReadonlyMap<string, object | undefined>> => {
  const found = await db.listCollections({}, { nameOnly: false }).toArray()
  return new Map(
    found.map((each) => [
      each.name,
      "options" in each ? (each.options?.["validator"] as object) : undefined,
    ]),
  )
}

const createCollection = async (db: Db, name: string): Promise<void> => {
  try {
    await db.createCollection(name, name === FENCES ? {} : { validator: validatorOf(LAYOUT) })
  } catch (error) {
    // Another host was first.
    if (!isServerError(error, COLLECTION_EXISTS)) throw error
  }
}

const raiseLayout = async (db: Db, name: string, layout: number): Promise<void> => {
  if (layout > LAYOUT)
    throw new StoreUnavailable({
      operation: "prepare",
      reason: `${name} has layout ${layout}, above this host's ${LAYOUT}`,
    })
  if (layout < LAYOUT) await db.command({ collMod: name, validator: validatorOf(LAYOUT) })
}

const createIndex = async (db: Db, collection: string, index: MongoIndex): Promise<void> => {
  const { declared: _, key, ...options } = index
  try {
    await db.collection(collection).createIndex({ ...key }, options)
  } catch (error) {
    throw isServerError(error)
      ? new StoreUnavailable({
          operation: "prepare",
          reason: `index ${index.name}: ${error.codeName ?? error.code}`,
        })
      : error
  }
}

const definitionOf = (index: IndexDescriptionInfo): string => {
  const { key, unique, partialFilterExpression, expireAfterSeconds } = index as Partial<MongoIndex>
  return hashOf({
    key: key ?? {},
    unique: unique === true,
    ...(partialFilterExpression === undefined ? {} : { partialFilterExpression }),
    ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds }),
  })
}

const isServerError = (error: unknown, code?: number): error is MongoServerError =>
  error instanceof MongoServerError && (code === undefined || error.code === code)

const NO_COLLECTION = 26
const COLLECTION_EXISTS = 48
