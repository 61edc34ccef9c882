import * as Schema from "effect/Schema"

/** The order's state does not allow the event, or a guard of the table does not hold. Nothing changed (O3). */
export class IllegalTransition extends Schema.TaggedError<IllegalTransition>()(
  "IllegalTransition",
  { order: Schema.String, event: Schema.String, state: Schema.String, reason: Schema.String },
) {
  override get message() {
    return `${this.event} is refused for the ${this.state} order ${this.order}: ${this.reason}`
  }
}

/** A line has fewer units to move than were asked for. Nothing changed. */
export class UnitsMissing extends Schema.TaggedError<UnitsMissing>()("UnitsMissing", {
  order: Schema.String,
  line: Schema.String,
  wanted: Schema.Int,
  /** Units of the line that the event may take. */
  held: Schema.Int,
}) {
  override get message() {
    return `line ${this.line} of the order ${this.order} has ${this.held} such units, ${this.wanted} were asked for`
  }
}

/** The channel is not connected any more: nothing comes in through it. */
export class ChannelDisconnected extends Schema.TaggedError<ChannelDisconnected>()(
  "ChannelDisconnected",
  { connection: Schema.String, state: Schema.String },
) {}

/** No warehouse may serve the lines: the merchant's order settings name none for them. */
export class NoWarehouse extends Schema.TaggedError<NoWarehouse>()("NoWarehouse", {
  lines: Schema.Array(Schema.String),
}) {
  override get message() {
    return `no warehouse may serve the lines ${this.lines.join(", ")}; name one in the order settings`
  }
}
