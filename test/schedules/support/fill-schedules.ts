import type { Database } from '../../../src/storage/index.ts'

const INSERT_COLLECTORS = `
insert into collector (domain_id, collector_id, name, state, priority, is_public, plugin_id, plugin_version, upgrade_mode,
                       created_at)
select $1, 'collector-' || lpad(to_hex(n), 12, '0'), 'Acme ' || n, 'ENABLED', 10, true, 'plugin-none', '1.0.0', 'MANUAL',
       now()
  from generate_series(1, $2::integer) n`

// Not due before somebody makes it so.
const INSERT_SCHEDULES = `
insert into schedule (domain_id, schedule_id, collector_id, collect_mode, hours, counts_from, next_due_at, created_at,
                      longest_gap_s)
select $1, 'sched-' || lpad(to_hex(n), 12, '0'), 'collector-' || lpad(to_hex(n), 12, '0'), 'ALL', array[n % 24], now(),
       now() + interval '1 day', now(), 86400
  from generate_series(1, $2::integer) n`

const MAKE_DUE = `
update schedule set next_due_at = date_trunc('milliseconds', clock_timestamp())
 where domain_id = $1 and schedule_id = any(
         select 'sched-' || lpad(to_hex(n * $2::integer), 12, '0') from generate_series(1, $3::integer) n)`

/** Stores collectors with one daily schedule each, all due tomorrow. */
export async function fillSchedules(db: Database, domainId: string, count: number): Promise<void> {
  await db.query('insert into domain (domain_id, name, created_at) values ($1, $1, now())', [domainId])
  await db.query(INSERT_COLLECTORS, [domainId, count])
  await db.query(INSERT_SCHEDULES, [domainId, count])
}

/** Makes every `step`-th schedule due now, at the same moment. */
export async function makeDue(
  db: Database,
  domainId: string,
  { step, count }: { readonly step: number; readonly count: number },
): Promise<void> {
  await db.query(MAKE_DUE, [domainId, step, count])
}

export type Outcome = {
  readonly jobs: number
  /** Collectors that have not exactly one job. */
  readonly wrong: number
  /** Tasks without a wake-up of their own, or with several. */
  readonly unwoken: number
  readonly stillDue: number
}

/** What became of the schedules that were due. */
export async function readOutcome(db: Database, domainId: string): Promise<Outcome> {
  const [outcome] = await db.query<Outcome>(
    `select (select count(*) from job where domain_id = $1) as jobs,
            (select count(*) from (select 1 from job where domain_id = $1 group by collector_id having count(*) <> 1) w) as wrong,
            (select count(*) from (
               select 1 from job_task t left join pgboss.job b on b.data->>'job_task_id' = t.job_task_id
                where t.domain_id = $1 group by t.job_task_id having count(b.id) <> 1) u) as unwoken,
            (select count(*) from schedule where domain_id = $1 and next_due_at <= clock_timestamp()) as still_due`,
    [domainId],
  )
  if (outcome === undefined) throw new Error('no outcome')
  return outcome
}

export async function countJobs(db: Database, domainId: string): Promise<number> {
  const [row] = await db.query<{ jobs: number }>('select count(*) as jobs from job where domain_id = $1', [
    domainId,
  ])
  return row?.jobs ?? 0
}
