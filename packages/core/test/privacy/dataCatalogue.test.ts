import { describe, expect, it } from "@effect/vitest"
import { Schema } from "effect"
import { revealPolicy } from "../../src/access/index.ts"
import { legalBasis, Purpose } from "../../src/audit/index.ts"
import { collections, topics } from "../../src/host/index.ts"
import { PiiField, personal } from "../../src/kernel/index.ts"
import { BuyerData, type CatalogueRow, dataCatalogue } from "../../src/privacy/index.ts"
import type { AnyCollection } from "../../src/store/index.ts"
import { type Leaf, walkSchema } from "./walkSchema.ts"

/** Words for fields that hold a person's data or free text (T7). */
const PERSONAL = new Set(
  "name surname forename address street city postcode zip email mail phone mobile fax note notes comment message text title gift buyer customer recipient instruction instructions customisation tax vat ip birthday age gender signature".split(
    " ",
  ),
)

/** Fields with such a word that hold nobody's data, with the reason. */
const HARMLESS: { readonly [path: string]: string } = {
  "deliveries.message": "the id of an outbox message",
  "products.title": "what goods are called, by their merchant",
}

/** Text without a check: composed here, of ids and codes that were checked where they came in. */
const COMPOSED: { readonly [path: string]: string } = {
  "allocations.cell": "a cell's id: warehouse, bin, SKU, lot, condition",
  "allocations.documentId": "checked where a caller names its document",
  "allocations.line": "checked where a caller names its document's line",
  "channel_rules.id": "a listing's id",
  "commitments.documentId": "checked where a caller names its document",
  "commitments.documentKind": "checked where a caller names its document",
  "commitments.line": "checked where a caller names its document's line",
  "commitments.pool": "a pool's id: warehouse and SKU",
  "jobs.queue": "a queue's name, checked where it is declared",
  "jobs.state.holder": "a lease's UUID",
  "jobs.state.reason": "an error's tag",
  "listings.id": "a connection's id and a SKU of the channel",
  "outbox.topic": "a topic's name, checked where it is declared",
  "raised_alerts.id": "a rule and a hash of a subject's opaque id",
  "receipts.command": "a command's name",
  "receipts.fingerprint": "a hash over a command that holds no personal data",
  "stock_balances.id": "a cell's id",
  "stock_counts.cell": "a cell's id",
  "stock_lots.id": "a SKU and a lot",
  "stock_movements.fromCell": "a cell's id",
  "stock_movements.toCell": "a cell's id",
  "stock_pools.id": "a pool's id",
  "stock_serials.cell": "a cell's id",
  "stock_serials.id": "a SKU and a serial",
  "stock_transfers.lines[].line": "a movement's line",
}

/** Bodies of any shape: forbidden but for these, each of which has a law of its own. */
const RAW: { readonly [path: string]: string } = {
  "jobs.payload":
    "encoded by its queue's schema: of messages, the bodies below; searched for canaries",
  "outbox.body": "encoded by its topic's schema, which is walked below; searched for canaries",
  "receipts.answer": "encoded by its command's answer schema; searched for canaries",
}

const isRaw = ({ kind }: Leaf) =>
  kind === "Unknown" || kind === "Any" || kind === "ObjectKeyword" || kind === "Declaration"

const wordsOf = (path: string): ReadonlyArray<string> =>
  path
    .replace(/[[\]{}]/gu, "")
    .slice(path.lastIndexOf(".") + 1)
    .replace(/([a-z])([A-Z])/gu, "$1 $2")
    .toLowerCase()
    .split(/[ _]/u)

const isNamedPersonal = ({ path }: Leaf) => wordsOf(path).some((word) => PERSONAL.has(word))

interface Gap {
  readonly path: string
  readonly gap: string
}

type Rows = ReadonlyArray<Pick<CatalogueRow, "category" | "sealedIn" | "fields">>

const gapOfMarked = ({ path, mark }: Leaf, rows: Rows): string | undefined => {
  const row = rows.find(({ fields }) => fields.includes(path))
  if (row === undefined) return "marked, but in no row"
  const same = row.category === mark?.category && row.sealedIn === mark?.sealedIn
  return same ? undefined : "marked otherwise than its row says"
}

