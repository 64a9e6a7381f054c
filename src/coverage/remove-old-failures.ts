import type { Database } from '../storage/index.ts'

const MAX_ROWS = 1_000

// In the order of the primary key, whose beginning is the domain. When a task was, is known by its number,
// also where it has gone with its job. The newest job that could not read something keeps what it says: that
// is what the ledger shows, and why a cell is incomplete, however long ago that was. So does the job of the
// newest receipt: what it was kept from reading is not retired as unknown.
const REMOVE = `
delete from read_failure
 where ctid = any(array(
   select f.ctid from read_failure f
     join known_task k on k.domain_id = f.domain_id and k.seq = f.task_seq
    where f.domain_id = $1 and k.at < $2
      and exists (select 1 from read_failure n
                    join known_task nk on nk.domain_id = n.domain_id and nk.seq = n.task_seq
                   where n.domain_id = f.domain_id and n.contributor_id = f.contributor_id and n.task_seq > f.task_seq
                     and nk.job_id <> k.job_id)
      and k.job_id is distinct from (select r.job_id from receipt r
                                      where r.domain_id = f.domain_id and r.contributor_id = f.contributor_id
                                      order by r.task_seq desc limit 1)
    limit ${MAX_ROWS}))
returning 1 as gone`

/**
 * Removes a batch of what tasks of before this could not read, where a later job of the same collector and
 * secret has told of something as well, and a newer one earned a receipt; returns how many rows, 0 when none
 * is left.
 */
export async function removeOldFailures(db: Database, domainId: string, before: Date): Promise<number> {
  return (await db.query(REMOVE, [domainId, before])).length
}
