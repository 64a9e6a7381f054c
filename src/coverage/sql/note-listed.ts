import type { Transaction } from '../../storage/index.ts'
import { type AcceptedGap, ALL_CELLS, type WeighedGaps } from '../acceptance/weigh-gaps.ts'
import { weighRun } from '../acceptance/weigh-run.ts'
import { IN_FORCE } from './acceptances.ts'
import type { ContributorKey } from './claim-state.ts'

// A run that meant to read everything has earned its receipt before its task ends, the last of its
// contributor in the job. Any other run leaves what is known, as the ledger does, and so does one whose
// collector is being deleted. One statement for all, so that the end of a task costs none more, and a row
// only when something changes. It is a row that batches never lock: they hold that of the contributor when
// they come to the task, which is locked here. Where something is accepted, now or for the run before, it
// only says so, and is asked again with what that makes of the run: $4 cells that nobody accepts, the gaps
// that are accepted, and those that were and are closed.
const NOTE_LISTED = `
with ended as (
  select t.collector_id, b.secret_id, t.job_id, t.job_task_id, s.not_listed as before, s.retired_at,
         coalesce(s.is_lost, false) as was_lost, s.accepted_gaps,
         case when j.collect_mode = 'ALL' and j.filter = '{}' and t.cached_filter = '{}'
               and not exists (select from job_task o
                                where o.domain_id = $1 and o.contributor_id = $2 and o.job_id = t.job_id
                                  and o.status in ('PENDING', 'IN_PROGRESS'))
              then coalesce((select withheld from receipt where domain_id = $1 and contributor_id = $2 and task_seq = $3),
                            ${ALL_CELLS}) end as left_out
    from job_task t
    join job j on j.domain_id = t.domain_id and j.job_id = t.job_id
    join contributor b on b.domain_id = t.domain_id and b.contributor_id = t.contributor_id and b.refold_by is null
    left join claim_state s on s.domain_id = t.domain_id and s.contributor_id = t.contributor_id
   where t.domain_id = $1 and t.seq = $3
), weighed as (
  select e.*, case when left_out is null then before else coalesce($4::int, left_out) end as now,
         $4::int is null and left_out is not null and (accepted_gaps is not null or exists (
           select from acceptance a where a.domain_id = $1 and a.collector_id = e.collector_id and ${IN_FORCE})) as is_unweighed
    from ended e
), noted as (
  insert into claim_state (domain_id, contributor_id, not_listed, is_lost, accepted_gaps)
  select $1, $2, now, coalesce(now > before, false) or was_lost and now > 0,
         case when $4::int is null then accepted_gaps else $5::jsonb end
    from weighed
   where not is_unweighed
     and (retired_at is not null or now is distinct from before
          or $4::int is not null and accepted_gaps is distinct from $5::jsonb)
  on conflict (domain_id, contributor_id) do update
     set retired_at = null, not_listed = excluded.not_listed, is_lost = excluded.is_lost,
         accepted_gaps = excluded.accepted_gaps
), told as (
  insert into event (domain_id, type, collector_id, job_id, job_task_id, counts, kind, resource_ids)
  select $1, case when now = 0 then 'coverage.regained' else 'coverage.lost' end, collector_id, job_id, job_task_id,
         jsonb_strip_nulls(jsonb_build_object(
           'not_listed', case when now not in (0, ${ALL_CELLS}) then now end,
           'accepted', nullif(jsonb_array_length($5::jsonb), 0))), '', '{}'::text[]
    from weighed where not is_unweighed and (now > before or now = 0 and was_lost)
   union all
  select $1, 'coverage.gap_closed', collector_id, job_id, job_task_id,
         jsonb_build_object('closed', c.closed, 'accepted', c.left), c.kind, array[c.id]
    from weighed, unnest($6::text[], $7::text[], $8::int[], $9::int[]) as c(id, kind, closed, "left")
)
select collector_id, secret_id, left_out, accepted_gaps from weighed where is_unweighed`

type UnweighedRow = {
  readonly collectorId: string
  readonly secretId: string
  readonly leftOut: number
  readonly acceptedGaps: readonly AcceptedGap[] | null
}

type Run = ContributorKey & { readonly taskSeq: number }

/**
 * Notes at the end of a task that its collector looks again, and how much of what it knows the run did not
 * list completely and nobody accepts; tells when that is more than the run before left out, when after that
 * it is nothing again, and when an accepted gap is closed.
 */
export async function noteListed(tx: Transaction, run: Run): Promise<void> {
  const [row] = await note(tx, run, undefined)
  if (row === undefined) return
  const { acceptedGaps, ...left } = row
  await note(tx, run, await weighRun(tx, { ...run, ...left, acceptedBefore: acceptedGaps ?? [] }))
}

async function note(
  tx: Transaction,
  { domainId, contributorId, taskSeq }: Run,
  weighed: WeighedGaps | undefined,
): Promise<readonly UnweighedRow[]> {
  const { accepted = [], closed = [] } = weighed ?? {}
  return await tx.query<UnweighedRow>(
    NOTE_LISTED,
    [
      domainId,
      contributorId,
      taskSeq,
      weighed?.notAccepted ?? null,
      accepted.length === 0 ? null : JSON.stringify(accepted),
      closed.map(({ acceptanceId }) => acceptanceId),
      closed.map(({ kind }) => kind),
      closed.map((each) => each.closed),
      closed.map((each) => each.left),
    ],
    { name: 'note_listed' },
  )
}
