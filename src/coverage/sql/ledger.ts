import type { FailureClass } from '../../inventory/index.ts'
import type { Sql } from '../../storage/index.ts'
import type { CellName } from '../cells.ts'
import type { AgeFacts } from '../ledger/max-age.ts'
import type { Grade } from '../settings.ts'

/** What the ledger knows of one contributor. */
export type ContributorRow = AgeFacts & {
  readonly contributorId: number
  readonly collectorId: string
  readonly secretId: string
  readonly retiredAt: Date | null
  /** Null when the collector was deleted. */
  readonly name: string | null
  readonly state: string | null
  readonly newestSeq: number | null
  readonly newestJobId: string | null
  /** Of a newest run that was not read to its end: what its task says. */
  readonly newestError: string | null
  readonly nextRunAt: Date | null
  /** The collector would be run with this secret now. */
  readonly isSelected: boolean
}

// Of each contributor the newest ended run that meant to read everything: walks its runs backwards by primary
// key, and passes over the few that were filtered or are part of a job that is under way. One whose job was
// deleted says itself what it had meant to read. Of those that were deleted before it did it is only known
// what is left: where it was not read to its end, or could not read something, it may have meant to read
// everything; a receipt says that it did. Between two runs of a schedule is what lies at most between due
// times that come next, or between its last one and its next one if that is more. Whether the collector still
// uses the secret is what `selectSecrets` decides, for all contributors in one statement.
const LIST_CONTRIBUTORS = `
select b.contributor_id, b.collector_id, b.secret_id, c.retired_at, k.name, k.state,
       newest.task_seq as newest_seq, newest.job_id as newest_job_id, newest.error as newest_error, next.at as next_run_at,
       next.period as period_s, selected.is as is_selected,
       (select max_age_hours from domain_settings where domain_id = $1) as max_age_hours
  from contributor b
  left join collector k on k.domain_id = b.domain_id and k.collector_id = b.collector_id
  left join claim_state c on c.domain_id = b.domain_id and c.contributor_id = b.contributor_id
  left join lateral (
    select r.task_seq, t.job_id,
           case when r.complete then null
                else coalesce(t.errors->-1->>'error_code', '') || ': ' || coalesce(t.errors->-1->>'message', t.status, 'its job was deleted') end as error
      from run r
      left join job_task t on t.domain_id = r.domain_id and t.seq = r.task_seq
      left join job j on j.domain_id = t.domain_id and j.job_id = t.job_id
     where r.domain_id = b.domain_id and r.contributor_id = b.contributor_id
       and case when j.job_id is null then coalesce(r.meant_all,
                     not r.complete
                     or exists (select from receipt p where p.domain_id = r.domain_id and p.contributor_id = r.contributor_id
                                                        and p.task_seq = r.task_seq)
                     or exists (select from read_failure f where f.domain_id = r.domain_id and f.contributor_id = r.contributor_id
                                                             and f.task_seq = r.task_seq and f.withholds))
                else j.collect_mode = 'ALL' and j.filter = '{}' and t.cached_filter = '{}' and j.status <> 'IN_PROGRESS' end
     order by r.task_seq desc limit 1
  ) newest on true
  left join lateral (
    select min(s.next_due_at) as at,
           min(greatest(s.longest_gap_s, extract(epoch from s.next_due_at - coalesce(s.last_scheduled_at, s.counts_from))::float8))
             filter (where s.collect_mode = 'ALL' and s.filter = '{}' and s.next_due_at is not null) as period
      from schedule s
     where s.domain_id = b.domain_id and s.collector_id = b.collector_id and k.state = 'ENABLED'
  ) next on true
 cross join lateral (
    select case when k.secret_id || k.secret_group_id || k.secret_provider || k.service_account_id = '' then b.secret_id = ''
      else exists (
        select from secret s
         where s.domain_id = b.domain_id and s.secret_id = b.secret_id
           and (k.secret_id = '' or s.secret_id = k.secret_id)
           and (k.secret_group_id = '' or exists (
                 select from secret_group_member m
                  where m.domain_id = s.domain_id and m.secret_group_id = k.secret_group_id and m.secret_id = s.secret_id))
           and (k.secret_provider = '' or s.provider = k.secret_provider)
           and (k.service_account_id = '' or s.service_account_id = k.service_account_id)
           and (k.is_public or s.project_id = k.project_id)
           and (s.schema = '' or coalesce(k.capability->'supported_schema', '[]') = '[]'
                or k.capability->'supported_schema' ? s.schema)) end as is
  ) selected
 where b.domain_id = $1 and b.collector_id <> '' and ($2 = '' or b.collector_id = $2) and ($3 = '' or b.secret_id = $3)
 order by b.collector_id, b.secret_id`