const gapOfUnmarked = (leaf: Leaf): string | undefined => {
  const { path, free } = leaf
  if (isRaw(leaf)) return path in RAW ? undefined : "of any shape"
  if (isNamedPersonal(leaf)) return path in HARMLESS ? undefined : "named like a person's"
  return free && !(path in COMPOSED) ? "free text" : undefined
}

/** What of the schemas is missing in the catalogue, what of the catalogue in the schemas, and what should be in both. */
const gapsOf = (leaves: ReadonlyArray<Leaf>, rows: Rows): ReadonlyArray<Gap> => {
  const marked = new Set(leaves.flatMap(({ path, mark }) => (mark === undefined ? [] : [path])))
  const listed = new Set(rows.flatMap(({ fields }) => fields))
  return [
    ...leaves.flatMap((leaf) => {
      const gap = leaf.mark === undefined ? gapOfUnmarked(leaf) : gapOfMarked(leaf, rows)
      return gap === undefined ? [] : [{ path: leaf.path, gap }]
    }),
    ...[...listed].flatMap((path) =>
      marked.has(path) ? [] : [{ path, gap: "listed, but no field" }],
    ),
  ]
}

/** A record as it is in memory, and as it is written down: a codec may rename fields between them. */
const leavesOf = ({ name, schema }: AnyCollection) => {
  const leaves = walkSchema(name, schema)
  const known = new Set(leaves.map(({ path }) => path))
  const written = walkSchema(name, Schema.toEncoded(schema))
  return [...leaves, ...written.filter(({ path }) => !known.has(path))]
}

const leaves = [...walkSchema("buyer", BuyerData), ...collections.flatMap(leavesOf)].filter(
  ({ path }) => path !== "buyer.address.country",
)

describe("the data catalogue (R1)", () => {
  it("lists every field of the engine that is personal, and no other", () => {
    expect(gapsOf(leaves, dataCatalogue)).toEqual([])
  })

  it("is held against every record type, and against reasons that are still needed", () => {
    const paths = new Set(leaves.map(({ path }) => path))
    for (const { name } of collections)
      expect([...paths].some((path) => path.startsWith(`${name}.`))).toBe(true)
    for (const allowed of [HARMLESS, COMPOSED, RAW])
      for (const path of Object.keys(allowed)) expect(paths).toContain(path)
  })

  it("says of each row what it may be used for, who decides about it and how long it stays (R3)", () => {
    for (const row of dataCatalogue) {
      for (const purpose of row.purposes) expect(legalBasis[purpose].length).toBeGreaterThan(0)
      expect(row.recipients.length).toBeGreaterThan(0)
      // The merchant decides about its buyers, whichever channel they came through (R3).
      if (row.category === "buyer")
        expect(row).toMatchObject({ controller: "merchant", retention: "buyer", pii: true })
      expect(row.category === "buyer").toBe(row.sealedIn !== undefined)
    }
    expect(new Set(dataCatalogue.map(({ what }) => what)).size).toBe(dataCatalogue.length)
  })

  it("lets an e-mail address into no document and to no courier (R6, R17)", () => {
    const email = dataCatalogue.filter(({ sealedIn }) => sealedIn === "email")
    expect(email.length).toBeGreaterThan(0)
    for (const { purposes, recipients } of email) {
      expect(purposes).toEqual(["subject_request"])
      expect(recipients).not.toContain("courier")
    }
  })

  it("sends a courier name, address and phone number, and nobody else in clear anything (R16)", () => {
    const given = dataCatalogue.filter(({ recipients }) => recipients.includes("courier"))
    expect(new Set(given.map(({ sealedIn }) => sealedIn))).toEqual(
      new Set(["name", "address", "phone"]),
    )
    for (const { category, recipients } of dataCatalogue)
      if (category === "buyer") expect(recipients).not.toContain("marketplace")
  })

  it("has a buyer used for fulfilment, security and the buyer's own requests, and nothing else (R12)", () => {
    const allowed = ["label", "packing_slip", "fulfilment", "security", "subject_request"]
    for (const { category, purposes } of dataCatalogue)
      if (category === "buyer") expect(allowed).toEqual(expect.arrayContaining([...purposes]))
    for (const unheard of ["marketing", "advertising", "analytics", "profiling"])
      expect(Purpose.literals).not.toContain(unheard)
  })

  it("names the purposes that a buyer is shown for, and every part of a buyer", () => {
    const purposes = new Set(dataCatalogue.flatMap((row) => row.purposes))
    for (const shown of Object.keys(revealPolicy)) expect(purposes).toContain(shown)
    for (const purpose of purposes) expect(Purpose.literals).toContain(purpose)
    expect(new Set(dataCatalogue.flatMap(({ sealedIn }) => sealedIn ?? []))).toEqual(
      new Set(PiiField.literals),
    )
  })
})

