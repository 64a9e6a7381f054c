import type { Sql } from '../../storage/index.ts'
import type { CellName } from '../cells.ts'
import type { ContributorKey } from './claim-state.ts'

/** A task of a contributor in a job, as a receipt asks about it. */
export type TaskFact = {
  readonly seq: number
  readonly attempt: number
  readonly epoch: string
  /** One attempt's stream was read to its end with status OK. */
  readonly complete: boolean
}

/** Reads all tasks of a contributor in a job. */
export async function listTaskFacts(
  sql: Sql,
  { domainId, contributorId }: ContributorKey,
  jobId: string,
): Promise<readonly TaskFact[]> {
  return await sql.query<TaskFact>(
    `select t.seq, t.attempt, t.epoch, coalesce(r.complete, false) as complete
       from job_task t
       left join run r on r.domain_id = t.domain_id and r.contributor_id = t.contributor_id and r.task_seq = t.seq
      where t.domain_id = $1 and t.contributor_id = $2 and t.job_id = $3`,
    [domainId, contributorId, jobId],
    { name: 'list_task_facts' },
  )
}

/** Reads what the last attempts of these tasks could not read, as far as it withholds receipts. */
export async function listWithheld(
  sql: Sql,
  { domainId, contributorId }: ContributorKey,
  tasks: readonly Pick<TaskFact, 'seq' | 'attempt'>[],
): Promise<readonly CellName[]> {
  return await sql.query<CellName>(
    `select distinct f.provider, f.cloud_service_group, f.cloud_service_type, f.account, f.region_code
       from read_failure f
       join unnest($3::bigint[], $4::int[]) as t(seq, attempt) on t.seq = f.task_seq and t.attempt = f.attempt
      where f.domain_id = $1 and f.contributor_id = $2 and f.withholds`,
    [domainId, contributorId, tasks.map(({ seq }) => seq), tasks.map(({ attempt }) => attempt)],
    { name: 'list_withheld' },
  )
}
