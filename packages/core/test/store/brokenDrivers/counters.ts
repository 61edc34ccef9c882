import { Effect } from "effect"
import { Insufficient } from "../../../src/store/index.ts"
import { broken, recordOf, withEntries } from "./faulty.ts"

/** Drivers that count wrong. */
export const counters = [
  broken(
    "add reads, thinks and writes back: updates are lost",
    withEntries((entry, good, partition) =>
      Effect.gen(function* () {
        if (entry.kind !== "add") return entry
        const read = yield* recordOf(good, partition, entry)
        yield* Effect.yieldNow
        const now = yield* recordOf(good, partition, entry)
        if (read === undefined || now === undefined) return entry
        const body: Record<string, unknown> = { ...read.body }
        for (const [counter, delta] of Object.entries(entry.deltas))
          body[counter] = Number(body[counter]) + delta
        const short = Object.entries(entry.floors).some(
          ([counter, floor]) => Number(body[counter]) < floor,
        )
        if (short) return entry
        return { ...entry, kind: "replace" as const, version: now.version, body }
      }),
    ),
    "no add is lost, however many callers add at once",
    "of more demand than stock, exactly the stock is granted",
    "two batches over the same counters in opposite order both come through, or are refused whole",
  ),
  broken(
    "floors are ignored",
    withEntries((entry) => Effect.succeed(entry.kind === "add" ? { ...entry, floors: {} } : entry)),
    "a counter may end exactly at its floor, not one below it",
    "a floor guards its counter even where nothing is added to it",
    "a counter below its floor already refuses until it is above again",
    "several adds to one record in a batch count as their sum, under the highest floor",
    "any row of guarded adds ends as plain arithmetic says",
    "a batch with a counter that runs out leaves nothing behind, wherever it stands",
    "of more demand than stock, exactly the stock is granted",
    "any history of batches shows what a plain model of records shows",
  ),
  broken(
    "floors may not be touched",
    withEntries((entry) =>
      Effect.succeed(
        entry.kind === "add"
          ? {
              ...entry,
              floors: Object.fromEntries(
                Object.entries(entry.floors).map(([key, floor]) => [key, floor + 1]),
              ),
            }
          : entry,
      ),
    ),
    "a counter may end exactly at its floor, not one below it",
    "any row of guarded adds ends as plain arithmetic says",
  ),
  broken(
    "every counter has a floor of zero",
    withEntries((entry) =>
      Effect.succeed(
        entry.kind === "add"
          ? {
              ...entry,
              floors: {
                ...Object.fromEntries(Object.keys(entry.deltas).map((key) => [key, 0])),
                ...entry.floors,
              },
            }
          : entry,
      ),
    ),
    "a counter without a floor may fall below zero, also beside one that has a floor",
  ),
  broken(
    "only the counters that change are guarded",
    withEntries((entry) =>
      Effect.succeed(
        entry.kind === "add"
          ? {
              ...entry,
              floors: Object.fromEntries(
                Object.entries(entry.floors).filter(([key]) => entry.deltas[key] !== undefined),
              ),
            }
          : entry,
      ),
    ),
    "a floor guards its counter even where nothing is added to it",
  ),
  broken(
    "only what is taken away is guarded",
    withEntries((entry) =>
      Effect.succeed(
        entry.kind === "add"
          ? {
              ...entry,
              floors: Object.fromEntries(
                Object.entries(entry.floors).filter(([key]) => (entry.deltas[key] ?? 0) <= 0),
              ),
            }
          : entry,
      ),
    ),
    "a counter below its floor already refuses until it is above again",
  ),
  broken(
    "adding to a missing record makes it",
    withEntries((entry, good, partition) =>
      Effect.map(recordOf(good, partition, entry), (record) =>
        entry.kind === "add" && record === undefined
          ? { ...entry, kind: "insert" as const, body: { id: entry.id, ...entry.deltas } }
          : entry,
      ),
    ),
    "a record that is not there holds nothing: Insufficient",
    "another partition's counters hold nothing here",
  ),
  broken(
    "adding leaves the version as it was",
    (good) => {
      // Versions as shown: those of the engine, less the adds that were not counted.
      const uncounted = new Map<string, number>()
      const keyOf = (partition: string, collection: string, id: string) =>
        `${partition} ${collection} ${id}`
      return {
        get: (collection, partition, id) =>
          Effect.map(
            good.get(collection, partition, id),
            (record) =>
              record && {
                ...record,
                version:
                  record.version - (uncounted.get(keyOf(partition, collection.name, id)) ?? 0),
              },
          ),
        commit: (partition, entries) =>
          good
            .commit(
              partition,
              entries.map((entry) =>
                "version" in entry
                  ? {
                      ...entry,
                      version:
                        entry.version +
                        (uncounted.get(keyOf(partition, entry.collection.name, entry.id)) ?? 0),
                    }
                  : entry,
              ),
            )
            .pipe(
              Effect.tap(() =>
                Effect.sync(() => {
                  for (const { kind, collection, id } of entries) {
                    const key = keyOf(partition, collection.name, id)
                    if (kind === "add") uncounted.set(key, (uncounted.get(key) ?? 0) + 1)
                  }
                }),
              ),
            ),
      }
    },
    "each write of a record counts its version up by one, a check does not",
    "adding moves a record in the indexes on the counter, and makes what was read old",
    "a record may be checked and added to in one batch",
  ),
  broken(
    "adding writes the whole record, without the fields that it does not know",
    (good) => ({
      commit: (partition, entries) =>
        Effect.gen(function* () {
          yield* good.commit(partition, entries)
          for (const entry of entries) {
            if (entry.kind !== "add") continue
            const record = yield* good.get(entry.collection, partition, entry.id)
            if (record === undefined) continue
            const { bay: _bay, dueAt: _dueAt, ...body } = record.body
            const { collection, id } = entry
            const replacing = {
              kind: "replace",
              collection,
              id,
              version: record.version,
              body,
            } as const
            yield* good.commit(partition, [replacing])
          }
        }),
    }),
    "add changes the counters that it names and nothing else",
  ),
  broken(
    "a counter that is not there cannot be counted",
    withEntries((entry, good, partition) =>
      Effect.gen(function* () {
        const record = yield* recordOf(good, partition, entry)
        if (entry.kind !== "add" || record === undefined) return entry
        const absent = Object.keys(entry.deltas).some((key) => record.body[key] === undefined)
        return absent ? { ...entry, id: "nowhere" } : entry
      }),
    ),
    "a counter that a record does not have yet counts from 0",
  ),
  broken(
    "counters hold three digits",
    withEntries((entry) =>
      Effect.succeed(
        entry.kind === "add"
          ? {
              ...entry,
              deltas: Object.fromEntries(
                Object.entries(entry.deltas).map(([key, delta]) => [key, delta % 1000]),
              ),
            }
          : entry,
      ),
    ),
    "adds to one record count as one entry, however many they are",
  ),
  broken(
    "a short counter is refused without saying which",
    (good) => ({
      commit: (partition, entries) =>
        Effect.catchTag(good.commit(partition, entries), "Insufficient", ({ collection }) =>
          Effect.fail(new Insufficient({ collection, id: "?" })),
        ),
    }),
    "a counter may end exactly at its floor, not one below it",
    "a record that is not there holds nothing: Insufficient",
  ),
]
