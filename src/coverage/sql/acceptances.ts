import type { FailureClass } from '../../inventory/index.ts'
import type { Sql } from '../../storage/index.ts'
import type { Acceptance, StoredAcceptance } from '../acceptance/acceptance.ts'
import type { CellName } from '../cells.ts'

/**
 * Whether an acceptance holds now, by the clock of the database: nobody has ended it, and its time is not
 * over.
 */
export const IN_FORCE = 'ended_at is null and (until is null or until > now())'

type Row = CellName & Omit<StoredAcceptance, 'name'>

const COLUMNS = `acceptance_id, collector_id, secret_id, provider, cloud_service_group, cloud_service_type, account,
       region_code, classes, reason, accepted_by, created_at, until, ended_at, ended_by,
       coalesce(until <= now(), false) as is_expired`

/** Reads what is accepted now, what holds longest first. */
export async function listInForce(
  sql: Sql,
  query: { readonly domainId: string; readonly collectorId: string },
): Promise<readonly Acceptance[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} from acceptance
      where domain_id = $1 and ($2 = '' or collector_id = $2) and ${IN_FORCE}
      order by until desc nulls first, created_at, acceptance_id`,
    [query.domainId, query.collectorId],
    { name: 'list_acceptances_in_force' },
  )
  return rows.map(toAcceptance)
}

/** At most so many are listed. */
const MAX_LISTED = 1_000

/** Reads those that somebody has ended, or all others, the newest first; where there are too many, those in force before others. */
export async function listStored(
  sql: Sql,
  query: { readonly domainId: string; readonly collectorId: string; readonly isEnded: boolean },
): Promise<readonly StoredAcceptance[]> {
  const rows = await sql.query<Row>(
    `select * from (
       select ${COLUMNS} from acceptance
        where domain_id = $1 and ($2 = '' or collector_id = $2) and (ended_at is not null) = $3
        order by is_expired, created_at desc, acceptance_id limit ${MAX_LISTED}) as chosen
      order by created_at desc, acceptance_id`,
    [query.domainId, query.collectorId, query.isEnded],
  )
  return rows.map(toAcceptance)
}

/** Finds one. */
export async function findStored(
  sql: Sql,
  { domainId, acceptanceId }: { readonly domainId: string; readonly acceptanceId: string },
): Promise<StoredAcceptance | undefined> {
  const [row] = await sql.query<Row>(
    `select ${COLUMNS} from acceptance where domain_id = $1 and acceptance_id = $2`,
    [domainId, acceptanceId],
  )
  return row === undefined ? undefined : toAcceptance(row)
}

function toAcceptance({
  provider,
  cloudServiceGroup,
  cloudServiceType,
  account,
  regionCode,
  ...rest
}: Row): StoredAcceptance {
  return { ...rest, name: { provider, cloudServiceGroup, cloudServiceType, account, regionCode } }
}

/** A run of a contributor, by one of its tasks. */
export type RunKey = { readonly contributorId: number; readonly taskSeq: number }

/**
 * What kept a run from reading something: what its plugin said, or that a part of it did not come to its end.
 */
type RunFailure = CellName & {
  readonly contributorId: number
  /** Null where `error` says it in words. */
  readonly class: FailureClass | null
  readonly error: string
}

// All parts of the jobs in which these tasks ran: of each what its last attempt could not read, as far as it
// withholds something, and whether it was read to its end.
const LIST_RUN_FAILURES = `
with part as (
  select wanted.contributor_id, k.seq, t.attempt, coalesce(r.complete, false) as complete,
         coalesce(t.errors->-1->>'error_code', '') || ': ' || coalesce(t.errors->-1->>'message', t.status, '') as error
    from unnest($2::int[], $3::bigint[]) as wanted(contributor_id, seq)
    join known_task n on n.domain_id = $1 and n.seq = wanted.seq
    join known_task k on k.domain_id = $1 and k.job_id = n.job_id
    left join job_task t on t.domain_id = $1 and t.seq = k.seq
    left join run r on r.domain_id = $1 and r.contributor_id = wanted.contributor_id and r.task_seq = k.seq
   where coalesce(t.contributor_id, r.contributor_id) = wanted.contributor_id
)
select distinct f.contributor_id, f.class, f.provider, f.cloud_service_group, f.cloud_service_type, f.account, f.region_code,
       '' as error
  from part p
  join read_failure f on f.domain_id = $1 and f.contributor_id = p.contributor_id and f.task_seq = p.seq
                     and f.attempt = coalesce(p.attempt, f.attempt)
 where f.withholds
 union all
select contributor_id, null, '', '', '', '', '', error from part where not complete`

/** Reads what kept these runs from reading everything. */
export async function listRunFailures(
  sql: Sql,
  domainId: string,
  runs: readonly RunKey[],
): Promise<readonly RunFailure[]> {
  if (runs.length === 0) return []
  return await sql.query<RunFailure>(LIST_RUN_FAILURES, [
    domainId,
    runs.map(({ contributorId }) => contributorId),
    runs.map(({ taskSeq }) => taskSeq),
  ])
}
