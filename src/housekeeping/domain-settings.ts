import type { Sql } from '../storage/index.ts'

/** How long a domain keeps what only grows: days, 0 for ever. */
export type Retention = {
  readonly jobDays: number
  readonly runDays: number
  readonly eventDays: number
  readonly historyDays: number
  readonly openingDays: number
}

/** What a domain keeps that has never said so. The columns of domain_settings have the same defaults. */
export const DEFAULT_RETENTION: Retention = {
  jobDays: 90,
  runDays: 30,
  eventDays: 7,
  historyDays: 0,
  openingDays: 365,
}

/** How long this domain keeps what only grows. */
export async function getRetention(sql: Sql, domainId: string): Promise<Retention> {
  const [row] = await sql.query<Retention>(
    'select job_days, run_days, event_days, history_days, opening_days from domain_settings where domain_id = $1',
    [domainId],
  )
  return row ?? DEFAULT_RETENTION
}

const UPDATE_RETENTION = `
insert into domain_settings as s (domain_id, job_days, run_days, event_days, history_days, opening_days)
values ($1, $2, $3, $4, $5, $6)
on conflict (domain_id) do update
   set job_days = $2, run_days = $3, event_days = $4, history_days = $5, opening_days = $6, sweep_due_at = now()`

/** Changes what is given and leaves the rest; what is too old by then is removed soon after. */
export async function updateRetention(
  sql: Sql,
  domainId: string,
  changes: Partial<Retention>,
): Promise<Retention> {
  const after = { ...(await getRetention(sql, domainId)), ...changes }
  const { jobDays, runDays, eventDays, historyDays, openingDays } = after
  await sql.query(UPDATE_RETENTION, [domainId, jobDays, runDays, eventDays, historyDays, openingDays])
  return after
}
