import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Ids, type PiiField } from "../kernel/index.ts"
import { CurrentPartition, PartitionId, Store } from "../store/index.ts"
import { KeyRing, type KeyUse } from "./KeyRing.ts"
import { type KeyFailure, KeyTree } from "./KeyTree.ts"
import type { MerchantKeyId } from "./MerchantKey.ts"
import { type IndexedField, normalise } from "./normalise.ts"
import { openUnder, rewrapOrderKey, sealParts, sealUnder, unwrapOrderKey } from "./OrderKey.ts"
import type { BlindIndex, OrderPii } from "./OrderPii.ts"
import { type BuyerData, type BuyerField, redactField } from "./PersonalData.ts"
import { recordTampering } from "./recordTampering.ts"
import { openCredential, type SealedCredential, sealCredential } from "./SealedCredential.ts"
import { keyedHash } from "./sealedFormat.ts"

/**
 * Something sealed did not open: altered, cut, or moved here from another merchant, order or field. The attempt is in
 * the audit log as `openSealed`, refused, `Tampered` (I8).
 */
export class Tampered extends Schema.TaggedError<Tampered>()("Tampered", {
  partition: PartitionId,
  /** The order, or the connection whose credential it is. */
  order: Schema.String,
  /** The part or document, `credential`, or `key` where the order's key itself is not to be had. */
  field: Schema.String,
}) {
  override get message() {
    return `${this.field} of ${this.order} is not what was sealed there`
  }
}

/** What may be sealed beside the parts of a buyer's data: every kind of document that shows some of it. */
export const DocumentKind = Schema.Literals([
  "label",
  "customs",
  "packing_slip",
  "pick_list",
  "courier_payload",
  "tracking",
  "proof_of_delivery",
  "message",
])
export type DocumentKind = typeof DocumentKind.Type

/** Which document of an order: it opens under this name only. */
export interface DocumentName {
  readonly kind: DocumentKind
  /** Tells documents of one kind apart: a parcel's or shipment's id. Never personal data. */
  readonly id: string
}

/** A buyer's data to seal, and what is kept beside it in the clear. */
export interface NewOrderPii
  extends Pick<OrderPii, "order" | "receivedAt" | "deadline" | "connection"> {
  readonly data: BuyerData
}

/** Why something sealed was not opened. */
export type VaultFailure = KeyFailure | Tampered

/**
 * Seals personal data and opens it again, in the current partition: the one way in and out. Every order has a key of
 * its own, wrapped by a key of its merchant, wrapped by the key ring. It stores nothing of an order: what it returns is
 * for the caller's batch. Whether something may be opened is not asked here.
 *
 * Laws: what was sealed opens as it was; what was altered or moved opens never, and that is recorded (I8); without the
 * key ring nothing is sealed, in no form (I14).
 */
export class Vault extends Context.Service<
  Vault,
  {
    /** Seals a buyer's data under a new key for the order. */
    readonly seal: (pii: NewOrderPii) => Effect.Effect<OrderPii, KeyFailure, CurrentPartition>
    /** Opens the parts that are asked for, and no other. A part that the buyer did not give is absent. */
    readonly open: <const Field extends PiiField>(
      pii: OrderPii,
      fields: ReadonlyArray<Field>,
    ) => Effect.Effect<Pick<BuyerData, Field>, VaultFailure, CurrentPartition>
    /** Seals a document with the order's key: it is unreadable as soon as the order's data is (R10). */
    readonly sealDocument: (
      pii: OrderPii,
      name: DocumentName,
      bytes: Redacted.Redacted<Uint8Array>,
    ) => Effect.Effect<Uint8Array, VaultFailure, CurrentPartition>
    /** Opens a document under the name that it was sealed under. */
    readonly openDocument: (
      pii: OrderPii,
      name: DocumentName,
      sealed: Uint8Array,
    ) => Effect.Effect<Redacted.Redacted<Uint8Array>, VaultFailure, CurrentPartition>
    /** What to search a value by, in this partition only (R15). None for a value with nothing in it to search by. */
    readonly blindIndex: (
      field: IndexedField,
      value: Redacted.Redacted<string>,
    ) => Effect.Effect<Option.Option<BlindIndex>, KeyFailure, CurrentPartition>
    /** Seals what gives access to a channel, for one connection and no other (R7). */
    readonly sealCredential: (
      connection: string,
      secret: Redacted.Redacted<string>,
    ) => Effect.Effect<SealedCredential, KeyFailure, CurrentPartition>
    /** Opens it for the connection that it was sealed for. */
    readonly openCredential: (
      connection: string,
      sealed: SealedCredential,
    ) => Effect.Effect<Redacted.Redacted<string>, VaultFailure, CurrentPartition>
    /** The record under the present merchant key; the same one, where it is already. To be stored by `replace`. */
    readonly rewrap: (pii: OrderPii) => Effect.Effect<OrderPii, VaultFailure, CurrentPartition>
    /** Makes a new merchant key, which seals from now on: other hosts follow within five minutes. Old ones still open. */
    readonly rotateMerchantKey: (
      use: Exclude<KeyUse, "blind_index">,
    ) => Effect.Effect<MerchantKeyId, KeyFailure, CurrentPartition>
    /** Forgets the plain merchant keys of the partition at once: when its keys were deleted. */
    readonly forget: Effect.Effect<void, never, CurrentPartition>
  }
