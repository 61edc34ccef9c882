import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { plusMillis, Quantity, Sku, Timestamp, Units } from "../kernel/index.ts"
import { WarehouseId } from "./Cell.ts"
import { CommitmentId } from "./Commitment.ts"
import { draftCommit } from "./draftCommit.ts"
import { OwnDocument } from "./OwnDocument.ts"
import { Lifetime, readStockSettings } from "./StockSettings.ts"
import { stockCommand } from "./stockCommand.ts"
import { ShortLine } from "./stockErrors.ts"

/** A document's name for one of its lines: 1 to 128 printable characters. */
export const LineName = Schema.String.check(
  Schema.isPattern(/^[!-~]{1,128}$/u, { message: "a line of 1 to 128 printable characters" }),
)

const Line = Schema.Struct({
  /** Its place in the request, from 1, when left out. */
  line: Schema.optionalKey(LineName),
  sku: Sku,
  warehouse: WarehouseId,
  quantity: Quantity,
})

const nameOf = ({ line }: { readonly line?: string }, place: number): string =>
  line ?? String(place + 1)

const namedOnce = Schema.makeFilter((lines: ReadonlyArray<{ readonly line?: string }>) => {
  const names = lines.map(nameOf)
  const again = names.findIndex((name, place) => names.indexOf(name) < place)
  return again < 0 ? undefined : { path: [again, "line"], issue: "the name of another line" }
})

/** Units promised from one pool. */
export const CommittedUnits = Schema.Struct({
  commitment: CommitmentId,
  line: Schema.String,
  /** The stocked SKU: of a virtual kit, the component. */
  sku: Sku,
  warehouse: WarehouseId,
  quantity: Quantity,
})

/** What was promised, what each line was granted, and which lines got less than they want. */
export const StockCommitted = Schema.Struct({
  commitments: Schema.Array(CommittedUnits),
  granted: Schema.Array(Schema.Struct({ line: Schema.String, sku: Sku, quantity: Units })),
  short: Schema.Array(ShortLine),
  expiresAt: Schema.optionalKey(Timestamp),
})
export type StockCommitted = typeof StockCommitted.Type

/**
 * Promises stock to the lines of a document, in one guarded write: no interleaving of callers promises a unit
 * twice (R2), several lines for one SKU are granted only if their sum fits (R3), and a virtual kit is promised as
 * whole kits of its components (R11).
 *
 * Fails with `InsufficientStock` under the policy `whole`, and with `NotFound` for a SKU that the catalogue does
 * not have.
 *
 * @param input.document whose lines they are, such as `{ kind: "basket", id }`; not an order
 * @param input.lines what each wants; a line without a name is called by its place, from 1
 * @param input.policy `whole`, when left out: everything or nothing. `available`: what there is, in line order
 * @param input.expiresInMillis when the promise lapses, from now; `null` for never; the merchant's setting, when
 * left out
 */
export const commitStock = stockCommand({
  action: "commitStock",
  input: Schema.Struct({
    document: OwnDocument,
    lines: Schema.NonEmptyArray(Line).check(namedOnce),
    policy: Schema.optionalKey(Schema.Literals(["whole", "available"])),
    expiresInMillis: Schema.optionalKey(Schema.NullOr(Lifetime)),
  }),
  answer: StockCommitted,
  decide: Effect.fnUntraced(function* (
    { document, lines, policy = "whole", expiresInMillis },
    { at },
  ) {
    const lifetime =
      expiresInMillis === undefined
        ? (yield* readStockSettings).commitmentLifetime
        : expiresInMillis
    const expiresAt = lifetime === null ? undefined : plusMillis(at, lifetime)
    const requests = lines.map((line, place) => ({
      ...line,
      document,
      line: nameOf(line, place),
    }))
    const draft = yield* draftCommit(requests, { policy, at, expiresAt })
    const answer: StockCommitted = {
      commitments: draft.commitments.map(({ id: commitment, line, sku, warehouse, quantity }) => ({
        commitment,
        line,
        sku,
        warehouse,
        quantity,
      })),
      granted: draft.granted,
      short: draft.short,
      ...(expiresAt !== undefined && { expiresAt }),
    }
    return {
      about: document,
      entries: draft.entries,
      answer,
      ...(policy === "whole" && { whenInsufficient: draft.whenInsufficient }),
    }
  }),
})