export async function listLedgerContributors(
  sql: Sql,
  query: { readonly domainId: string; readonly collectorId: string; readonly secretId: string },
): Promise<readonly ContributorRow[]> {
  return await sql.query<ContributorRow>(LIST_CONTRIBUTORS, [
    query.domainId,
    query.collectorId,
    query.secretId,
  ])
}

export type LedgerCell = CellName & {
  readonly contributorId: number
  /** Null for what was never seen. */
  readonly cell: number | null
  readonly claims: number
  readonly missed: number
  readonly unknown: number
  readonly held: number
  readonly receiptSeq: number | null
  readonly receiptAt: Date | null
}

/** Reads the cells of these contributors that match a name. */
export async function listLedgerCells(
  sql: Sql,
  query: { readonly domainId: string; readonly contributorIds: readonly number[]; readonly name: CellName },
): Promise<readonly LedgerCell[]> {
  const { provider, cloudServiceGroup, cloudServiceType, account, regionCode } = query.name
  return await sql.query<LedgerCell>(
    `select * from coverage_cell
      where domain_id = $1 and contributor_id = any($2::int[])
        and ($3 = '' or provider = $3) and ($4 = '' or cloud_service_group = $4)
        and ($5 = '' or cloud_service_type = $5) and ($6 = '' or account = $6) and ($7 = '' or region_code = $7)
      order by provider, cloud_service_group, cloud_service_type, account, region_code`,
    [
      query.domainId,
      query.contributorIds,
      provider,
      cloudServiceGroup,
      cloudServiceType,
      account,
      regionCode,
    ],
  )
}

export type LedgerReceipt = {
  readonly contributorId: number
  readonly taskSeq: number
  readonly jobId: string
  readonly grade: Grade
  readonly createdAt: Date
  readonly covers: 'all' | 'some'
}

/**
 * Reads the newest receipt of each contributor that covers all its cells, and those that single cells name.
 */
export async function listLedgerReceipts(
  sql: Sql,
  query: {
    readonly domainId: string
    readonly contributorIds: readonly number[]
    readonly seqs: readonly number[]
  },
): Promise<readonly LedgerReceipt[]> {
  return await sql.query<LedgerReceipt>(
    `select r.contributor_id, r.task_seq, r.job_id, r.grade, r.created_at, 'all' as covers
       from unnest($2::int[]) as wanted(id)
      cross join lateral (
        select * from receipt
         where domain_id = $1 and contributor_id = wanted.id and withheld = 0
         order by task_seq desc limit 1
      ) r
     union
     select contributor_id, task_seq, job_id, grade, created_at, 'some' from receipt
      where domain_id = $1 and contributor_id = any($2::int[]) and task_seq = any($3::bigint[])`,
    [query.domainId, query.contributorIds, query.seqs],
  )
}

export type LedgerFailure = CellName & {
  readonly contributorId: number
  readonly taskSeq: number
  readonly class: FailureClass
  readonly message: string
  readonly jobId: string
}

/** Reads the newest 100 failures of each contributor, newest first. */
export async function listLedgerFailures(
  sql: Sql,
  query: { readonly domainId: string; readonly contributorIds: readonly number[] },
): Promise<readonly LedgerFailure[]> {
  return await sql.query<LedgerFailure>(
    `select f.*, coalesce(k.job_id, '') as job_id
       from unnest($2::int[]) as wanted(id)
      cross join lateral (
        select * from read_failure
         where domain_id = $1 and contributor_id = wanted.id and withholds
         order by task_seq desc limit 100
      ) f
       left join known_task k on k.domain_id = f.domain_id and k.seq = f.task_seq
      order by f.task_seq desc`,
    [query.domainId, query.contributorIds],
  )
}
