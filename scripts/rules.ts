// The promises of the privacy policy, of the law beside it, and what follows from them, each in a sentence of our own.
// Where each is kept and what proves it is read from the code and the tests by check-rules.ts; what is not kept, or
// not wholly, is said here.

export interface Rule {
  readonly promise: string
  /** What is missing, where a part of it is kept. */
  readonly partly?: string
  /** The capability that will keep it. */
  readonly notYet?: string
}

const identity = "accounts, passwords, tokens and sessions: the identity adapter"
const couriers = "couriers and their labels"
const incidents = "incidents: detection, containment and notices"
const requests = "requests of data subjects as cases with due dates"
const policies = "versions of the policy, their notices and acceptance"
const marketplace = "the marketplace adapters"

export const rules: { readonly [id: string]: Rule } = {
  T1: { promise: "A day is 24 hours that pass; no calendar changes that." },
  T2: { promise: "At the very millisecond of a limit the data is gone." },
  T3: { promise: "Twelve months of logs are at least 366 days." },
  T4: { promise: "Time comes from one clock; what others say of the time is never later than it." },
  T5: { promise: "A deadline that was stored only ever moves earlier." },
  T6: { promise: "Nothing is deleted while the host's clock and the store's disagree." },
  T7: { promise: "A buyer's data is all that tells who the buyer is, free text included." },
  T8: { promise: "An order is complete when its last unit is; that instant is fixed for good." },

  R1: { promise: "One catalogue lists every field that holds personal data." },
  R2: {
    promise: "Nobody uses an account without having accepted a version of the policy.",
    notYet: policies,
  },
  R3: {
    promise: "For each kind of data it is clear who decides about it: merchant or platform.",
    partly: "the catalogue says who decides; requests are not sent on by it yet",
  },
  R4: {
    promise:
      "An account has a name, an e-mail address, one way to sign in, an organisation, and no more.",
    notYet: identity,
  },
  R5: {
    promise: "Of what a marketplace sends, only listed fields come in.",
    partly:
      "the engine takes a buyer by a closed list of fields; what adapters drop is proved with the marketplace adapters",
  },
  R6: { promise: "A buyer is shown for labels and packing documents, with what each needs." },
  R7: {
    promise: "A merchant's channel credentials open that merchant's channel and nothing else.",
    partly:
      "a credential is sealed, opens for its own connection, and each reading is recorded; that it is used for the channel alone comes with the marketplace adapters",
  },
  R8: {
    promise:
      "Amazon's buyers are read by one function, one order at a time, under a restricted token.",
    notYet: marketplace,
  },
  R9: { promise: "Amazon's buyer data serves fulfilment only.", notYet: marketplace },
  R10: {
    promise: "Documents that show a buyer are sealed with the order's key and die with it.",
    partly: "the vault seals documents with the order's key; nothing makes labels yet",
  },
  R11: { promise: "Whoever processes personal data says for which of a few purposes." },
  R12: { promise: "No marketing, no analytics, no profiles of buyers." },
  R13: { promise: "Personal data is sold to nobody and leaves in no message." },
  R14: { promise: "What Amazon gives is used for fulfilment only.", notYet: marketplace },
  R15: { promise: "What two merchants know of one buyer cannot be put together." },
  R16: {
    promise: "Recipients are a closed list, each with the fields that it needs.",
    partly: "the catalogue says who gets what; there is no courier yet to whom anything is given",
  },
  R17: {
    promise: "A courier gets name, address and phone number, and never an e-mail address.",
    partly: "what is shown for a label has no e-mail address; no courier adapter sends it yet",
  },
  R18: { promise: "Amazon is told of shipments and stock, and of no buyer.", notYet: marketplace },
  R19: { promise: "What the cloud stores of a buyer is sealed before it gets there." },
  R20: {
    promise: "Data goes out over TLS 1.2 or newer only.",
    partly: "the clients of MongoDB and AWS; those of marketplaces and couriers are not there yet",
  },
  R21: { promise: "Amazon's data goes to nobody for another end.", notYet: marketplace },
  R22: { promise: "Services run in one region, and the composition refuses another." },
  R23: { promise: "Services have no direct way to the internet." },
  R24: { promise: "The database is encrypted, and holds buyers sealed besides." },
  R25: { promise: "Data between services travels over TLS 1.2 or newer." },
  R26: {
    promise: "Sign-in tokens are short-lived, of one kind, and end when they should.",
    notYet: identity,
  },
  R27: { promise: "Passwords exist as bcrypt hashes only.", notYet: identity },
  R28: { promise: "An action needs a role that allows it; what is not listed is refused." },
  R29: { promise: "A merchant reaches its own data, and cannot tell that there is any other." },
  R30: { promise: "People enter the cloud account by assumed roles with a second factor." },
  R31: { promise: "A key service manages the database's keys, and the boot asks it how they are." },
  R32: { promise: "Backups are encrypted and lie in another region." },
  R33: {
    promise: "Secrets are held behind references, and stand in no configuration and no source.",
  },
  R34: {
    promise: "Every key in use rotates by itself; where that cannot be seen, it counts as not so.",
  },
  R35: { promise: "Application logs are kept for twelve months." },
  R36: { promise: "What is done to the cloud account is recorded." },
  R37: {
    promise: "Attempts at what is not allowed, and what is out of the ordinary, raise alerts.",
  },
  R38: { promise: "Security logs are reviewed every fourteen days." },
  R39: {
    promise:
      "A buyer's data is gone thirty days after the order is complete, and nothing extends that.",
  },
  R40: { promise: "Orders are kept while the merchant is one, and deleted when it goes." },
  R41: { promise: "A deleted order can be restored for ninety days, and is then gone." },
  R42: {
    promise: "Credentials of a channel are deleted the moment that it is disconnected.",
    partly:
      "credentials go with the connection; revoking them at the marketplace comes with its adapter, and the account's name stays with the ended connection",
  },
  R43: {
    promise: "A user's data is kept while the account is, then made anonymous.",
    notYet: identity,
  },
  R44: {
    promise:
      "Audit logs are kept for at least twelve months, whatever else is deleted, and then expire.",
  },
  R45: { promise: "A buyer is fetched late and dropped early." },
  R46: { promise: "Buyers are shown one at a time, and only so many an hour." },
  R47: { promise: "Who asks gets a copy of the data held about them.", notYet: requests },
  R48: { promise: "Data that is wrong is corrected wherever it is held.", notYet: requests },
  R49: { promise: "A buyer's data is erased on request, at once." },
  R50: {
    promise: "Restricted data is kept and not used, and still goes in its time.",
    partly:
      "restricted data is shown to nobody and goes in its time; that the subject is told before it is lifted comes with subject requests",
  },
  R51: { promise: "Data can be taken along in a form that machines read.", notYet: requests },
  R52: {
    promise: "Who objects is heard, and processing stops until that is decided.",
    notYet: requests,
  },
  R53: {
    promise: "Requests are answered in thirty days or one month, whichever ends first.",
    notYet: requests,
  },
  R54: {
    promise: "A request opens a case, and nothing is disclosed before it is clear who asks.",
    notYet: requests,
  },
  R55: {
    promise: "A marketplace's buyer is sent on to the seller, with nothing disclosed.",
    notYet: requests,
  },
  R56: { promise: "Merchants are helped with the requests of their buyers.", notYet: requests },
  R57: { promise: "Data is processed in the EEA and the United Kingdom." },
  R58: { promise: "Services run in Ireland and backups lie in London, and no other way round." },
  R59: {
    promise: "A courier outside gets data only under standard clauses that are on record.",
    notYet: couriers,
  },
  R60: { promise: "A breach is found and contained within a day.", notYet: incidents },
  R61: {
    promise: "Of a breach it is judged what it reached, how bad it is, and whom it touches.",
    notYet: incidents,
  },
  R62: {
    promise:
      "The regulator hears of a breach within three days, or the reason why not is on record.",
    notYet: incidents,
  },
  R63: { promise: "Affected marketplaces hear of a breach within a day.", notYet: incidents },
  R64: { promise: "People at high risk are told without delay.", notYet: incidents },
  R65: {
    promise: "No incident closes without a review and what follows from it.",
    notYet: incidents,
  },
  R66: { promise: "Every notice names where to reach us.", notYet: incidents },
  R67: { promise: "Only cookies that signing in needs.", notYet: "cookies: the identity adapter" },
  R68: { promise: "No cookies of advertisers or analysts." },
  R69: {
    promise: "Nothing of a buyer reaches scripts, addresses or titles in a browser.",
    notYet: "the front end's guidance and its check",
  },
  R70: {
    promise: "The five points that Amazon's list repeats are proved one by one.",
    notYet: marketplace,
  },
  R71: { promise: "How data is handled is written down." },
  R72: { promise: "Weaknesses are looked for regularly." },
  R73: {
    promise: "No data of children is sought; where there is some, it goes.",
    notYet: requests,
  },
  R74: {
    promise: "Account holders are told of every material change of the policy.",
    notYet: policies,
  },
  R75: { promise: "A posted policy shows when it was changed.", notYet: policies },
  R76: {
    promise: "Who goes on using the service accepts the policy as revised.",
    notYet: policies,
  },
  R77: { promise: "There are addresses for privacy and for security.", notYet: requests },
  R78: {
    promise:
      "Amazon's order data goes eighteen months after the order, unless a law asks for longer.",
    notYet: marketplace,
  },
  R79: {
    promise: "Once a channel is disconnected, what came through it is deleted soon.",
    partly:
      "buyers go; a marketplace's order data that goes thirty days later comes with the marketplace adapters",
  },
  R80: {
    promise: "Passwords are strong, lockouts work, and who leaves loses access.",
    notYet: identity,
  },

  L1: { promise: "Complaints are acknowledged within thirty days.", notYet: requests },
  L2: {
    promise: "The month of an answer starts when the law says, and pauses only then.",
    notYet: requests,
  },
  L3: {
    promise: "A legal hold may keep an order, never its buyer's data.",
    notYet: "legal holds on orders",
  },
  L4: { promise: "A merchant is told of a breach of its buyers' data at once.", notYet: incidents },

  I1: { promise: "From the deadline on nobody is shown a buyer, whether a sweep ran or not." },
  I2: { promise: "After anonymisation a search finds nothing of a buyer, in any form, anywhere." },
  I3: { promise: "Anonymisation changes nothing of an order but its buyer." },
  I4: { promise: "A sweep may run twice, at once, or break off: it comes to the same." },
  I5: { promise: "No personal data without a deadline, and no deadline that moves later." },
  I6: { promise: "Nothing of a buyer in logs, spans, metrics, errors, the audit log or alerts." },
  I7: { promise: "What one merchant sees does not depend on another one." },
  I8: { promise: "What is sealed opens in its own place only; an attempt elsewhere is recorded." },
  I9: { promise: "A restored backup forgets again what was erased." },
  I10: { promise: "No effect and no reveal without its audit event." },
  I11: { promise: "Whatever is changed in the audit log is found." },
  I12: {
    promise: "After a disconnection or a termination nothing works with the old credentials.",
    partly: "of a connection's credentials and buyers; there are no sessions yet",
  },
  I13: { promise: "Due dates of cases and incidents move later by law only.", notYet: requests },
  I14: { promise: "Without keys nothing is written in clear: it fails." },
  I15: { promise: "An import after anonymisation brings no buyer back." },
}
