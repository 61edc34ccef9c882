import {
  type CollectionShape,
  Conflict,
  type Counters,
  type DueRecord,
  Duplicate,
  type Index,
  type IndexValue,
  Insufficient,
  type PartitionId,
  type RawQuery,
  type RawRecord,
} from "../store/index.ts"
import { comparePrefix, compareValues, type OrderedKey, OrderedKeys } from "./OrderedKeys.ts"

interface KeptIndex {
  readonly name: string
  readonly declared: Index
  readonly keys: OrderedKeys
  /** Of a unique index: which record holds the values. */
  readonly holders: Map<string, string>
}

/** What takes a write back. */
export type Undo = () => void

/** One collection in memory: records by partition and id, and its indexes, each led by the partition. */
export class Table {
  private readonly partitions = new Map<PartitionId, Map<string, RawRecord>>()
  private readonly indexes: ReadonlyArray<KeptIndex>
  private ids: OrderedKeys | undefined
  private readonly shape: CollectionShape

  constructor(shape: CollectionShape) {
    this.shape = shape
    this.indexes = Object.entries(shape.indexes).map(([name, declared]) => ({
      name,
      declared,
      keys: new OrderedKeys(),
      holders: new Map(),
    }))
  }

  get(partition: PartitionId, id: string): RawRecord | undefined {
    return this.partitions.get(partition)?.get(id)
  }

  getMany(partition: PartitionId, ids: ReadonlyArray<string>): ReadonlyArray<RawRecord> {
    const records = this.partitions.get(partition)
    return ids.flatMap((id) => records?.get(id) ?? [])
  }

  insert(partition: PartitionId, id: string, body: RawRecord["body"]): Undo | Duplicate {
    if (this.get(partition, id) !== undefined) return this.duplicate("id", id)
    return this.write(partition, id, undefined, { id, version: 1, body: sealed(body) })
  }

  replace(
    partition: PartitionId,
    id: string,
    version: number,
    body: RawRecord["body"],
  ): Undo | Duplicate | Conflict {
    const before = this.get(partition, id)
    if (before?.version !== version) return new Conflict({ collection: this.shape.name, id })
    return this.write(partition, id, before, { id, version: version + 1, body: sealed(body) })
  }

  remove(partition: PartitionId, id: string, version: number): Undo | Duplicate | Conflict {
    const before = this.get(partition, id)
    if (before?.version !== version) return new Conflict({ collection: this.shape.name, id })
    return this.write(partition, id, before, undefined)
  }

  check(partition: PartitionId, id: string, version: number): Undo | Conflict {
    return this.get(partition, id)?.version === version
      ? () => {}
      : new Conflict({ collection: this.shape.name, id })
  }

  add(
    partition: PartitionId,
    id: string,
    deltas: Counters,
    floors: Counters,
  ): Undo | Duplicate | Insufficient {
    const before = this.get(partition, id)
    if (before === undefined) return new Insufficient({ collection: this.shape.name, id })
    const body: Record<string, unknown> = { ...before.body }
    for (const counter in deltas) body[counter] = countOf(body, counter) + (deltas[counter] ?? 0)
    for (const counter in floors) {
      if (countOf(body, counter) < (floors[counter] ?? 0))
        return new Insufficient({ collection: this.shape.name, id })
    }
    const after = { id, version: before.version + 1, body: Object.freeze(body) }
    return this.write(partition, id, before, after)
  }

  find(partition: PartitionId, query: RawQuery): ReadonlyArray<RawRecord> {
    const kept = this.indexes.find(({ name }) => name === query.index)
    const records = this.partitions.get(partition)
    if (kept === undefined || records === undefined) return []
    const prefix: OrderedKey = [partition, ...query.equals]
    const behind = query.after && [partition, ...query.after.values, query.after.id]
    const walk = query.descending
      ? kept.keys.descend(passedBy(prefix, query, behind))
      : kept.keys.ascend(reachedBy(prefix, query, behind))
    const found: Array<RawRecord> = []
    for (const key of walk) {
      if (comparePrefix(key, prefix) !== 0 || isBeyond(key[prefix.length], query)) break
      const record = records.get(String(key[key.length - 1]))
      if (record !== undefined) found.push(record)
      if (found.length === query.limit) break
    }
    return found
  }

  due(
    index: string,
    until: number,
    after: DueRecord | undefined,
    limit: number,
  ): ReadonlyArray<DueRecord> {
    const kept = this.indexes.find(({ name }) => name === index)
    const found: Array<DueRecord> = []
    const start: OrderedKey = after === undefined ? [] : [after.at, after.partition, after.id]
    for (const key of kept?.keys.ascend(
      (other) => comparePrefix(other, start) > (after ? 0 : -1),
    ) ?? []) {
      const [at, partition, id] = key as readonly [number, PartitionId, string]
      if (at > until || found.length === limit) break
      found.push({ partition, id, at })
    }
    return found
  }

  scan(partition: PartitionId, after: string | undefined, limit: number): ReadonlyArray<RawRecord> {
    this.ids ??= this.orderIds()
    const records = this.partitions.get(partition)
    const start = after === undefined ? [partition] : [partition, after]
    const found: Array<RawRecord> = []
    for (const key of this.ids.ascend(
      (other) => comparePrefix(other, start) >= (after === undefined ? 0 : 1),
    )) {
      const record = key[0] === partition ? records?.get(String(key[1])) : undefined
      if (record === undefined || found.length === limit) break
      found.push(record)
    }
    return found
  }

