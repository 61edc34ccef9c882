import { Effect } from "effect"
import type { RawRecord } from "../../../src/store/index.ts"
import { broken, type Good, recordOf, withEntries } from "./faulty.ts"

/** Writes a body and shows the same object to every reader: the record is in the hands of whoever has it. */
const sharing =
  (share: (body: RawRecord["body"]) => RawRecord["body"]) =>
  (good: Good): Partial<Good> => {
    const given = new Map<string, RawRecord["body"]>()
    const shared = <R extends RawRecord | undefined>(partition: string, record: R): R =>
      record && {
        ...record,
        body: given.get(`${partition} ${record.id} ${record.version}`) ?? record.body,
      }
    return {
      get: (collection, partition, id) =>
        Effect.map(good.get(collection, partition, id), (record) => shared(partition, record)),
      find: (collection, partition, query) =>
        Effect.map(good.find(collection, partition, query), (found) =>
          found.map((record) => shared(partition, record)),
        ),
      commit: (partition, entries) =>
        Effect.tap(good.commit(partition, entries), () =>
          Effect.sync(() => {
            for (const entry of entries)
              if (entry.kind === "insert")
                given.set(`${partition} ${entry.id} 1`, share(entry.body))
          }),
        ),
    }
  }

/** Drivers whose batches are not one thing. */
export const batches = [
  broken(
    "entries are written one after another, up to the one that fails",
    (good) => ({
      commit: (partition, entries) =>
        Effect.forEach(
          entries,
          (entry) => Effect.andThen(Effect.yieldNow, good.commit(partition, [entry])),
          { discard: true },
        ),
    }),
    "a batch with a taken id leaves nothing behind, wherever it stands",
    "a batch with a new record with taken unique values leaves nothing behind, wherever it stands",
    "a batch with an old replace leaves nothing behind, wherever it stands",
    "a batch with an old remove leaves nothing behind, wherever it stands",
    "a batch with an old check leaves nothing behind, wherever it stands",
    "a batch with a counter that runs out leaves nothing behind, wherever it stands",
    "a batch spans collections: a refusal in one leaves nothing in the other",
    "a large batch that fails at its end leaves nothing behind",
    "one batch cannot take the same unique values twice",
    "of many callers that insert one id, one wins",
    "of many callers that replace one version, one wins",
    "of two batches that each rest on what the other changes, at most one succeeds",
    "any history of batches shows what a plain model of records shows",
  ),
  broken(
    "a batch is judged from its end",
    (good) => ({ commit: (partition, entries) => good.commit(partition, entries.toReversed()) }),
    "of several reasons to refuse, a taken id comes first and a counter last",
  ),
  broken(
    "a batch is cut off behind a thousand entries",
    (good) => ({ commit: (partition, entries) => good.commit(partition, entries.slice(0, 1000)) }),
    "a batch of 2,500 entries is written whole, one of 2,501 not at all",
    "a large batch that fails at its end leaves nothing behind",
  ),
  broken(
    "what was given is kept, not copied",
    sharing((body) => body),
    "changing a value after it was given to the store changes no record",
  ),
  broken(
    "what is kept is given out, not copied",
    sharing((body) => structuredClone(body)),
    "changing a value that was read changes no record",
  ),
  broken(
    "an insert writes over what is there",
    withEntries((entry, good, partition) =>
      Effect.map(recordOf(good, partition, entry), (record) =>
        entry.kind === "insert" && record !== undefined
          ? { ...entry, kind: "replace" as const, version: record.version }
          : entry,
      ),
    ),
    "an id is taken once: a second insert is a Duplicate of the index `id`",
    "a batch with a taken id leaves nothing behind, wherever it stands",
    "of several reasons to refuse, a taken id comes first and a counter last",
    "of many callers that insert one id, one wins",
  ),
  broken(
    "making the collections ready empties them",
    (good) => {
      let times = 0
      return {
        prepare: (collections) =>
          Effect.tap(good.prepare(collections), () =>
            Effect.sync(() => {
              times++
            }),
          ),
        scan: (collection, partition, after, limit) =>
          times > 1 ? Effect.succeed([]) : good.scan(collection, partition, after, limit),
      }
    },
    "making the collections ready again leaves everything as it is",
  ),
  broken(
    "versions count from zero",
    (good) => ({
      get: (collection, partition, id) =>
        Effect.map(
          good.get(collection, partition, id),
          (record) => record && { ...record, version: record.version - 1 },
        ),
    }),
    "what was written is read back as it was, in version 1",
  ),
  broken(
    "a missing record is read as an empty one",
    (good) => ({
      get: (collection, partition, id) =>
        Effect.map(
          good.get(collection, partition, id),
          (record) => record ?? { id, version: 0, body: {} },
        ),
    }),
    "a record that nobody wrote is not there",
    "another partition's record is not there for get",
  ),
]
