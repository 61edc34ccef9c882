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
  type AnyCollection,
  add,
  Collection,
  type CollectionShape,
  type CommitRefused,
  Conflict,
  type CounterField,
  type Counters,
  CurrentPartition,
  Cursor,
  check,
  Driver,
  type DueRecord,
  Duplicate,
  due,
  type Entry,
  type EqualsOf,
  type Index,
  type IndexableField,
  type IndexValue,
  Insufficient,
  InvalidCursor,
  index,
  insert,
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
  readEveryPage,
  remove,
  replace,
  Store,
  type Stored,
  StoreUnavailable,
  Sweeper,
  TooLarge,
  unique,
} from "./store/index.ts"
