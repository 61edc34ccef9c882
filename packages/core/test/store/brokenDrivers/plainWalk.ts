import { Effect } from "effect"
import type { IndexValue, RawQuery, RawRecord } from "../../../src/store/index.ts"
import type { Good } from "./faulty.ts"

/** The parts of a `find` that a fault may change. */
interface Parts {
  readonly bodyOf: (record: RawRecord) => RawRecord["body"]
  readonly compare: (a: IndexValue, b: IndexValue) => number
  readonly matches: (value: IndexValue, asked: IndexValue) => boolean
  readonly ties: (a: RawRecord, b: RawRecord) => number
}

const compare = (a: IndexValue, b: IndexValue) => (a < b ? -1 : a > b ? 1 : 0)

const right: Parts = {
  bodyOf: ({ body }) => body,
  compare,
  matches: (value, asked) => value === asked,
  ties: (a, b) => compare(a.id, b.id),
}

/** A `find` in plain sight, over every record of the partition, with some parts changed. With none it is right. */
export const plainWalk =
  (good: Good, fault: Partial<Parts> = {}): Good["find"] =>
  (collection, partition, query) =>
    Effect.map(good.scan(collection, partition, undefined, Number.POSITIVE_INFINITY), (records) => {
      const parts = { ...right, ...fault }
      const fields = collection.indexes[query.index]?.fields ?? []
      const keyed = records.flatMap((record) => {
        const key = fields.map((field) => parts.bodyOf(record)[field])
        return key.some((value) => value === undefined || value === null)
          ? []
          : [{ record, key: key as ReadonlyArray<IndexValue> }]
      })
      const compareKeyed = (a: (typeof keyed)[number], b: (typeof keyed)[number]) => {
        for (const [i, value] of a.key.entries()) {
          const order = parts.compare(value, b.key[i] as IndexValue)
          if (order !== 0) return order
        }
        return parts.ties(a.record, b.record)
      }
      const turn = query.descending ? -1 : 1
      const { after } = query
      const last = after && {
        record: records.find(({ id }) => id === after.id) ?? { id: after.id, version: 0, body: {} },
        key: after.values,
      }
      return keyed
        .filter(({ key }) =>
          query.equals.every((asked, i) => parts.matches(key[i] as IndexValue, asked)),
        )
        .filter(({ key }) => inRange(key[query.equals.length], query.range))
        .sort((a, b) => turn * compareKeyed(a, b))
        .filter((each) => last === undefined || turn * compareKeyed(each, last) > 0)
        .slice(0, query.limit)
        .map(({ record }) => record)
    })

const inRange = (value: IndexValue | undefined, range: RawQuery["range"]): boolean =>
  value === undefined ||
  range === undefined ||
  ((range.gte === undefined || value >= range.gte) &&
    (range.gt === undefined || value > range.gt) &&
    (range.lte === undefined || value <= range.lte) &&
    (range.lt === undefined || value < range.lt))
