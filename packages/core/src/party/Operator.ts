import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { personal, Timestamp, TimeZone } from "../kernel/index.ts"
import { Collection, CurrentPartition, PartitionId, Store } from "../store/index.ts"

/** An operator's id is its partition: there its own records lie, such as warehouses and its directory of merchants. */
export const OperatorId = PartitionId.pipe(Schema.brand("OperatorId"))
export type OperatorId = typeof OperatorId.Type

/** What a business is called: 1 to 200 characters. Not a person's name. */
export const BusinessName = Schema.String.check(
  Schema.isPattern(/^[^\s\p{Cc}]([^\p{Cc}]{0,198}[^\s\p{Cc}])?$/u),
).annotate(personal({ category: "account" }))

/** The 3PL, or a merchant that runs its own warehouse: who keeps other people's goods. */
export const Operator = Schema.Struct({
  id: OperatorId,
  name: BusinessName,
  timeZone: TimeZone,
  createdAt: Timestamp,
})
export type Operator = typeof Operator.Type

export const Operators = Collection.make("operators", {
  schema: Operator,
  key: (operator) => operator.id,
  indexes: {},
})

/** The operator whose partition this is. `NotFound` in a merchant's. */
export const currentOperator = Effect.gen(function* () {
  const { id } = yield* CurrentPartition
  const stored = yield* (yield* Store).get(Operators, id)
  return yield* Effect.mapError(
    Effect.fromOption(stored),
    () => new NotFound({ kind: "operator", id }),
  )
})
