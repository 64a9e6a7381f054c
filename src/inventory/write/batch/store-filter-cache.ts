import type { Transaction } from '../../../storage/index.ts'
import type { JsonObject } from '../../decode/index.ts'

type CacheWrite = {
  readonly domainId: string
  readonly contributorId: number
  readonly jobTaskId: string
  readonly now: Date
}

/**
 * Keeps what the plugin wants to be asked for next time. Tasks and messages of one job add to each other, key
 * by key; the first of a later job replaces everything, so that a key which the plugin no longer names is not
 * kept for ever.
 */
export async function storeFilterCache(
  tx: Transaction,
  { domainId, contributorId, jobTaskId, now }: CacheWrite,
  filter: JsonObject,
): Promise<void> {
  await tx.query(
    `insert into filter_cache as c (domain_id, contributor_id, filter, job_id, stored_at)
     select $1, $2, $4::jsonb, t.job_id, $5 from job_task t where t.domain_id = $1 and t.job_task_id = $3
     on conflict (domain_id, contributor_id) do update
        set filter = case when c.job_id = excluded.job_id then c.filter || excluded.filter else excluded.filter end,
            job_id = excluded.job_id, stored_at = excluded.stored_at`,
    [domainId, contributorId, jobTaskId, JSON.stringify(filter), now],
  )
}
