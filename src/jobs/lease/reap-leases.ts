import type { Logger } from '../../access/index.ts'
import type { Clock } from '../../core/clock.ts'
import { toError, Unavailable } from '../../core/errors.ts'
import { asId } from '../../core/ids.ts'
import type { Database } from '../../storage/index.ts'
import { type EndingTask, finishTask } from '../end/finish-task.ts'
import type { TaskQueue } from '../queue/queue.ts'
import { DEFAULT_ATTEMPT_LIMITS } from '../run/retry.ts'
import { workersVanished } from '../task-errors.ts'
import { LeaseLost } from './lease-lost.ts'

const REQUEUE = `
with dead as (
  select domain_id, job_task_id from job_task
   where status = 'IN_PROGRESS' and lease_expires_at < now() and lost_attempts + 1 < $1
   order by lease_expires_at
   limit 1000
     for update skip locked
)
update job_task t
   set status = 'PENDING', lease_owner = '', lease_expires_at = null, due_at = now(),
       lost_attempts = t.lost_attempts + 1
  from dead d
 where t.domain_id = d.domain_id and t.job_task_id = d.job_task_id
returning t.domain_id, t.job_task_id, t.attempt`

const HOPELESS = `
select domain_id, job_id, job_task_id, collector_id, attempt, lost_attempts from job_task
 where status = 'IN_PROGRESS' and lease_expires_at < now() and lost_attempts + 1 >= $1
 order by lease_expires_at
 limit 100`

// So that a hundred which cannot be ended keep no others waiting. Who holds the lease may still go on with
// it.
const LATER = `
update job_task set lease_expires_at = now() + interval '1 minute'
 where domain_id = $1 and job_task_id = $2 and attempt = $3 and status = 'IN_PROGRESS' and lease_expires_at < now()`

type ReapDeps = {
  readonly db: Database
  readonly queue: TaskQueue
  readonly log: Logger
  readonly now: Clock
}

/**
 * Takes tasks back from workers that have stopped renewing their leases: another worker continues them at
 * once. A task that has outlived too many workers ends as FAILURE, so that its job ends too. Safe to run
 * anywhere, any time.
 */
export async function reapLeases(
  deps: ReapDeps,
  maxLost: number = DEFAULT_ATTEMPT_LIMITS.maxLost,
): Promise<number> {
  const requeued = await deps.db.transaction(async (tx) => {
    const tasks = await tx.query<{ domainId: string; jobTaskId: string; attempt: number }>(
      REQUEUE,
      [maxLost],
      {
        name: 'requeue_tasks',
      },
    )
    await deps.queue.wakeAll(
      tx,
      tasks.map(({ domainId, jobTaskId }) => ({ domainId, jobTaskId: asId<'jobTask'>(jobTaskId) })),
    )
    return tasks
  })
  for (const task of requeued) deps.log.warn(task, 'lease ran out, task goes to another worker')
  return requeued.length + (await giveUpHopeless(deps, maxLost))
}

async function giveUpHopeless({ db, log, now }: ReapDeps, maxLost: number): Promise<number> {
  const tasks = await db.query<EndingTask & { readonly lostAttempts: number }>(HOPELESS, [maxLost], {
    name: 'list_hopeless_tasks',
  })
  for (const task of tasks) {
    const errors = [workersVanished(task.jobTaskId, task.lostAttempts + 1)]
    try {
      await finishTask(db, task, { status: 'FAILURE', complete: false, errors, at: now() }, 'reaper')
      log.error({ jobTaskId: task.jobTaskId }, 'task given up: its workers keep vanishing')
    } catch (thrown) {
      if (thrown instanceof Unavailable) throw thrown
      if (thrown instanceof LeaseLost) continue
      log.error(
        { jobTaskId: task.jobTaskId, err: toError(thrown) },
        'a task whose workers keep vanishing cannot be ended; it is tried again in a minute',
      )
      await db.query(LATER, [task.domainId, task.jobTaskId, task.attempt])
    }
  }
  return tasks.length
}
