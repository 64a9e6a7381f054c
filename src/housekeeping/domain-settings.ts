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

/** What holds for a domain that has never said anything. The columns of domain_settings have the same defaults. */
export const DEFAULT_SETTINGS: DomainSettings = {
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

const UPDATE_SETTINGS = `
insert into domain_settings as s (domain_id, job_days, run_days, event_days, history_days, opening_days, deleted_days, max_age_hours)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (domain_id) do update
   set job_days = $2, run_days = $3, event_days = $4, history_days = $5, opening_days = $6, deleted_days = $7, max_age_hours = $8,
       sweep_due_at = now()`

/** Changes what is given and leaves the rest; what is too old by then is removed soon after. */
export async function updateSettings(
  sql: Sql,
  domainId: string,
  changes: Partial<DomainSettings>,
): Promise<DomainSettings> {
  const after = { ...(await getSettings(sql, domainId)), ...changes }
  const { jobDays, runDays, eventDays, historyDays, openingDays, deletedDays, maxAgeHours } = after
  const days = [jobDays, runDays, eventDays, historyDays, openingDays, deletedDays]
  await sql.query(UPDATE_SETTINGS, [domainId, ...days, maxAgeHours])
  return after
}
