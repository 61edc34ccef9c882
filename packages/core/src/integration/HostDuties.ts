import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { now } from "../kernel/index.ts"
import { checkDuties, type DutyStatus } from "./checkDuties.ts"
import { Evidence, HostDuty } from "./HostDuty.ts"

/** Duties of the host that are not met: nothing may be served (rules 7). Each with what is wrong. */
export class HostDutyUnmet extends Schema.TaggedError<HostDutyUnmet>()("HostDutyUnmet", {
  duties: Schema.Array(
    Schema.Struct({ duty: HostDuty, state: Schema.Literals(["missing", "expired", "unfit"]) }),
  ),
}) {
  override get message() {
    return `host duties are not met: ${this.duties.map(({ duty, state }) => `${duty} (${state})`).join(", ")}`
  }
}

/** What a host gave as evidence is not well formed. The issues name places, never values. */
export class EvidenceMalformed extends Schema.TaggedError<EvidenceMalformed>()(
  "EvidenceMalformed",
  { issues: Schema.String },
) {
  override get message() {
    return `the evidence of host duties is not well formed: ${this.issues}`
  }
}

const decode = Schema.decodeUnknownEffect(Schema.Array(Evidence), {
  onExcessProperty: "error",
  errors: "all",
})

/** The evidence of a host, that its duties are met. */
export class HostDuties extends Context.Service<
  HostDuties,
  { readonly evidence: ReadonlyArray<Evidence> }
>()("@oto-fulfilment/core/HostDuties") {
  /** The evidence as plain JSON, from a file of the host's say. */
  static readonly from = (
    evidence: ReadonlyArray<typeof Evidence.Encoded>,
  ): Layer.Layer<HostDuties, EvidenceMalformed> =>
    Layer.effect(
      HostDuties,
      decode(evidence).pipe(
        Effect.map((decoded) => HostDuties.of({ evidence: decoded })),
        Effect.mapError(({ message }) => new EvidenceMalformed({ issues: message })),
      ),
    )

  /** How each duty stands now. */
  static readonly check: Effect.Effect<ReadonlyArray<DutyStatus>, never, HostDuties> =
    Effect.flatMap(HostDuties, ({ evidence }) => Effect.map(now, (at) => checkDuties(evidence, at)))

  /**
   * The strict boot: put it into the host's layer, and nothing is served while a duty is not met. It fails with
   * `HostDutyUnmet`, which names each of them.
   */
  static readonly strict: Layer.Layer<never, HostDutyUnmet, HostDuties> = Layer.effectDiscard(
    Effect.flatMap(HostDuties.check, (statuses) => {
      const unmet = statuses.flatMap(({ duty, state }) =>
        state === "met" ? [] : [{ duty, state }],
      )
      return unmet.length === 0 ? Effect.void : Effect.fail(new HostDutyUnmet({ duties: unmet }))
    }),
  )
}
