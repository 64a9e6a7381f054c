import type { Sql } from '../../storage/index.ts'
import type { CellName } from '../cells.ts'
import type { ContributorKey } from './claim-state.ts'
import type { Receipt } from './receipts.ts'

type PresentReceipt = Pick<Receipt, 'taskSeq' | 'jobId' | 'withheld'>

/**
 * Finds the newest receipt that was earned under this epoch, unless a run had another one since: coming back
 * to an epoch begins it anew, and what its old receipts saw is forgotten.
 */
export async function findPresentReceipt(
  sql: Sql,
  { domainId, contributorId }: ContributorKey,
  epoch: string,
): Promise<PresentReceipt | undefined> {
  const [receipt] = await sql.query<PresentReceipt>(
    `select r.task_seq, r.job_id, r.withheld
       from (select * from receipt
              where domain_id = $1 and contributor_id = $2 order by task_seq desc limit 1) r
      where r.epoch = $3
        and not exists (select from job_task t
                         where t.domain_id = $1 and t.contributor_id = $2 and t.seq > r.task_seq
                           and t.epoch not in ('', $3))`,
    [domainId, contributorId, epoch],
  )
  return receipt
}

/** Reads what the runs of a contributor in one job could not read, as far as it withheld something. */
export async function listFailuresOf(
  sql: Sql,
  { domainId, contributorId }: ContributorKey,
  jobId: string,
): Promise<readonly CellName[]> {
  return await sql.query<CellName>(
    `select distinct f.provider, f.cloud_service_group, f.cloud_service_type, f.account, f.region_code
       from read_failure f
       join known_task k on k.domain_id = f.domain_id and k.seq = f.task_seq
      where f.domain_id = $1 and f.contributor_id = $2 and k.job_id = $3 and f.withholds`,
    [domainId, contributorId, jobId],
  )
}
