import type { Sql } from '../../storage/index.ts'
import { JOB_STATUSES, type JobStatus } from '../job.ts'
import { isFinalJobStatus } from '../transitions.ts'

// Backwards by job_of_collector, past the few jobs that have not ended.
const COUNT = `
select last.status, count(*)::int as collectors
  from collector c
 cross join lateral (
   select j.status from job j
    where j.domain_id = c.domain_id and j.collector_id = c.collector_id and j.finished_at is not null
    order by j.created_at desc limit 1
 ) last
 where c.state = 'ENABLED'
 group by last.status`

/**
 * How many enabled collectors of all domains have a newest ended job of each final status; those without one
 * are left out.
 */
export async function countLastJobs(sql: Sql): Promise<Readonly<Partial<Record<JobStatus, number>>>> {
  const rows = await sql.query<{ status: JobStatus; collectors: number }>(COUNT)
  const found = new Map(rows.map(({ status, collectors }) => [status, collectors]))
  return Object.fromEntries(
    JOB_STATUSES.filter(isFinalJobStatus).map((status) => [status, found.get(status) ?? 0]),
  )
}
