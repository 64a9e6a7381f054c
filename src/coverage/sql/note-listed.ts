import type { Transaction } from '../../storage/index.ts'
import type { ContributorKey } from './claim-state.ts'

/** Stands for all cells: the run proved nothing about any of them. */
const ALL_CELLS = 2_147_483_647

// A run that meant to read everything has earned its receipt before its task ends, the last of its contributor in the job.
// Any other run leaves what is known, as the ledger does. One statement for all, so that the end of a task costs none more,
// and a row only when something changes.
const NOTE_LISTED = `
with ended as (
  select t.collector_id, t.job_id, t.job_task_id, b.not_listed as before,
         case when j.collect_mode = 'ALL' and j.filter = '{}' and t.cached_filter = '{}'
               and not exists (select from job_task o
                                where o.domain_id = $1 and o.contributor_id = $2 and o.job_id = t.job_id
                                  and o.status in ('PENDING', 'IN_PROGRESS'))
              then coalesce((select withheld from receipt where domain_id = $1 and contributor_id = $2 and task_seq = $3),
                            ${ALL_CELLS})
              else b.not_listed end as now
    from job_task t
    join job j on j.domain_id = t.domain_id and j.job_id = t.job_id
    join contributor b on b.domain_id = t.domain_id and b.contributor_id = t.contributor_id
   where t.domain_id = $1 and t.seq = $3
), noted as (
  update contributor b set retired_at = null, not_listed = ended.now from ended
   where b.domain_id = $1 and b.contributor_id = $2
     and (b.retired_at is not null or b.not_listed is distinct from ended.now)
)
insert into event (domain_id, type, collector_id, job_id, job_task_id, counts)
select $1, case when now = 0 then 'coverage.regained' else 'coverage.lost' end, collector_id, job_id, job_task_id,
       case when now in (0, ${ALL_CELLS}) then '{}' else jsonb_build_object('not_listed', now) end
  from ended where now > before or now = 0 and before > 0`

/**
 * Notes at the end of a task that its collector looks again, and how much of what it knows the run did not list completely;
 * tells when that is more than the run before left out, and when it is nothing again.
 */
export async function noteListed(
  tx: Transaction,
  { domainId, contributorId, taskSeq }: ContributorKey & { readonly taskSeq: number },
): Promise<void> {
  await tx.query(NOTE_LISTED, [domainId, contributorId, taskSeq], { name: 'note_listed' })
}
