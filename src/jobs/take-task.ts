import type { JsonObject } from '@bufbuild/protobuf'
import { asId } from '../core/ids.ts'
import { type Database, violatedConstraint } from '../storage/index.ts'
import type { CollectMode } from './job.ts'
import type { TakenTask } from './task.ts'

// The first due task in line whose contributor is free: nobody runs one of its tasks, and none that was planned
// earlier still waits. Walks job_task_pending in order of seq; the anti-join reads job_task_line. SKIP LOCKED lets
// two workers look at the same moment and come away with different tasks.
const TAKE_TASK = `
with next as (
  select t.domain_id, t.job_task_id
    from job_task t
   where t.status = 'PENDING' and t.due_at <= now()
     and not exists (
       select 1 from job_task other
        where other.domain_id = t.domain_id and other.contributor_id = t.contributor_id
          and other.status in ('PENDING', 'IN_PROGRESS')
          and (other.status = 'IN_PROGRESS' or other.seq < t.seq))
   order by t.seq
   limit 1
     for update of t skip locked
), taken as (
  update job_task t
     set status = 'IN_PROGRESS', attempt = t.attempt + 1, lease_owner = $1,
         lease_expires_at = now() + $2 * interval '1 millisecond', started_at = coalesce(t.started_at, $3),
         failure_count = 0, errors = '[]', messages_read = 0, bytes_read = 0
    from next n
   where t.domain_id = n.domain_id and t.job_task_id = n.job_task_id
  returning t.*
)
select t.domain_id, t.job_task_id, t.attempt, t.seq, t.job_id, t.collector_id, t.contributor_id, t.secret_id,
       t.project_id, t.task_options, t.is_prepared, t.failed_attempts, j.filter, j.collect_mode,
       c.plugin_id, c.plugin_version, c.upgrade_mode, c.plugin_options, c.priority, c.project_id as collector_project_id,
       exists (select 1 from job_task behind
                where behind.domain_id = t.domain_id and behind.contributor_id = t.contributor_id
                  and behind.status in ('PENDING', 'IN_PROGRESS') and behind.seq > t.seq and behind.job_id = t.job_id
       ) as has_parts_behind
  from taken t
  join job j on j.domain_id = t.domain_id and j.job_id = t.job_id
  left join collector c on c.domain_id = t.domain_id and c.collector_id = t.collector_id`

/** How a worker takes tasks. */
export type TakeOptions = { readonly owner: string; readonly leaseMs: number; readonly now: Date }

/**
 * Takes the next task for a worker: its attempt number goes up, what only the dead attempt before it knew (errors,
 * refusals, amounts read) goes back to nothing. Undefined when there is nothing to take.
 */
export async function takeTask(db: Database, options: TakeOptions): Promise<TakenTask | undefined> {
  const { owner, leaseMs, now } = options
  try {
    const [row] = await db.query<TakenRow>(TAKE_TASK, [owner, leaseMs, now])
    return row === undefined ? undefined : asTakenTask(row)
  } catch (thrown) {
    // Another worker took a task of the same contributor since this statement began to look.
    if (violatedConstraint(thrown) === 'job_task_serial') return undefined
    throw thrown
  }
}

type TakenRow = {
  readonly domainId: string
  readonly jobTaskId: string
  readonly attempt: number
  readonly seq: number
  readonly jobId: string
  readonly collectorId: string
  readonly contributorId: number
  readonly secretId: string
  readonly projectId: string
  readonly taskOptions: JsonObject
  readonly isPrepared: boolean
  readonly hasPartsBehind: boolean
  readonly failedAttempts: number
  readonly filter: JsonObject
  readonly collectMode: CollectMode
  readonly pluginId: string | null
  readonly pluginVersion: string
  readonly upgradeMode: 'AUTO' | 'MANUAL'
  readonly pluginOptions: JsonObject
  readonly priority: number
  readonly collectorProjectId: string
}

function asTakenTask(row: TakenRow): TakenTask {
  const { pluginId, pluginVersion, upgradeMode, pluginOptions, priority, collectorProjectId, ...task } = row
  return {
    ...task,
    jobTaskId: asId<'jobTask'>(row.jobTaskId),
    jobId: asId<'job'>(row.jobId),
    collector:
      pluginId === null
        ? undefined
        : {
            pluginId,
            pluginVersion,
            upgradeMode,
            options: pluginOptions,
            priority,
            projectId: collectorProjectId,
          },
  }
}
