import type { MaxAge } from '../coverage/index.ts'
import type { Sql } from '../storage/index.ts'

/** How long a domain keeps what only grows: days, 0 for ever. */
export type Retention = {
  readonly jobDays: number
  readonly runDays: number
  readonly eventDays: number
  readonly historyDays: number
  readonly openingDays: number
  readonly deletedDays: number
}

export type DomainSettings = Retention & {
  /** How old evidence may be before a cell is stale. */
  readonly maxAgeHours: MaxAge
}

/**
 * What holds for a domain that has never said anything. The columns of domain_settings have the same
 * defaults.
 */
const DEFAULT_SETTINGS: DomainSettings = {
  jobDays: 90,
  runDays: 30,
  eventDays: 7,
  historyDays: 0,
  openingDays: 365,
  deletedDays: 0,
  maxAgeHours: null,
}

/** How this domain is kept. */
export async function getSettings(sql: Sql, domainId: string): Promise<DomainSettings> {
  const [row] = await sql.query<DomainSettings>(
    `select job_days, run_days, event_days, history_days, opening_days, deleted_days, max_age_hours
       from domain_settings where domain_id = $1`,
    [domainId],
  )
  return row ?? DEFAULT_SETTINGS
}

// Absent values come as null and leave the column; in a new row they are its default. No limit of age is a
// value as well: $9 says if one is given.
const UPDATE_SETTINGS = `
insert into domain_settings as s (domain_id, job_days, run_days, event_days, history_days, opening_days, deleted_days, max_age_hours)
values ($1, coalesce($2, ${DEFAULT_SETTINGS.jobDays}), coalesce($3, ${DEFAULT_SETTINGS.runDays}), coalesce($4, ${DEFAULT_SETTINGS.eventDays}),
        coalesce($5, ${DEFAULT_SETTINGS.historyDays}), coalesce($6, ${DEFAULT_SETTINGS.openingDays}),
        coalesce($7, ${DEFAULT_SETTINGS.deletedDays}), $8)
on conflict (domain_id) do update
   set job_days = coalesce($2, s.job_days), run_days = coalesce($3, s.run_days), event_days = coalesce($4, s.event_days),
       history_days = coalesce($5, s.history_days), opening_days = coalesce($6, s.opening_days),
       deleted_days = coalesce($7, s.deleted_days),
       max_age_hours = case when $9::boolean then $8 else s.max_age_hours end, sweep_due_at = now()
returning job_days, run_days, event_days, history_days, opening_days, deleted_days, max_age_hours`

/** Changes what is given and leaves the rest; what is too old by then is removed soon after. */
export async function updateSettings(
  sql: Sql,
  domainId: string,
  changes: Partial<DomainSettings>,
): Promise<DomainSettings> {
  const { jobDays, runDays, eventDays, historyDays, openingDays, deletedDays, maxAgeHours } = changes
  const days = [jobDays, runDays, eventDays, historyDays, openingDays, deletedDays].map(
    (each) => each ?? null,
  )
  const age = [maxAgeHours ?? null, maxAgeHours !== undefined]
  const [after] = await sql.query<DomainSettings>(UPDATE_SETTINGS, [domainId, ...days, ...age])
  return after ?? DEFAULT_SETTINGS
}
