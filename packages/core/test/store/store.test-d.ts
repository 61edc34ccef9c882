// @effect-diagnostics missingEffectContext:off floatingEffect:off -- what is wrong here is so on purpose
/** What must not compile. Checked by `tsc`; nothing here runs. */
import { Effect, type Option, Schema, type Stream } from "effect"
import {
  add,
  Collection,
  type CurrentPartition,
  type Driver,
  type DueRecord,
  due,
  index,
  insert,
  replace,
  Store,
  type Stored,
  type StoreUnavailable,
  type Sweeper,
  unique,
} from "../../src/store/index.ts"

const Box = Schema.Struct({
  id: Schema.String,
  shelf: Schema.String,
  rank: Schema.Int,
  live: Schema.Boolean,
  total: Schema.BigIntFromString,
  tags: Schema.Array(Schema.String),
  stock: Schema.Int,
  extra: Schema.optionalKey(Schema.Int),
  maybe: Schema.NullOr(Schema.Int),
  dueAt: Schema.optionalKey(Schema.Int),
  either: Schema.Union([Schema.String, Schema.Int]),
})
type Box = typeof Box.Type

const Boxes = Collection.make("boxes", {
  schema: Box,
  key: (box) => box.id,
  indexes: {
    shelf: index("shelf", "rank", "live"),
    rank: unique("rank"),
    dueAt: due("dueAt"),
  },
})

declare const store: Store["Service"]
declare const box: Box
declare const stored: Stored<Box>

