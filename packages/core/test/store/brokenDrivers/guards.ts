import { Effect } from "effect"
import { Conflict } from "../../../src/store/index.ts"
import { broken, recordOf, withEntries } from "./faulty.ts"

/** Drivers that do not hold a record to the version that was read. */
export const guards = [
  broken(
    "replace writes over any version",
    withEntries((entry, good, partition) =>
      Effect.map(recordOf(good, partition, entry), (record) =>
        entry.kind === "replace" && record !== undefined
          ? { ...entry, version: record.version }
          : entry,
      ),
    ),
    "replace is a Conflict when the record moved since it was read",
    "a batch with an old replace leaves nothing behind, wherever it stands",
    "of many callers that replace one version, one wins",
    "adding moves a record in the indexes on the counter, and makes what was read old",
    "any history of batches shows what a plain model of records shows",
  ),
  broken(
    "replace brings back what is gone",
    withEntries((entry, good, partition) =>
      Effect.map(recordOf(good, partition, entry), (record) =>
        entry.kind === "replace" && record === undefined
          ? { ...entry, kind: "insert" as const }
          : entry,
      ),
    ),
    "replace is a Conflict when the record is gone",
  ),
  broken(
    "replace keeps old fields that the new value lacks",
    withEntries((entry, good, partition) =>
      Effect.map(recordOf(good, partition, entry), (record) =>
        entry.kind === "replace" ? { ...entry, body: { ...record?.body, ...entry.body } } : entry,
      ),
    ),
    "a replacement puts the new value in the place of the old one, with nothing of it left",
    "a record that lacks a field of an index, or holds null there, is not in that index",
  ),
  broken(
    "remove removes any version, and what is gone as well",
    withEntries((entry, good, partition) =>
      Effect.map(recordOf(good, partition, entry), (record) => {
        if (entry.kind !== "remove") return entry
        return record === undefined ? undefined : { ...entry, version: record.version }
      }),
    ),
    "remove is a Conflict when the record moved since it was read",
    "remove is a Conflict when the record is gone",
    "a batch with an old remove leaves nothing behind, wherever it stands",
    "of many callers that remove one version, one wins",
  ),
  broken(
    "checks are left out",
    withEntries((entry) => Effect.succeed(entry.kind === "check" ? undefined : entry)),
    "check is a Conflict when the record moved since it was read",
    "check is a Conflict when the record is gone",
    "a batch with an old check leaves nothing behind, wherever it stands",
    "a record that was read twice, in two versions, holds for neither",
    "a record may be checked and added to in one batch",
    "of two batches that each rest on what the other changes, at most one succeeds",
    "a check holds at commit: what it pins cannot move in between",
    "any history of batches shows what a plain model of records shows",
  ),
  broken(
    "checks are made before the commit, not in it",
    withEntries((entry, good, partition) =>
      Effect.gen(function* () {
        if (entry.kind !== "check") return entry
        const record = yield* recordOf(good, partition, entry)
        yield* Effect.yieldNow
        return record?.version === entry.version ? undefined : entry
      }),
    ),
    "of two batches that each rest on what the other changes, at most one succeeds",
    "a check holds at commit: what it pins cannot move in between",
  ),
  broken(
    "a check is a write",
    withEntries((entry, good, partition) =>
      Effect.map(recordOf(good, partition, entry), (record) =>
        entry.kind === "check" && record !== undefined
          ? { ...entry, kind: "replace" as const, body: record.body }
          : entry,
      ),
    ),
    "a check that holds writes nothing",
    "each write of a record counts its version up by one, a check does not",
  ),
  broken(
    "a conflict does not say where",
    (good) => ({
      commit: (partition, entries) =>
        Effect.catchTag(good.commit(partition, entries), "Conflict", () =>
          Effect.fail(new Conflict({ collection: "?", id: "?" })),
        ),
    }),
    "replace is a Conflict when the record moved since it was read",
    "check is a Conflict when the record is gone",
  ),
]
