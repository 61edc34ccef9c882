import type { CollectionShape, PartitionId, RawRecord } from "@oto-fulfilment/core"

type ReadById = (
  shape: CollectionShape,
  partition: PartitionId,
  ids: ReadonlyArray<string>,
) => Promise<ReadonlyArray<RawRecord>>

/** Reads by id that will be sent as one command. */
interface Gathering {
  readonly ids: Set<string>
  readonly found: Promise<ReadonlyMap<string, RawRecord>>
}

/** Ids of one command: more would make others wait for records that they did not ask for. */
const MOST = 100

/**
 * Reads by id, in which callers that ask while the process is busy with one round of answers share a command: under load
 * sixteen callers read the standing of their merchant once, not sixteen times.
 *
 * A command is sent after every call that it serves was made, never joined on its way, so each caller still sees all
 * that was committed before it asked.
 */
export const gatherReads = (readById: ReadById): ReadById => {
  const gatherings = new Map<string, Gathering>()

  const open = (key: string, shape: CollectionShape, partition: PartitionId): Gathering => {
    const ids = new Set<string>()
    const found = new Promise<ReadonlyMap<string, RawRecord>>((resolve, reject) => {
      // After all answers that have come in have been dealt with.
      setImmediate(() => {
        if (gatherings.get(key)?.ids === ids) gatherings.delete(key)
        readById(shape, partition, [...ids]).then(
          (records) => resolve(new Map(records.map((record) => [record.id, record]))),
          reject,
        )
      })
    })
    const gathering = { ids, found }
    gatherings.set(key, gathering)
    return gathering
  }

  return async (shape, partition, ids) => {
    if (ids.length > MOST) return readById(shape, partition, ids)
    const key = `${partition} ${shape.name}`
    const known = gatherings.get(key)
    const gathering =
      known !== undefined && known.ids.size + ids.length <= MOST
        ? known
        : open(key, shape, partition)
    for (const id of ids) gathering.ids.add(id)
    const found = await gathering.found
    return [...new Set(ids)].flatMap((id) => found.get(id) ?? [])
  }
}