  private write(
    partition: PartitionId,
    id: string,
    before: RawRecord | undefined,
    after: RawRecord | undefined,
  ): Undo | Duplicate {
    const taken = after && this.indexes.find((kept) => this.isTaken(kept, partition, id, after))
    if (taken !== undefined) return this.duplicate(taken.name, id)
    this.put(partition, id, before, after)
    return () => this.put(partition, id, after, before)
  }

  private isTaken(kept: KeptIndex, partition: PartitionId, id: string, record: RawRecord): boolean {
    if (kept.declared.kind !== "unique") return false
    const values = valuesOf(kept.declared, record)
    const holder = values && kept.holders.get(holderKey(partition, values))
    return holder !== undefined && holder !== id
  }

  private put(
    partition: PartitionId,
    id: string,
    before: RawRecord | undefined,
    after: RawRecord | undefined,
  ): void {
    const records = this.recordsOf(partition)
    if (after === undefined) records.delete(id)
    else records.set(id, after)
    for (const kept of this.indexes) moveKey(kept, partition, id, before, after)
    if (before === undefined) this.ids?.insert([partition, id])
    if (after === undefined) this.ids?.delete([partition, id])
  }

  private recordsOf(partition: PartitionId): Map<string, RawRecord> {
    const known = this.partitions.get(partition)
    if (known !== undefined) return known
    const records = new Map<string, RawRecord>()
    this.partitions.set(partition, records)
    return records
  }

  private orderIds(): OrderedKeys {
    const ids = new OrderedKeys()
    for (const [partition, records] of this.partitions)
      for (const id of records.keys()) ids.insert([partition, id])
    return ids
  }

  private duplicate(index: string, id: string): Duplicate {
    return new Duplicate({ collection: this.shape.name, index, id })
  }
}

/** A counter that the record does not have stands at 0. */
const countOf = (body: RawRecord["body"], counter: string): number => Number(body[counter] ?? 0)

const moveKey = (
  kept: KeptIndex,
  partition: PartitionId,
  id: string,
  before: RawRecord | undefined,
  after: RawRecord | undefined,
): void => {
  const fields = kept.declared.fields
  if (before && after && fields.every((field) => before.body[field] === after.body[field])) return
  const from = before && valuesOf(kept.declared, before)
  const to = after && valuesOf(kept.declared, after)
  if (from) {
    kept.keys.delete(keyOf(kept.declared, from, partition, id))
    if (kept.declared.kind === "unique") kept.holders.delete(holderKey(partition, from))
  }
  if (to) {
    kept.keys.insert(keyOf(kept.declared, to, partition, id))
    if (kept.declared.kind === "unique") kept.holders.set(holderKey(partition, to), id)
  }
}

/** A due index runs across partitions, the others inside one. */
const keyOf = (
  declared: Index,
  values: ReadonlyArray<IndexValue>,
  partition: PartitionId,
  id: string,
): OrderedKey => (declared.kind === "due" ? [...values, partition, id] : [partition, ...values, id])

/** A copy that nobody can change: neither what a caller gave nor what a caller got is the record itself. */
const sealed = <A>(value: A): A => {
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return Object.freeze(value.map(sealed)) as A
  const copy: { [field: string]: unknown } = {}
  for (const field in value) if (value[field] !== undefined) copy[field] = sealed(value[field])
  return Object.freeze(copy) as A
}

/** A record that lacks one of the index's fields is not in the index. */
const valuesOf = (declared: Index, record: RawRecord): ReadonlyArray<IndexValue> | undefined => {
  const values: Array<IndexValue> = []
  for (const field of declared.fields) {
    const value = record.body[field]
    if (value === undefined || value === null) return undefined
    values.push(value as IndexValue)
  }
  return values
}

const holderKey = (partition: PartitionId, values: ReadonlyArray<IndexValue>): string =>
  JSON.stringify([partition, ...values])

/** From where a walk upwards begins: at the lower end of the range and behind the page before. */
const reachedBy = (prefix: OrderedKey, { range }: RawQuery, behind: OrderedKey | undefined) => {
  const from = range?.gte === undefined ? prefix : [...prefix, range.gte]
  const above = range?.gt === undefined ? undefined : [...prefix, range.gt]
  return (key: OrderedKey) =>
    comparePrefix(key, from) >= 0 &&
    (above === undefined || comparePrefix(key, above) > 0) &&
    (behind === undefined || comparePrefix(key, behind) > 0)
}

/** What a walk downwards leaves out: all above the upper end of the range, and the pages before. */
const passedBy = (prefix: OrderedKey, { range }: RawQuery, behind: OrderedKey | undefined) => {
  const to = range?.lte === undefined ? prefix : [...prefix, range.lte]
  const below = range?.lt === undefined ? undefined : [...prefix, range.lt]
  return (key: OrderedKey) =>
    comparePrefix(key, to) > 0 ||
    (below !== undefined && comparePrefix(key, below) >= 0) ||
    (behind !== undefined && comparePrefix(key, behind) >= 0)
}

/** Whether a key lies outside the end of the range towards which the walk goes. */
const isBeyond = (value: IndexValue | undefined, { range, descending }: RawQuery): boolean => {
  if (range === undefined || value === undefined) return false
  if (descending) {
    return (
      (range.gte !== undefined && compareValues(value, range.gte) < 0) ||
      (range.gt !== undefined && compareValues(value, range.gt) <= 0)
    )
  }
  return (
    (range.lte !== undefined && compareValues(value, range.lte) > 0) ||
    (range.lt !== undefined && compareValues(value, range.lt) >= 0)
  )
}