describe("messages, whose bodies records keep in any shape (R13)", () => {
  it.each(Object.entries(topics))("%s tells nothing of a person", (_, { name, schema }) => {
    const told = walkSchema(name, schema)
    const faults = told.filter(
      (leaf) => leaf.mark?.category === "buyer" || isRaw(leaf) || isNamedPersonal(leaf),
    )
    expect(faults).toEqual([])
  })
})

describe("a record type", () => {
  const mark = personal({ category: "buyer", sealedIn: "name" })
  const row = (...fields: CatalogueRow["fields"]) => ({
    category: "buyer" as const,
    sealedIn: "name" as const,
    fields,
  })
  const code = Schema.String.check(Schema.isMaxLength(5))
  const gaps = (fields: Schema.Struct.Fields, rows: Rows = []) =>
    gapsOf(walkSchema("bad", Schema.Struct(fields)), rows)

  it("with a marked field that nobody listed is found out, however deep it lies", () => {
    const marked = code.annotate(mark)
    const nested = Schema.Struct({ deep: Schema.Array(Schema.Union([Schema.Null, marked])) })
    expect(gaps({ who: marked })).toEqual([{ path: "bad.who", gap: "marked, but in no row" }])
    expect(gaps({ in: Schema.optionalKey(nested) })).toEqual([
      { path: "bad.in.deep[]", gap: "marked, but in no row" },
    ])
    expect(gaps({ by: Schema.Record(Schema.String, marked) })).toEqual([
      { path: "bad.by{}", gap: "marked, but in no row" },
    ])
    expect(gaps({ hidden: Schema.RedactedFromValue(Schema.String).annotate(mark) })).toEqual([
      { path: "bad.hidden", gap: "marked, but in no row" },
    ])
    expect(gaps({ who: marked }, [row("bad.who")])).toEqual([])
  })

  it("that lost a field which is listed, or marks it otherwise, is found out", () => {
    expect(gaps({ code }, [row("bad.who")])).toEqual([
      { path: "bad.who", gap: "listed, but no field" },
    ])
    expect(
      gaps({ who: code.annotate(personal({ category: "account" })) }, [row("bad.who")]),
    ).toEqual([{ path: "bad.who", gap: "marked otherwise than its row says" }])
  })

  it.each([
    ["contactName", "named like a person's"],
    ["email_address", "named like a person's"],
    ["postcode", "named like a person's"],
    ["phone", "named like a person's"],
    ["giftMessage", "named like a person's"],
    ["deliveryInstructions", "named like a person's"],
    ["orderNote", "named like a person's"],
    ["taxId", "named like a person's"],
    ["clientIp", "named like a person's"],
  ])("with a field %s that is not marked is found out", (name, gap) => {
    expect(gaps({ [name]: code })).toEqual([{ path: `bad.${name}`, gap }])
  })

  it("with free text or a body of any shape is found out", () => {
    expect(gaps({ colour: Schema.String, shipBy: code })).toEqual([
      { path: "bad.colour", gap: "free text" },
    ])
    expect(gaps({ raw: Schema.Unknown, any: Schema.optionalKey(Schema.Any) })).toEqual([
      { path: "bad.raw", gap: "of any shape" },
      { path: "bad.any", gap: "of any shape" },
    ])
  })
})
