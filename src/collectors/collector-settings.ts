import type { JsonObject, MessageInitShape } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { NotFound, RequiredParameter } from '../core/errors.ts'
import { assertNoViolations } from '../core/violations.ts'
import type { CollectorSettingsInfoSchema } from '../gen/gleaner/v1/collector_settings_pb.ts'
import { beginHeldJobs, enterLanes, type OverlapPolicy } from '../jobs/index.ts'
import type { Sql } from '../storage/index.ts'
import { fromLabels, settingsViolations, toLabels } from './settings-violations.ts'
import { lockCollector } from './sql/lock-collector.ts'

type CollectorSettingsView = MessageInitShape<typeof CollectorSettingsInfoSchema>

/** What of a collector's settings is to change; what is undefined stays. */
export type SettingsChange = {
  readonly overlapPolicy: string | undefined
  readonly workerSelector: JsonObject | undefined
  readonly maxParallelTasks: number | undefined
}

type CollectorKey = { readonly domainId: string; readonly collectorId: string }

/** Reads the settings of a collector: what was stored, else the defaults. */
export async function getCollectorSettings(ctx: Context, key: CollectorKey): Promise<CollectorSettingsView> {
  if (key.collectorId === '') throw new RequiredParameter('collector_id')
  return await readSettings(ctx.db, key)
}

// Absent values come as null and leave the column; in a new row they are its default.
const STORE = `
insert into collector_settings as s (domain_id, collector_id, overlap_policy, worker_selector, max_parallel_tasks)
values ($1, $2, coalesce($3, 'PARALLEL'), coalesce($4::text[], '{}'), coalesce($5, 0))
on conflict (domain_id, collector_id) do update
   set overlap_policy = coalesce($3, s.overlap_policy), worker_selector = coalesce($4::text[], s.worker_selector),
       max_parallel_tasks = coalesce($5, s.max_parallel_tasks)`

/**
 * Changes settings of a collector, and moves its open tasks to where they now belong. With PARALLEL no job is
 * held back any more.
 */
export async function updateCollectorSettings(
  ctx: Context,
  key: CollectorKey,
  change: SettingsChange,
): Promise<CollectorSettingsView> {
  const missing = key.collectorId === '' ? [new RequiredParameter('collector_id')] : []
  assertNoViolations([...missing, ...settingsViolations(change)])
  const { overlapPolicy = null, workerSelector, maxParallelTasks = null } = change
  const view = await ctx.db.transaction(async (tx) => {
    const { domainId, collectorId } = await lockCollector(tx, key)
    const selector = workerSelector === undefined ? null : toLabels(workerSelector)
    await tx.query(STORE, [domainId, collectorId, overlapPolicy, selector, maxParallelTasks])
    const settings = await readSettings(tx, key)
    if (settings.overlapPolicy === 'PARALLEL')
      await beginHeldJobs(tx, { domainId, collectorId, at: ctx.now() })
    await enterLanes(tx, [{ domainId, collectorId }])
    return settings
  })
  ctx.log.info({ ...key }, 'collector settings changed')
  return view
}

const READ = `
select s.overlap_policy, s.worker_selector, s.max_parallel_tasks
  from collector c left join collector_settings s on s.domain_id = c.domain_id and s.collector_id = c.collector_id
 where c.domain_id = $1 and c.collector_id = $2`

type SettingsRow = {
  readonly overlapPolicy: OverlapPolicy | null
  readonly workerSelector: readonly string[] | null
  readonly maxParallelTasks: number | null
}

async function readSettings(
  sql: Sql,
  { domainId, collectorId }: CollectorKey,
): Promise<CollectorSettingsView> {
  const [row] = await sql.query<SettingsRow>(READ, [domainId, collectorId])
  if (row === undefined) throw new NotFound('collector', collectorId)
  return {
    collectorId,
    overlapPolicy: row.overlapPolicy ?? 'PARALLEL',
    workerSelector: fromLabels(row.workerSelector ?? []),
    maxParallelTasks: row.maxParallelTasks ?? 0,
  }
}
