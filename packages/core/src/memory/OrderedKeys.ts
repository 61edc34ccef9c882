import type { IndexValue } from "../store/index.ts"

/** An index entry: the values of the index's fields, then what makes it unique (the partition, the id). */
export type OrderedKey = ReadonlyArray<IndexValue>

const CHUNK = 512

/**
 * Keys in order, in chunks of at most 512, so that a write moves a few hundred entries and a search takes
 * O(log n) steps at any size.
 */
export class OrderedKeys {
  private readonly chunks: Array<Array<OrderedKey>> = []
  /** The last key of each chunk, side by side: what a search looks at first. */
  private readonly lasts: Array<OrderedKey> = []

  insert(key: OrderedKey): void {
    const at = this.chunkFor(key)
    const chunk = this.chunks[at]
    if (chunk === undefined) {
      this.chunks.push([key])
      this.lasts.push(key)
      return
    }
    chunk.splice(
      firstIndex(chunk, (other) => compareKeys(other, key) >= 0),
      0,
      key,
    )
    if (chunk.length > CHUNK) this.split(at, chunk)
    else this.lasts[at] = chunk[chunk.length - 1] as OrderedKey
  }

  delete(key: OrderedKey): void {
    const at = this.chunkOf((other) => compareKeys(other, key) >= 0)
    const chunk = this.chunks[at]
    if (chunk === undefined) return
    const index = firstIndex(chunk, (other) => compareKeys(other, key) >= 0)
    const found = chunk[index]
    if (found === undefined || compareKeys(found, key) !== 0) return
    chunk.splice(index, 1)
    if (chunk.length > 0) this.lasts[at] = chunk[chunk.length - 1] as OrderedKey
    else {
      this.chunks.splice(at, 1)
      this.lasts.splice(at, 1)
    }
  }

  /** Keys from the first one that `reached` accepts. `reached` must stay true once it is. */
  *ascend(reached: (key: OrderedKey) => boolean): Generator<OrderedKey> {
    let at = this.chunkOf(reached)
    let index = firstIndex(this.chunks[at] ?? [], reached)
    for (; at < this.chunks.length; at++, index = 0) {
      const chunk = this.chunks[at] ?? []
      for (; index < chunk.length; index++) yield chunk[index] as OrderedKey
    }
  }

  /** Keys downwards from the last one that `passed` does not accept. `passed` must stay true once it is. */
  *descend(passed: (key: OrderedKey) => boolean): Generator<OrderedKey> {
    let at = Math.min(this.chunkOf(passed), this.chunks.length - 1)
    let index = firstIndex(this.chunks[at] ?? [], passed) - 1
    for (; at >= 0; at--, index = (this.chunks[at]?.length ?? 0) - 1) {
      const chunk = this.chunks[at] ?? []
      for (; index >= 0; index--) yield chunk[index] as OrderedKey
    }
  }

  /** Where a new key goes. Keys that start with an instant mostly come last, so the end is tried first. */
  private chunkFor(key: OrderedKey): number {
    const end = this.chunks.length - 1
    const last = this.lasts[end]
    if (last === undefined || compareKeys(last, key) < 0) return end
    return this.chunkOf((other) => compareKeys(other, key) >= 0)
  }

  /** The first chunk whose last key is accepted: the one that holds the border. */
  private chunkOf(accepted: (key: OrderedKey) => boolean): number {
    return firstIndex(this.lasts, accepted)
  }

  private split(at: number, chunk: Array<OrderedKey>): void {
    const upper = chunk.splice(CHUNK / 2)
    this.chunks.splice(at + 1, 0, upper)
    this.lasts.splice(at, 1, chunk.at(-1) as OrderedKey, upper.at(-1) as OrderedKey)
  }
}

/** By value, field for field: booleans before numbers before strings; a key that ends first sorts first. */
export const compareKeys = (a: OrderedKey, b: OrderedKey): number => {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const order = compareValues(a[i] as IndexValue, b[i] as IndexValue)
    if (order !== 0) return order
  }
  return a.length - b.length
}

/** Compares the first fields of a key with a bound that may be shorter. */
export const comparePrefix = (key: OrderedKey, bound: OrderedKey): number => {
  for (let i = 0; i < bound.length; i++) {
    const order = compareValues(key[i] as IndexValue, bound[i] as IndexValue)
    if (order !== 0) return order
  }
  return 0
}

export const compareValues = (a: IndexValue, b: IndexValue): number =>
  a === b ? 0 : typeof a === typeof b ? (a < b ? -1 : 1) : rankOf(a) - rankOf(b)

const rankOf = (value: IndexValue): number =>
  typeof value === "boolean" ? 0 : typeof value === "number" ? 1 : 2

const firstIndex = <A>(list: ReadonlyArray<A>, accepted: (item: A) => boolean): number => {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (accepted(list[middle] as A)) high = middle
    else low = middle + 1
  }
  return low
}
