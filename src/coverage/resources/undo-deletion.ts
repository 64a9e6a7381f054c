import type { Context } from '../../access/index.ts'
import { NotFound, RequiredParameter } from '../../core/errors.ts'
import { restoreResource, retryConflicts } from '../../inventory/write/index.ts'
import { assertNames } from '../assert-names.ts'
import { nameDecider } from '../decider.ts'
import { recountCells } from '../ledger/recount-cells.ts'

type UndoInput = {
  readonly domainId: string
  /** One resource; '' with a job. */
  readonly cloudServiceId: string
  /** Everything that a job has deleted and nobody has brought back; '' with a resource. */
  readonly jobId: string
}

/**
 * Takes back the deletion of a resource, or all deletions of a job. Returns the ids that are ACTIVE again.
 */
export async function undoDeletion(ctx: Context, input: UndoInput): Promise<readonly string[]> {
  if (input.cloudServiceId === '' && input.jobId === '') throw new RequiredParameter('cloud_service_id')
  const by = nameDecider(ctx)
  assertNames({ cloud_service_id: input.cloudServiceId, job_id: input.jobId })
  const ids = input.cloudServiceId === '' ? await listDeletedBy(ctx, input) : [input.cloudServiceId]
  const { domainId } = input
  const claimants = new Set<number>()
  try {
    for (const cloudServiceId of ids) {
      const restore = { domainId, cloudServiceId, by, now: ctx.now() }
      const back = await retryConflicts(ctx.db, (tx) => restoreResource(tx, restore), { signal: ctx.signal })
      for (const contributorId of back) claimants.add(contributorId)
    }
  } finally {
    // Also for those that came back before one that cannot: the ledger calls nothing complete that holds
    // them.
    for (const contributorId of claimants) {
      await ctx.db.transaction((tx) => recountCells(tx, { domainId, contributorId }))
    }
  }
  ctx.log.info({ ...input, restored: ids.length }, 'deletion taken back')
  return ids
}

async function listDeletedBy(ctx: Context, { domainId, jobId }: UndoInput): Promise<readonly string[]> {
  const known = await ctx.db.query(`select 1 from known_task where domain_id = $1 and job_id = $2 limit 1`, [
    domainId,
    jobId,
  ])
  if (known.length === 0) throw new NotFound('job', jobId)
  const rows = await ctx.db.query<{ id: string }>(
    `select distinct s.cloud_service_id as id
       from known_task k
       join change_record c on c.domain_id = k.domain_id and c.task_seq = k.seq and c.action = 'DELETE'
       join cloud_service s on s.domain_id = c.domain_id and s.cloud_service_id = c.cloud_service_id
      where k.domain_id = $1 and k.job_id = $2 and s.state = 'DELETED'
      order by id`,
    [domainId, jobId],
  )
  return rows.map(({ id }) => id)
}