/** Holds when both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const proved = <_Law extends true>(): void => {}

// --- declaring ------------------------------------------------------------------------------------------------

Collection.make("boxes", {
  schema: Box,
  key: (each) => each.id,
  // @ts-expect-error an index is over fields of the record
  indexes: { bad: index("nowhere") },
})

Collection.make("boxes", {
  schema: Box,
  key: (each) => each.id,
  // @ts-expect-error one wrong field among right ones is wrong as well
  indexes: { bad: index("shelf", "nowhere") },
})

Collection.make("boxes", {
  schema: Box,
  key: (each) => each.id,
  // @ts-expect-error a bigint cannot be ordered by an index
  indexes: { bad: index("total") },
})

Collection.make("boxes", {
  schema: Box,
  key: (each) => each.id,
  // @ts-expect-error a list cannot be ordered by an index
  indexes: { bad: unique("tags") },
})

Collection.make("boxes", {
  schema: Box,
  key: (each) => each.id,
  // @ts-expect-error a field of an index has values of one type
  indexes: { bad: index("either") },
})

Collection.make("boxes", {
  schema: Box,
  key: (each) => each.id,
  indexes: {},
  // @ts-expect-error an upcast gives a body
  upcasts: [() => "body"],
})

Collection.make("boxes", {
  schema: Box,
  key: (each) => each.id,
  // @ts-expect-error a due index is over a field of the record
  indexes: { bad: due("nowhere") },
})

// @ts-expect-error an index has at least one field
index()

Collection.make("boxes", {
  schema: Box,
  // @ts-expect-error the id is a string
  key: (each) => each.rank,
  indexes: {},
})

// --- finding --------------------------------------------------------------------------------------------------

// Right: none, one, two or all fields, in order.
store.find(Boxes, "shelf", {})
store.find(Boxes, "shelf", { equals: {} })
store.find(Boxes, "shelf", { equals: { shelf: "a" } })
store.find(Boxes, "shelf", { equals: { shelf: "a", rank: 1 }, range: { gte: true } })
store.find(Boxes, "shelf", { equals: { shelf: "a", rank: 1, live: true }, order: "descending" })
store.find(Boxes, "rank", { range: { gt: 1 } })

// @ts-expect-error the index is not declared
store.find(Boxes, "stock", {})

// @ts-expect-error a due index is for sweepers, not for find
store.find(Boxes, "dueAt", {})

// @ts-expect-error equals skips the first field
store.find(Boxes, "shelf", { equals: { rank: 1 } })

// @ts-expect-error equals skips the second field
store.find(Boxes, "shelf", { equals: { shelf: "a", live: true } })

// @ts-expect-error equals names a field that is not in the index
store.find(Boxes, "shelf", { equals: { shelf: "a", stock: 1 } })

// @ts-expect-error equals compares a field with a value of its type
store.find(Boxes, "shelf", { equals: { shelf: 1 } })

// @ts-expect-error there are two orders
store.find(Boxes, "shelf", { order: "sideways" })

// @ts-expect-error a cursor comes from a page
store.find(Boxes, "shelf", { after: "text" })

// @ts-expect-error nobody can name a partition
store.find(Boxes, "shelf", { partition: "p" })

// --- writing --------------------------------------------------------------------------------------------------

insert(Boxes, box)
replace(stored, { ...box, rank: 2 })
add(Boxes, "a", { stock: -1, rank: 1 }, { stock: 0 })

// @ts-expect-error a record of another type
insert(Boxes, { id: "a" })

// @ts-expect-error a field of another type
insert(Boxes, { ...box, total: "1" })

// @ts-expect-error a replacement of another type
replace(stored, { id: "a" })

// @ts-expect-error a replacement with a field of another type
replace(stored, { ...box, stock: "1" })

// @ts-expect-error a counter is a number
add(Boxes, "a", { shelf: 1 })

// @ts-expect-error a bigint is no counter
add(Boxes, "a", { total: 1 })

// @ts-expect-error a field that a record may lack is no counter
add(Boxes, "a", { extra: 1 })

// @ts-expect-error a field that may be null is no counter
add(Boxes, "a", { maybe: 1 })

// @ts-expect-error a counter is a field of the record
add(Boxes, "a", { nowhere: 1 })

// @ts-expect-error a floor belongs to a counter
add(Boxes, "a", { stock: 1 }, { shelf: 0 })

// @ts-expect-error what is added is a number
add(Boxes, "a", { stock: "1" })

// @ts-expect-error a batch holds entries
store.commit([box])

// --- the partition --------------------------------------------------------------------------------------------

const read = store.get(Boxes, "a")
const many = store.getMany(Boxes, ["a", "b"])
const found = store.find(Boxes, "shelf", {})
const written = store.commit([insert(Boxes, box)])
const scanned = store.scan(Boxes)
const swept = store.due(Boxes, "dueAt", 0)

proved<
  Same<typeof read, Effect.Effect<Option.Option<Stored<Box>>, StoreUnavailable, CurrentPartition>>
>()
proved<
  Same<
    typeof many,
    Effect.Effect<ReadonlyMap<"a" | "b", Stored<Box>>, StoreUnavailable, CurrentPartition>
  >
>()
proved<Same<typeof scanned, Stream.Stream<Stored<Box>, StoreUnavailable, CurrentPartition>>>()
proved<Same<Effect.Services<typeof found>, CurrentPartition>>()
proved<Same<Effect.Services<typeof written>, CurrentPartition>>()
proved<Same<typeof swept, Stream.Stream<DueRecord, StoreUnavailable, Sweeper>>>()

// @ts-expect-error reading needs a partition
Effect.runPromise(read)

// @ts-expect-error reading many needs a partition
Effect.runPromise(many)

// @ts-expect-error finding needs a partition
Effect.runPromise(found)

// @ts-expect-error writing needs a partition
Effect.runPromise(written)

// @ts-expect-error a scan needs a partition
export const everything: Stream.Stream<unknown, unknown> = scanned

// @ts-expect-error a sweep needs a sweeper
export const sweep: Stream.Stream<unknown, unknown> = swept

// @ts-expect-error being in a partition does not make a sweeper
export const sweepInside: Stream.Stream<unknown, unknown, CurrentPartition> = swept

// @ts-expect-error only a due index tells what is due
store.due(Boxes, "rank", 0)

// @ts-expect-error nobody makes a partition out of an id
export const forged: CurrentPartition["Service"] = { id: box.id }

// @ts-expect-error a store is made over a driver
Effect.runPromise(Effect.provide(Effect.asVoid(Store), Store.layer([Boxes])))

proved<Same<Driver["Service"]["name"], string>>()
