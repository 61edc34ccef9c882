import * as Schema from "effect/Schema"
import { DAY_MILLIS, Timestamp } from "../kernel/index.ts"

/** What only a host can do, with the rule that asks for it and how long evidence of it is good at most, in days. */
export interface DutyTerms {
  readonly rule: string
  readonly what: string
  readonly days: number
}

/**
 * The duties of a host: what the policy promises and no library can keep (rules 7). Evidence of each is reviewed at
 * least once a year (chosen), of some more often.
 */
export const hostDuties = {
  services_region: { rule: "R22", what: "all services run in eu-west-1", days: 366 },
  private_subnets: { rule: "R23", what: "services lie in private subnets", days: 366 },
  storage_encryption: { rule: "R24", what: "the database is encrypted at rest by KMS", days: 366 },
  role_assumption: { rule: "R30", what: "AWS is entered by role assumption with MFA", days: 366 },
  database_keys: { rule: "R31", what: "KMS manages the database keys", days: 366 },
  backups: { rule: "R32, R58", what: "backups are encrypted, in the other region", days: 366 },
  secret_storage: {
    rule: "R33",
    what: "secrets are in Secrets Manager, none in source",
    days: 366,
  },
  log_retention: { rule: "R35", what: "application logs are kept for 12 months", days: 366 },
  api_recording: { rule: "R36", what: "CloudTrail records API activity", days: 366 },
  processing_countries: { rule: "R57", what: "data stays in the EEA and the UK", days: 366 },
  cookies: { rule: "R68", what: "no cookies of advertisers or analytics", days: 366 },
  security_policies: { rule: "R71", what: "data handling and security are documented", days: 366 },
  vulnerability_scan: {
    rule: "R72",
    what: "vulnerabilities are scanned for every 30 days",
    days: 30,
  },
  penetration_test: { rule: "R72", what: "a penetration test is done every year", days: 365 },
  key_vault_backups: {
    rule: "I9",
    what: "backups of the key vault are a week old at most",
    days: 366,
  },
  query_profiler: { rule: "R24", what: "the database's profiler is off or redacted", days: 366 },
  crash_dumps: { rule: "R19", what: "crash dumps are off", days: 366 },
  marketplace_contracts: { rule: "R13", what: "marketplaces' terms are agreed", days: 366 },
  courier_contracts: { rule: "R16", what: "couriers are under contract", days: 366 },
  transfer_clauses: { rule: "R59", what: "standard clauses cover transfers", days: 366 },
  impact_assessment: {
    rule: "R71",
    what: "a data protection impact assessment is kept",
    days: 366,
  },
  access_review: { rule: "R80", what: "who has access is reviewed every quarter", days: 92 },
  production_tooling: { rule: "R28", what: "what reads production is known", days: 366 },
} as const satisfies { readonly [duty: string]: DutyTerms }

/** A duty of the host. */
export const HostDuty = Schema.Literals(
  Object.keys(hostDuties) as ReadonlyArray<keyof typeof hostDuties>,
)
export type HostDuty = typeof HostDuty.Type

/** A team or a role that answers for a duty: never a person. */
export const DutyOwner = Schema.String.check(Schema.isPattern(/^[a-z][a-z0-9_-]{1,63}$/u))

const Region = Schema.String.check(Schema.isPattern(/^[a-z]{2}(-[a-z]+)+-\d$/u))

/**
 * That a duty is met, as somebody has seen: who answers for it, where the proof is, when it was reviewed and until when
 * it is good. Some duties are about figures and places, which are checked too.
 */
export const Evidence = Schema.Struct({
  duty: HostDuty,
  owner: DutyOwner,
  /** Where the proof is kept: a document's or ticket's number, a policy's ARN. */
  reference: Schema.String.check(Schema.isPattern(/^[A-Za-z0-9][A-Za-z0-9._:/#-]{0,255}$/u)),
  reviewedAt: Timestamp,
  expiresAt: Timestamp,
  /** For `log_retention`: days that every log group keeps, 366 or more. CloudWatch offers 400. */
  retentionDays: Schema.optionalKey(Schema.Int),
  /** For `services_region` and `backups`: where the services run. */
  primaryRegions: Schema.optionalKey(Schema.Array(Region)),
  /** For `backups`: where backups are kept. */
  backupRegions: Schema.optionalKey(Schema.Array(Region)),
  /** For `processing_countries`: ISO 3166 codes of where data is processed or looked at. */
  countries: Schema.optionalKey(Schema.Array(Schema.String.check(Schema.isPattern(/^[A-Z]{2}$/u)))),
  /** For `key_vault_backups`: days that its backups are kept, 7 or fewer. */
  backupDays: Schema.optionalKey(Schema.Int),
})
export type Evidence = typeof Evidence.Type

/** How long evidence of a duty is good at most after its review, in milliseconds. */
export const dutyMillis = (duty: HostDuty): number => hostDuties[duty].days * DAY_MILLIS
