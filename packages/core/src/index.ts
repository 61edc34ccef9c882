export * from "./access/index.ts"
export * from "./audit/index.ts"
export * from "./catalogue/index.ts"
export * from "./command/index.ts"
export * from "./flow/index.ts"
export * from "./host/index.ts"
export * from "./integration/index.ts"
export * from "./inventory/index.ts"
export * from "./kernel/index.ts"
export * from "./order/index.ts"
export * from "./party/index.ts"
// Who may open a partition or sweep all of them is decided inside: `openPartition` and `openSweeper` stay there.
export {
  add,
  type AnyCollection,
  check,
  Collection,
  type CollectionShape,
  type CommitRefused,
  Conflict,
  type CounterField,
  type Counters,
  CurrentPartition,
  Cursor,
  Driver,
  due,
  type DueRecord,
  Duplicate,
  type Entry,
  type EqualsOf,
  type Index,
  index,
  type IndexableField,
  type IndexValue,
  insert,
  Insufficient,
  InvalidCursor,
  MAX_ENTRIES,
  MAX_ID_LENGTH,
  MAX_PAGE,
  MAX_RECORD_BYTES,
  type Page,
  type Partition,
  PartitionId,
  type Query,
  type Range,
  type RawEntry,
  type RawQuery,
  type RawRecord,
  type RecordOf,
  remove,
  replace,
  Store,
  type Stored,
  StoreUnavailable,
  Sweeper,
  TooLarge,
  unique,
} from "./store/index.ts"
