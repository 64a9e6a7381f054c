import type { Logger } from '../../access/index.ts'
import type { Clock } from '../../core/clock.ts'
import { toError, Unavailable } from '../../core/errors.ts'
import type { Database } from '../../storage/index.ts'
import { type EndingTask, finishTask } from '../end/finish-task.ts'
import { LeaseLost } from '../lease/lease-lost.ts'
import { noWorkerCarries } from '../task-errors.ts'
import { isUnserved, LIVE } from './unserved.ts'

// One descent of job_task_waiting for each lane in which something waits. Only lanes whose state changes, and
// those that are unserved, are written. When nobody has looked for a minute, the workers may have been away
// together, and the time begins anew.
const MARK = `
with recursive waiting (domain_id, lane_id) as (
  (select domain_id, lane_id from job_task
    where status = 'PENDING' and lane_id is not null order by domain_id, lane_id limit 1)
   union all
  select n.domain_id, n.lane_id from waiting w cross join lateral (
    select domain_id, lane_id from job_task
     where status = 'PENDING' and lane_id is not null and (domain_id, lane_id) > (w.domain_id, w.lane_id)
     order by domain_id, lane_id limit 1) n
), unserved as materialized (
  select l.domain_id, l.lane_id from waiting w
    join lane l on l.domain_id = w.domain_id and l.lane_id = w.lane_id
   where ${isUnserved('l')}
), served_again as (
  update lane l set unserved_since = null, unserved_seen_at = null
   where l.unserved_since is not null
     and not exists (select 1 from unserved u where u.domain_id = l.domain_id and u.lane_id = l.lane_id)
)
update lane l
   set unserved_since = case when l.unserved_seen_at > now() - interval '60 seconds' then l.unserved_since else now() end,
       unserved_seen_at = now()
  from unserved u
 where l.domain_id = u.domain_id and l.lane_id = u.lane_id`

// A task that is younger than the limit waits its own time, however long its lane has been unserved; so does
// one that is not due.
const GIVEN_UP = `
select t.domain_id, t.job_id, t.job_task_id, t.collector_id, t.attempt, l.selector
  from lane l
  join job_task t on t.domain_id = l.domain_id and t.lane_id = l.lane_id and t.status = 'PENDING'
 where l.unserved_since <= now() - $1 * interval '1 millisecond'
   and t.created_at <= now() - $1 * interval '1 millisecond'
   and t.due_at <= now()
 limit $2`

/** Tasks that one look ends, about half a second: its worker takes nothing meanwhile. */
export const UNSERVED_AT_ONCE = 100

// So that a hundred which cannot be ended keep no others waiting, and do not fill the log. A worker that
// comes meanwhile takes it then.
const LATER = `
update job_task set due_at = now() + interval '1 minute'
 where domain_id = $1 and job_task_id = $2 and attempt = $3 and status = 'PENDING'`

const LIVE_LABELS = `select distinct labels from worker where ${LIVE} order by labels limit 10`

export type UnservedDeps = { readonly db: Database; readonly log: Logger; readonly now: Clock }

/**
 * Ends as FAILURE the tasks whose selector no live worker has met for this long, so that their jobs end too,
 * and returns how many it found, at most `UNSERVED_AT_ONCE`. Safe to run anywhere, any time: one process
 * looks at a time, the others skip it. It needs a worker that lives: while there is none at all tasks wait,
 * because then the server is down and not the selector wrong.
 */
export async function giveUpUnserved({ db, log, now }: UnservedDeps, limitMs: number): Promise<number> {
  const { tasks, live } = await db.transaction(async (tx) => {
    const [turn] = await tx.query<{ mine: boolean }>(
      `select pg_try_advisory_xact_lock(hashtext('gleaner unserved lanes')) as mine`,
    )
    if (turn?.mine !== true) return { tasks: [], live: [] }
    await tx.query(MARK)
    const tasks = await tx.query<UnservedTask>(GIVEN_UP, [limitMs, UNSERVED_AT_ONCE])
    const live = tasks.length === 0 ? [] : await tx.query<{ labels: readonly string[] }>(LIVE_LABELS)
    return { tasks, live: live.map(({ labels }) => labels) }
  })
  for (const { selector, ...task } of tasks) {
    const errors = [noWorkerCarries(task.jobTaskId, { selector, live, limitMs })]
    try {
      await finishTask(db, task, { status: 'FAILURE', complete: false, errors, at: now() }, 'unserved')
      log.warn({ jobTaskId: task.jobTaskId, selector }, 'task given up: no worker carries its labels')
    } catch (thrown) {
      if (thrown instanceof Unavailable) throw thrown
      if (thrown instanceof LeaseLost) continue
      log.error(
        { jobTaskId: task.jobTaskId, err: toError(thrown) },
        'a task that no worker may run cannot be ended; it is tried again in a minute',
      )
      await db.query(LATER, [task.domainId, task.jobTaskId, task.attempt])
    }
  }
  return tasks.length
}

type UnservedTask = EndingTask & { readonly selector: readonly string[] }
