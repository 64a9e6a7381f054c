import type { Sql } from '../../storage/index.ts'
import type { SealedData } from '../keys/sealed-data.ts'

type Sealed = SealedData & { readonly dataVersion: number }

/** Why a secret is opened: for one attempt of a task, or for a call. */
export type Opening =
  | {
      readonly kind: 'task'
      readonly collectorId: string
      readonly jobTaskId: string
      readonly attempt: number
    }
  | { readonly kind: 'request'; readonly collectorId: string; readonly requestId: string }

// One statement, so that nothing is read of which no row tells.
const TAKE_SEALED = `
with taken as (
  select sealed, key_version, wrapped_key, master_version, data_version
    from secret where domain_id = $1 and secret_id = $2
), noted as (
  insert into secret_opening (domain_id, secret_id, data_version, collector_id, job_task_id, attempt, request_id, opened_at)
  select $1, $2, data_version, $3, $4, $5, $6, $7 from taken
)
select * from taken`

/**
 * Reads what is stored of a secret's data, and writes down who wanted it. Undefined when there is no such
 * secret.
 */
export async function takeSealed(
  sql: Sql,
  secret: { readonly domainId: string; readonly secretId: string },
  opening: Opening,
  openedAt: Date,
): Promise<Sealed | undefined> {
  const { jobTaskId, attempt, requestId } =
    opening.kind === 'task' ? { ...opening, requestId: '' } : { ...opening, jobTaskId: '', attempt: 0 }
  const [row] = await sql.query<Sealed>(TAKE_SEALED, [
    secret.domainId,
    secret.secretId,
    opening.collectorId,
    jobTaskId,
    attempt,
    requestId,
    openedAt,
  ])
  return row
}
