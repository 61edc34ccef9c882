import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  compareKeys,
  comparePrefix,
  compareValues,
  type OrderedKey,
  OrderedKeys,
} from "../../src/memory/OrderedKeys.ts"

const value = fc.oneof(
  fc.boolean(),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom("", "a", "b", "B", "é", "10", "9"),
)
const key = fc.array(value, { minLength: 1, maxLength: 3 })

/** One write: a key comes, or goes. */
const write = fc.record({ coming: fc.boolean(), key: fc.tuple(fc.nat(400), fc.nat(9)) })

/** A row of writes long enough that chunks split and empty. */
const writes = fc.array(write, { minLength: 1, maxLength: 6000, size: "max" })

const sortedCopy = (keys: Iterable<OrderedKey>) => [...keys].sort(compareKeys)

describe("ordered keys", () => {
  it("show the same as a sorted list after any row of writes, from any place, in both directions", () => {
    fc.assert(
      fc.property(writes, fc.nat(400), (row, from) => {
        const keys = new OrderedKeys()
        const model = new Map<string, OrderedKey>()
        for (const { coming, key: each } of row) {
          const name = each.join()
          if (!coming) {
            keys.delete(each)
            model.delete(name)
          } else if (!model.has(name)) {
            keys.insert(each)
            model.set(name, each)
          }
        }
        const all = sortedCopy(model.values())
        expect([...keys.ascend(() => true)]).toEqual(all)
        expect([...keys.descend(() => false)]).toEqual(all.toReversed())
        const above = all.filter((each) => comparePrefix(each, [from]) >= 0)
        expect([...keys.ascend((each) => comparePrefix(each, [from]) >= 0)]).toEqual(above)
        const below = all.filter((each) => comparePrefix(each, [from]) < 0).toReversed()
        expect([...keys.descend((each) => comparePrefix(each, [from]) >= 0)]).toEqual(below)
      }),
      { numRuns: 40 },
    )
  })

  it("hold keys that come in order, against the order, and go again", () => {
    const all = Array.from({ length: 2000 }, (_, i): OrderedKey => [i, "id"])
    for (const coming of [all, all.toReversed()]) {
      const keys = new OrderedKeys()
      for (const each of coming) keys.insert(each)
      expect([...keys.ascend(() => true)]).toEqual(all)
      for (const each of coming.filter(([i]) => Number(i) % 3 !== 0)) keys.delete(each)
      expect([...keys.ascend(() => true)]).toEqual(all.filter(([i]) => Number(i) % 3 === 0))
      for (const each of all) keys.delete(each)
      expect([...keys.ascend(() => true)]).toEqual([])
      expect([...keys.descend(() => false)]).toEqual([])
    }
  })

  it("find a place in a number of comparisons that grows with the logarithm of their number", () => {
    for (const size of [1000, 10_000, 100_000]) {
      const keys = new OrderedKeys()
      for (let i = 0; i < size; i++) keys.insert([i])
      let compared = 0
      const place = Math.floor(size / 3)
      const [first] = keys.ascend((each) => {
        compared++
        return Number(each[0]) >= place
      })
      expect(first).toEqual([place])
      expect(compared).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(size)) + 4)
    }
  })
})

describe("the order of keys", () => {
  it("is total", () => {
    fc.assert(
      fc.property(key, key, key, (a, b, c) => {
        expect(Math.sign(compareKeys(a, b))).toBe(-Math.sign(compareKeys(b, a)) + 0)
        expect(compareKeys(a, b) === 0).toBe(JSON.stringify(a) === JSON.stringify(b))
        const [x, y, z] = sortedCopy([a, b, c])
        if (x && y && z) expect(compareKeys(x, z)).toBeLessThanOrEqual(0)
      }),
    )
  })

  it("puts false before true, booleans before numbers, numbers before text, text by code unit", () => {
    const inOrder = [false, true, -10, -1, 0, 2, 10, "", "10", "9", "B", "a", "é", "😀"]
    for (const [i, left] of inOrder.entries())
      for (const [j, right] of inOrder.entries())
        expect(Math.sign(compareValues(left, right))).toBe(Math.sign(i - j))
  })

  it("puts a key that ends first before the longer one, and a prefix beside all that begin with it", () => {
    expect(compareKeys(["a"], ["a", 0])).toBeLessThan(0)
    expect(compareKeys(["b"], ["a", 0])).toBeGreaterThan(0)
    expect(comparePrefix(["a", 1, "id"], ["a", 1])).toBe(0)
    expect(comparePrefix(["a", 1, "id"], [])).toBe(0)
    expect(comparePrefix(["a", 1, "id"], ["a", 2])).toBeLessThan(0)
  })
})