>()("@oto-fulfilment/core/Vault") {
  static readonly layer: Layer.Layer<Vault, never, KeyRing | Store | Ids> = Layer.effect(
    Vault,
    Effect.gen(function* () {
      // These three and nothing else: a partition that the layer was built in must not come along.
      const surroundings = Context.pick(
        KeyRing,
        Store,
        Ids,
      )(yield* Effect.context<KeyRing | Store | Ids>())
      return vaultOver(new KeyTree(yield* Effect.scope, surroundings), surroundings)
    }),
  )
}

const vaultOver = (keys: KeyTree, surroundings: Context.Context<Store | Ids>): Vault["Service"] => {
  const tampered = Effect.fnUntraced(function* (
    id: string,
    field: string,
    kind: "order" | "connection" = "order",
  ) {
    const { id: partition } = yield* CurrentPartition
    yield* recordTampering({ kind, id }, "Tampered").pipe(Effect.provideContext(surroundings))
    return yield* new Tampered({ partition, order: id, field })
  })

  const merchantKeyOf = (pii: OrderPii) =>
    Effect.catchTag(keys.named(pii.key, "personal_data"), "NoSuchKey", () =>
      tampered(pii.order, "key"),
    )

  const orderKeyOf = Effect.fnUntraced(function* (pii: OrderPii) {
    const merchant = yield* merchantKeyOf(pii)
    const { id: partition } = yield* CurrentPartition
    return unwrapOrderKey(merchant, partition, pii) ?? (yield* tampered(pii.order, "key"))
  })

  const blindIndex = Effect.fnUntraced(function* (
    field: IndexedField,
    value: Redacted.Redacted<string> | undefined,
  ) {
    const text = value === undefined ? "" : normalise(field, Redacted.value(value))
    if (text === "") return Option.none<BlindIndex>()
    const { key } = yield* keys.current("blind_index")
    return Option.some(keyedHash(key, field, text) as BlindIndex)
  })

  return Vault.of({
    seal: Effect.fnUntraced(function* ({ order, data, receivedAt, deadline, connection }) {
      const { id: partition } = yield* CurrentPartition
      const emailIndex = yield* blindIndex("email", data.email)
      const phoneIndex = yield* blindIndex("phone", data.phone)
      const merchant = yield* keys.current("personal_data")
      return {
        order,
        ...sealParts(merchant, partition, order, data),
        ...(Option.isSome(emailIndex) && { emailIndex: emailIndex.value }),
        ...(Option.isSome(phoneIndex) && { phoneIndex: phoneIndex.value }),
        receivedAt,
        deadline,
        connection,
      }
    }),

    open: Effect.fnUntraced(function* <const Field extends PiiField>(
      pii: OrderPii,
      fields: ReadonlyArray<Field>,
    ) {
      const key = yield* orderKeyOf(pii)
      const opened: { [Name in PiiField]?: BuyerField } = {}
      for (const field of fields) {
        const sealed = pii.fields[field]
        // What every record has is not missing by itself.
        if (sealed === undefined && ALWAYS_SEALED.has(field))
          return yield* tampered(pii.order, field)
        if (sealed === undefined) continue
        const plain = openUnder(key, field, Buffer.from(sealed, "base64"))
        if (plain === undefined) return yield* tampered(pii.order, field)
        opened[field] = redactField(field, plain.toString("utf8"))
        plain.fill(0)
      }
      return opened as Pick<BuyerData, Field>
    }),

    sealDocument: Effect.fnUntraced(function* (pii, name, bytes) {
      return sealUnder(yield* orderKeyOf(pii), fieldOf(name), Redacted.value(bytes))
    }),

    openDocument: Effect.fnUntraced(function* (pii, name, sealed) {
      const field = fieldOf(name)
      const plain = openUnder(yield* orderKeyOf(pii), field, sealed)
      if (plain === undefined) return yield* tampered(pii.order, field)
      return Redacted.make<Uint8Array>(plain, { label: name.kind })
    }),

    blindIndex,

    sealCredential: Effect.fnUntraced(function* (connection, secret) {
      const { id: partition } = yield* CurrentPartition
      const key = yield* keys.current("credentials")
      return { key: key.id, sealed: sealCredential(key, partition, connection, secret) }
    }),

    openCredential: Effect.fnUntraced(function* (connection, { key, sealed }) {
      const { id: partition } = yield* CurrentPartition
      const found = yield* Effect.catchTag(keys.named(key, "credentials"), "NoSuchKey", () =>
        tampered(connection, "credential", "connection"),
      )
      const secret = openCredential({ id: key, key: found }, partition, connection, sealed)
      return secret ?? (yield* tampered(connection, "credential", "connection"))
    }),

    rewrap: Effect.fnUntraced(function* (pii) {
      const present = yield* keys.current("personal_data")
      if (pii.key === present.id) return pii
      const retired = yield* merchantKeyOf(pii)
      const { id: partition } = yield* CurrentPartition
      return rewrapOrderKey(retired, present, partition, pii) ?? (yield* tampered(pii.order, "key"))
    }),

    rotateMerchantKey: Effect.fn("Vault.rotateMerchantKey")((use) => keys.rotate(use)),

    forget: keys.forget,
  })
}

const ALWAYS_SEALED: ReadonlySet<PiiField> = new Set(["name", "address"])

/** No part of a buyer's data has such a name, and no kind holds a `/`: no two documents of an order have the same. */
const fieldOf = ({ kind, id }: DocumentName): string => `document/${kind}/${id}`
