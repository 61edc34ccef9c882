import type { Purpose } from "../audit/index.ts"
import type { PersonalCategory, PiiField } from "../kernel/index.ts"

/** Where personal data comes from. `derived`: made here of other data. */
export type DataSource = "channel" | "host" | "derived"

/** Who is given personal data, beside the merchant itself: a closed set (R16). `cloud` sees it sealed. */
export type Recipient = "courier" | "marketplace" | "cloud"

/**
 * How long something is kept. `buyer`: until its order's deadline (`deadlineOf`). `connection`: until the channel
 * is disconnected. `merchant`: for the life of the merchant's account. `account`: for the life of the user's, then anonymised. `log`: at least 12 months, then gone with
 * the log.
 */
export type RetentionClass = "buyer" | "connection" | "merchant" | "account" | "log"

/** Who decides about the data (R3): the merchant for its buyers, the platform for accounts. */
export type Controller = "merchant" | "platform"

/** One kind of personal data, as a record of processing lists it. */
export interface CatalogueRow {
  /** What it is, in words. */
  readonly what: string
  readonly category: PersonalCategory
  /** The part of a buyer's data that it is sealed in. */
  readonly sealedIn?: PiiField
  /**
   * Every field that holds it: `buyer.` and a path into `BuyerData`, or a collection's name and a path into its records,
   * with `[]` for the elements of a list.
   */
  readonly fields: readonly [string, ...ReadonlyArray<string>]
  /** Whether it says who somebody is. What does not by itself (an opaque id, a business's name) is listed all the same. */
  readonly pii: boolean
  readonly source: DataSource
  /** What it may be read for; each rests on a ground of `legalBasis` (R11), none is marketing or analytics (R12). */
  readonly purposes: readonly [Purpose, ...ReadonlyArray<Purpose>]
  readonly recipients: ReadonlyArray<Recipient>
  readonly retention: RetentionClass
  readonly controller: Controller
}

/** What all rows of a buyer's data have in common. */
const ofBuyer = (
  what: string,
  sealedIn: PiiField,
  fields: CatalogueRow["fields"],
  purposes: CatalogueRow["purposes"],
  recipients: ReadonlyArray<Recipient>,
  source: DataSource = "channel",
): CatalogueRow => ({
  what,
  category: "buyer",
  sealedIn,
  fields,
  pii: true,
  source,
  purposes,
  recipients,
  retention: "buyer",
  controller: "merchant",
})

const OTHER = "order_pii.fields.other"

/**
 * Every field of the engine that holds personal data (R1): the record of processing, and what an answer to somebody's
 * request for access is to cover. A test walks all record types and fails for a marked field without a row here,
 * and for a row without a field.
 *
 * The country of an address is not in it: it stays with the order, as tax wants to know it (T7). Accounts, passwords and
 * sessions are not either: the engine has none.
 */
export const dataCatalogue: ReadonlyArray<CatalogueRow> = [
  ofBuyer(
    "the buyer's name",
    "name",
    ["buyer.name", "order_pii.fields.name"],
    ["label", "packing_slip", "subject_request"],
    ["courier", "cloud"],
  ),
  ofBuyer(
    "the postal address",
    "address",
    [
      "buyer.address.company",
      "buyer.address.line1",
      "buyer.address.line2",
      "buyer.address.line3",
      "buyer.address.city",
      "buyer.address.region",
      "buyer.address.postcode",
      "order_pii.fields.address",
    ],
    ["label", "packing_slip", "subject_request"],
    ["courier", "cloud"],
  ),
  ofBuyer(
    "the phone number",
    "phone",
    ["buyer.phone", "order_pii.fields.phone"],
    ["label", "subject_request"],
    ["courier", "cloud"],
  ),
  ofBuyer(
    "what a phone number is found by: a hash with the merchant's key",
    "phone",
    ["order_pii.phoneIndex"],
    ["subject_request"],
    ["cloud"],
    "derived",
  ),
  ofBuyer(
    "the e-mail address, which is in no document and goes to nobody",
    "email",
    ["buyer.email", "order_pii.fields.email"],
    ["subject_request"],
    ["cloud"],
  ),
  ofBuyer(
    "what an e-mail address is found by: a hash with the merchant's key",
    "email",
    ["order_pii.emailIndex"],
    ["subject_request"],
    ["cloud"],
    "derived",
  ),
  ofBuyer(
    "wishes for the delivery",
    "other",
    ["buyer.other.deliveryInstructions", OTHER],
    ["fulfilment", "subject_request"],
    ["cloud"],
  ),
  ofBuyer(
    "what goes onto or along with the goods, and notes to the order",
    "other",
    ["buyer.other.giftMessage", "buyer.other.customisation", "buyer.other.orderNote", OTHER],
    ["fulfilment", "subject_request"],
    ["cloud"],
  ),
  ofBuyer(
    "the tax id",
    "other",
    ["buyer.other.taxId", OTHER],
    ["fulfilment", "subject_request"],
    ["cloud"],
  ),
  ofBuyer(
    "the address on the internet that the order was placed from",
    "other",
    ["buyer.other.ipAddress", OTHER],
    ["security", "subject_request"],
    ["cloud"],
  ),
  ofBuyer(
    "who signed for the parcel",
    "other",
    ["buyer.other.signedBy", OTHER],
    ["fulfilment", "subject_request"],
    ["cloud"],
  ),
  {
    what: "what an organisation is called",
    category: "account",
    fields: ["merchant_directory.name", "merchants.name", "operators.name"],
    pii: false,
    source: "host",
    purposes: ["account"],
    recipients: ["cloud"],
    retention: "merchant",
    controller: "platform",
  },
  {
    what: "who acted, in the log: the opaque id of a user, which names nobody without the user's account",
    category: "account",
    fields: ["audit_log.actor.id", "security_reviews.reviewer.id"],
    pii: false,
    source: "host",
    purposes: ["security"],
    recipients: ["cloud"],
    retention: "log",
    controller: "platform",
  },
  {
    what: "who acted, in records: the opaque id of a user, with what was done",
    category: "account",
    fields: [
      "break_glasses.approvedBy.id",
      "break_glasses.requestedBy.id",
      "reveal_allowances.id",
      "reveals.id",
      "standing_changes.actor.id",
      "stock_counts.counter.id",
      "stock_movements.actor.id",
      "stock_transfers.sentBy.id",
    ],
    pii: false,
    source: "host",
    purposes: ["fulfilment", "security"],
    recipients: ["cloud"],
    retention: "merchant",
    controller: "platform",
  },
  {
    what: "the name of an account at a channel, such as a Selling Partner ID; it opens nothing by itself",
    category: "credential",
    fields: ["connections.accountReference"],
    pii: false,
    source: "host",
    purposes: ["fulfilment", "stock_sync", "shipment_confirmation"],
    recipients: ["marketplace", "cloud"],
    retention: "merchant",
    controller: "merchant",
  },
  {
    what: "what opens an account at a channel, sealed with the merchant's key",
    category: "credential",
    fields: ["credentials.sealed"],
    pii: false,
    source: "host",
    purposes: ["fulfilment", "stock_sync", "shipment_confirmation"],
    recipients: ["marketplace", "cloud"],
    retention: "connection",
    controller: "merchant",
  },
]
