import type { Database } from '../storage/index.ts'
import { keepTasks } from './delete-job.ts'

const MAX_JOBS = 50

// A collector that is still there keeps its last successful job and what came after it: that is what people
// look at first, and what the next run is compared with. Walks job_newest from its old end.
const LOCK_OLD = `
select job_id from job j
 where domain_id = $1 and created_at < $2 and finished_at < $2
   and (not exists (select 1 from collector c where c.domain_id = $1 and c.collector_id = j.collector_id)
        or exists (select 1 from job n where n.domain_id = $1 and n.collector_id = j.collector_id
                                         and n.created_at > j.created_at and n.status = 'SUCCESS'))
 order by created_at limit ${MAX_JOBS}
   for update skip locked`

/**
 * Removes a batch of jobs of a domain that ended before this, with their tasks; returns how many. What they
 * changed stays in the history and still names them.
 */
export async function removeOldJobs(db: Database, domainId: string, before: Date): Promise<number> {
  return await db.transaction(async (tx) => {
    const jobs = await tx.query<{ jobId: string }>(LOCK_OLD, [domainId, before])
    const ids = jobs.map(({ jobId }) => jobId)
    if (ids.length === 0) return 0
    await keepTasks(tx, 'job_id', { domainId, ids })
    await tx.query('delete from job where domain_id = $1 and job_id = any($2)', [domainId, ids])
    return ids.length
  })
}
