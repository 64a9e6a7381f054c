import type { Transaction } from '../../storage/index.ts'
import type { ContributorKey } from './claim-state.ts'

/** Stands for all cells: the run proved nothing about any of them. */
const ALL_CELLS = 2_147_483_647

// A run that meant to read everything has earned its receipt before its task ends, the last of its contributor in the job.
// Any other run leaves what is known, as the ledger does, and so does one whose collector is being deleted. One statement for all,
// so that the end of a task costs none more, and a row only when something changes. It is a row that batches never lock: they hold
// that of the contributor when they come to the task, which is locked here.
const NOTE_LISTED = `
with ended as (
  select t.collector_id, t.job_id, t.job_task_id, s.not_listed as before, s.retired_at, coalesce(s.is_lost, false) as was_lost,
         case when j.collect_mode = 'ALL' and j.filter = '{}' and t.cached_filter = '{}'
               and not exists (select from job_task o
                                where o.domain_id = $1 and o.contributor_id = $2 and o.job_id = t.job_id
                                  and o.status in ('PENDING', 'IN_PROGRESS'))
              then coalesce((select withheld from receipt where domain_id = $1 and contributor_id = $2 and task_seq = $3),
                            ${ALL_CELLS})
              else s.not_listed end as now
    from job_task t
    join job j on j.domain_id = t.domain_id and j.job_id = t.job_id
    join contributor b on b.domain_id = t.domain_id and b.contributor_id = t.contributor_id and b.refold_by is null
    left join claim_state s on s.domain_id = t.domain_id and s.contributor_id = t.contributor_id
   where t.domain_id = $1 and t.seq = $3
), noted as (
  insert into claim_state (domain_id, contributor_id, not_listed, is_lost)
  select $1, $2, now, coalesce(now > before, false) or was_lost and now > 0 from ended
   where retired_at is not null or now is distinct from before
  on conflict (domain_id, contributor_id) do update
     set retired_at = null, not_listed = excluded.not_listed, is_lost = excluded.is_lost
)
insert into event (domain_id, type, collector_id, job_id, job_task_id, counts)
select $1, case when now = 0 then 'coverage.regained' else 'coverage.lost' end, collector_id, job_id, job_task_id,
       case when now in (0, ${ALL_CELLS}) then '{}' else jsonb_build_object('not_listed', now) end
  from ended where now > before or now = 0 and was_lost`

/**
 * Notes at the end of a task that its collector looks again, and how much of what it knows the run did not list completely;
 * tells when that is more than the run before left out, and when after that it is nothing again.
 */
export async function noteListed(
  tx: Transaction,
  { domainId, contributorId, taskSeq }: ContributorKey & { readonly taskSeq: number },
): Promise<void> {
  await tx.query(NOTE_LISTED, [domainId, contributorId, taskSeq], { name: 'note_listed' })
}
