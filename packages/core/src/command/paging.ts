import * as Schema from "effect/Schema"
import { Cursor, MAX_PAGE, type Page } from "../store/index.ts"

/** The fields with which a query asks for one page: `Schema.Struct({ ...pageFields, state: ... })`. */
export const pageFields = {
  /** `next` of the page before. */
  after: Schema.optionalKey(Cursor),
  /** Items a page, 1 to 1,000; 100 when left out. */
  limit: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: MAX_PAGE }))),
}

/** One page of an answer. `next` is there while more may follow. */
export interface PageOf<A> {
  readonly items: ReadonlyArray<A>
  readonly next: Cursor | undefined
}

/** A page of records as a page of their values. */
export const pageOf = <A>(page: Page<A>): PageOf<A> => ({
  items: page.items.map(({ value }) => value),
  next: page.next,
})
