import { describe, expect, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { defineListing, defineProduct, resolveListing } from "../../src/catalogue/index.ts"
import { Receipts } from "../../src/integration/index.ts"
import { registerOperator } from "../../src/party/index.ts"
import { Store } from "../../src/store/index.ts"
import { inWorld, MERCHANT_A } from "../world.ts"

const HALF = "\uD83D"
const SHOP = "01890a5d-ac96-774b-8cce-b302099a8070"
const issue = (path: string) => ({
  path,
  message: "not well-formed Unicode: half of a surrogate pair",
})

describe("half a surrogate pair", () => {
  it.effect("is bad input to every command and query, by its path", () =>
    Effect.gen(function* () {
      const title = Effect.flip(defineProduct({ key: "a", sku: "MUG", title: `A mug ${HALF}` }))
      expect(yield* title).toMatchObject({
        _tag: "InvalidInput",
        command: "defineProduct",
        issues: [issue("title")],
      })
      const listed = Effect.flip(
        defineListing({ key: "b", connection: SHOP, channelSku: `M${HALF}`, sku: "MUG" }),
      )
      expect(yield* listed).toMatchObject({
        _tag: "InvalidInput",
        issues: [issue("channelSku")],
      })
      const asked = Effect.flip(resolveListing({ connection: SHOP, channelSku: `M${HALF}` }))
      expect(yield* asked).toMatchObject({
        _tag: "InvalidInput",
        command: "resolveListing",
        issues: [issue("channelSku")],
      })
      const operator = { key: "c", id: MERCHANT_A, name: `A${HALF}`, timeZone: "Europe/London" }
      expect(yield* Effect.flip(registerOperator(operator))).toMatchObject({
        _tag: "InvalidInput",
        issues: [issue("name")],
      })
      for (const key of ["a", "b", "c"])
        expect(Option.isNone(yield* (yield* Store).get(Receipts, key as never))).toBe(true)
    }).pipe(inWorld),
  )

  it.effect("is refused, whole pairs are not", () =>
    Effect.gen(function* () {
      const product = yield* defineProduct({ key: "a", sku: "MUG", title: "A mug 😀" })
      expect(product.title).toBe("A mug 😀")
    }).pipe(inWorld),
  )
})
