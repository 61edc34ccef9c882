import { type AlertDue, LEAST_LOG_DAYS } from "../audit/index.ts"
import { DAY_MILLIS, plusMillis, type Timestamp } from "../kernel/index.ts"
import { dutyMillis, type Evidence, HostDuty } from "./HostDuty.ts"

/**
 * How a duty stands. `expired`: its evidence is too old. `unfit`: what the evidence says is not what the rule asks for,
 * or it was reviewed in the future.
 */
export type DutyState = "met" | "missing" | "expired" | "unfit"

/** One duty and how it stands; for one that is or was met, until when. */
export interface DutyStatus {
  readonly duty: HostDuty
  readonly state: DutyState
  readonly until: Timestamp | undefined
}

/** Member states of the EEA, and the United Kingdom (R57). */
const AT_HOME = new Set(
  "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO GB".split(
    " ",
  ),
)

const PRIMARY = "eu-west-1"
const BACKUP = "eu-west-2"
const MAX_BACKUP_DAYS = 7

const only = (allowed: (value: string) => boolean, values: ReadonlyArray<string> | undefined) =>
  values !== undefined && values.length > 0 && values.every(allowed)

/** What the evidence of some duties has to say. Nothing said is not enough. */
const FITS: { readonly [Duty in HostDuty]?: (evidence: Evidence) => boolean } = {
  services_region: ({ primaryRegions }) => only((region) => region === PRIMARY, primaryRegions),
  backups: ({ primaryRegions, backupRegions }) =>
    only((region) => region === PRIMARY, primaryRegions) &&
    only((region) => region === BACKUP, backupRegions),
  log_retention: ({ retentionDays = 0 }) => retentionDays >= LEAST_LOG_DAYS,
  processing_countries: ({ countries }) => only((country) => AT_HOME.has(country), countries),
  key_vault_backups: ({ backupDays = Number.POSITIVE_INFINITY }) =>
    backupDays >= 0 && backupDays <= MAX_BACKUP_DAYS,
}

/** Until when evidence is good: as it says, and never longer than its duty allows. At that instant it is not (T2). */
export const evidenceUntil = ({ duty, reviewedAt, expiresAt }: Evidence): Timestamp => {
  const longest = plusMillis(reviewedAt, dutyMillis(duty))
  return expiresAt < longest ? expiresAt : longest
}

/**
 * How every duty of the host stands at an instant. Of several pieces of evidence for one duty the best counts.
 *
 * @param evidence what the host has, in any order
 */
export const checkDuties = (
  evidence: ReadonlyArray<Evidence>,
  at: Timestamp,
): ReadonlyArray<DutyStatus> =>
  HostDuty.literals.map((duty) => {
    const all = evidence.filter((each) => each.duty === duty).map((each) => judge(each, at))
    return (
      all.sort((a, b) => RANK[a.state] - RANK[b.state] || (b.until ?? 0) - (a.until ?? 0))[0] ?? {
        duty,
        state: "missing",
        until: undefined,
      }
    )
  })

const RANK: { readonly [State in DutyState]: number } = { met: 0, expired: 1, unfit: 2, missing: 3 }

const judge = (evidence: Evidence, at: Timestamp): DutyStatus => {
  const { duty, reviewedAt } = evidence
  const fits = FITS[duty]?.(evidence) ?? true
  if (!fits || reviewedAt > at) return { duty, state: "unfit", until: undefined }
  const until = evidenceUntil(evidence)
  return { duty, state: at < until ? "met" : "expired", until }
}

/** Duties that are not met, as alerts; each is told of weekly while it lasts (R72). */
export const judgeDuties = (
  statuses: ReadonlyArray<DutyStatus>,
  at: Timestamp,
): ReadonlyArray<AlertDue> =>
  statuses
    .filter(({ state }) => state !== "met")
    .map(({ duty, until }) => ({
      rule: "host_duty_unmet",
      subject: { kind: "host_duty", id: duty },
      window: { from: until ?? at, to: at },
      count: 1,
      quietMillis: 7 * DAY_MILLIS,
    }))
