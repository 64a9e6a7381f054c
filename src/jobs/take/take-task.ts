import type { JsonObject } from '@bufbuild/protobuf'
import { asId } from '../../core/ids.ts'
import type { Database } from '../../storage/index.ts'
import type { CollectMode } from '../job.ts'
import type { TakenTask } from '../task.ts'

// Whoever takes holds this until it has committed, so that limits are exact: two that count at the same
// moment would both find room for one more. One that is frozen while it holds it is cut off after 2 s, and
// then nobody waits for it. TAKE_TASK is planned once for a connection: the plan is the same whatever the
// parameters are, and to make it took 4 ms, where to run it takes
// 1. It may be made while nothing waits, when reading a whole table looks cheap, and must still be good
//   when thousands do.
export const TAKE_TURN = `
select pg_advisory_xact_lock(hashtext('gleaner take task')),
       set_config('idle_in_transaction_session_timeout', '2000', true),
       set_config('plan_cache_mode', 'force_generic_plan', true),
       set_config('enable_seqscan', 'off', true)`

// How many tasks run, by key, as one document.
const runningBy = (key: string) =>
  `(select jsonb_object_agg(of, tasks) from (select ${key} as of, sum(tasks) as tasks from running group by 1) s)`
const RUNNING_IN_DOMAIN = runningBy('domain_id')
const OF_COLLECTOR = `domain_id || ' ' || collector_id`

// 1. Which lanes have something waiting, and the oldest in each: one descent of job_task_waiting for each
//   lane, however many tasks are in it.
// 2. What runs now, by lane: as many rows as all workers have places.
// 3. Lanes that may move: the worker carries the labels, and no limit of domain, provider, plugin or
//   collector is reached. What runs is summed once, into a document that is looked up by key: as a join of
//   two derived tables, of which the planner knows nothing, it was summed again for each lane, and that cost
//   three times as much as all descents together.
// 4. In their order, that is, whose domain has least running, then whose domain was served longest ago,
//   then whose oldest task is oldest, the head of each: the first due task whose contributor is free, so that
//   nobody runs one of its tasks and none that was planned earlier still waits (job_task_line). Heads are
//   looked for until there are enough of them, and not in every lane: a loop over the sorted lanes keeps
//   their order.
// 5. Of these the first that can be locked. SKIP LOCKED, because somebody may be canceling it; more than
//   one head, because then the next is taken.
export const TAKE_TASK = `
with recursive waiting (domain_id, lane_id, seq) as (
  (select domain_id, lane_id, seq from job_task
    where status = 'PENDING' and lane_id is not null order by domain_id, lane_id, seq limit 1)
   union all
  select n.domain_id, n.lane_id, n.seq from waiting w cross join lateral (
    select domain_id, lane_id, seq from job_task
     where status = 'PENDING' and lane_id is not null and (domain_id, lane_id) > (w.domain_id, w.lane_id)
     order by domain_id, lane_id, seq limit 1) n
), running as materialized (
  select l.domain_id, l.provider, l.plugin_id, l.collector_id, r.tasks
    from (select domain_id, lane_id, count(*) as tasks from job_task
           where status = 'IN_PROGRESS' group by domain_id, lane_id) r
    join lane l on l.domain_id = r.domain_id and l.lane_id = r.lane_id
), free as materialized (
  select w.domain_id, w.lane_id, w.seq, coalesce(u.taken, 0) as taken,
         coalesce((${RUNNING_IN_DOMAIN}->>l.domain_id)::int, 0) as in_domain
    from waiting w
    join lane l on l.domain_id = w.domain_id and l.lane_id = w.lane_id
    left join turn u on u.domain_id = w.domain_id
   where l.selector <@ $4::text[]
     and ($5::int = 0 or coalesce((${RUNNING_IN_DOMAIN}->>l.domain_id)::int, 0) < $5)
     and ($6::int = 0 or l.provider = '' or coalesce((${runningBy('provider')}->>l.provider)::int, 0) < $6)
     and (l.plugin_limit is null or coalesce((${runningBy('plugin_id')}->>l.plugin_id)::int, 0) < l.plugin_limit)
     and (l.collector_limit is null
          or coalesce((${runningBy(OF_COLLECTOR)}->>(l.domain_id || ' ' || l.collector_id))::int, 0) < l.collector_limit)
), head as materialized (
  select f.in_domain, f.taken, h.*
    from (select * from free order by in_domain, taken, seq) f
   cross join lateral (
     select t.domain_id, t.job_task_id, t.seq from job_task t
      where t.domain_id = f.domain_id and t.lane_id = f.lane_id and t.status = 'PENDING' and t.due_at <= now()
        and not exists (
          select 1 from job_task other
           where other.domain_id = t.domain_id and other.contributor_id = t.contributor_id
             and other.status in ('PENDING', 'IN_PROGRESS')
             and (other.status = 'IN_PROGRESS' or other.seq < t.seq))
      order by t.seq limit 1) h
   limit 16
), next as (
  select t.domain_id, t.job_task_id
    from head h
    join job_task t on t.domain_id = h.domain_id and t.job_task_id = h.job_task_id and t.status = 'PENDING'
   order by h.in_domain, h.taken, h.seq
   limit 1
     for update of t skip locked
), served as (
  insert into turn (domain_id, taken) select domain_id, nextval('turn_number') from next
  on conflict (domain_id) do update set taken = excluded.taken
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
       t.project_id, t.task_options, t.is_prepared, t.failed_attempts, t.lost_attempts, t.cached_filter, j.filter, j.collect_mode,
       j.trace_parent,
       c.plugin_id, c.plugin_version, c.upgrade_mode, c.plugin_options, c.priority, c.project_id as collector_project_id,
       exists (select 1 from job_task behind
                where behind.domain_id = t.domain_id and behind.contributor_id = t.contributor_id
                  and behind.status in ('PENDING', 'IN_PROGRESS') and behind.seq > t.seq and behind.job_id = t.job_id
       ) as has_parts_behind,
       (select count(*) from (select 1 from job_task where status = 'PENDING' and lane_id is not null
                               order by domain_id, lane_id, seq limit 2) w) > 1 as others_wait
  from taken t
  join job j on j.domain_id = t.domain_id and j.job_id = t.job_id
  left join collector c on c.domain_id = t.domain_id and c.collector_id = t.collector_id`

/** Tasks that may run at once on all servers together; 0: any number. */
export type TaskLimits = { readonly perDomain: number; readonly perProvider: number }

/** How a worker takes tasks. */
export type TakeOptions = {
  readonly owner: string
  readonly leaseMs: number
  readonly now: Date
  /** What the worker carries, `key=value`. Default none. */
  readonly labels?: readonly string[]
  /** Default none. */
  readonly limits?: TaskLimits
}

/**
 * Takes the next task for a worker: its attempt number goes up, what only the dead attempt before it knew
 * (errors, refusals, amounts read) goes back to nothing. Undefined when there is nothing to take.
 */
export async function takeTask(db: Database, options: TakeOptions): Promise<TakenTask | undefined> {
  const { owner, leaseMs, now, labels = [], limits = { perDomain: 0, perProvider: 0 } } = options
  const { perDomain, perProvider } = limits
  return await db.transaction(async (tx) => {
    await tx.query(TAKE_TURN, [], { name: 'take_turn' })
    const [row] = await tx.query<TakenRow>(TAKE_TASK, [owner, leaseMs, now, labels, perDomain, perProvider], {
      name: 'take_task',
    })
    return row === undefined ? undefined : asTakenTask(row)
  })
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
  readonly othersWait: boolean
  readonly failedAttempts: number
  readonly lostAttempts: number
  readonly filter: JsonObject
  readonly cachedFilter: JsonObject
  readonly collectMode: CollectMode
  readonly traceParent: string | null
  readonly pluginId: string | null
  readonly pluginVersion: string
  readonly upgradeMode: 'AUTO' | 'MANUAL'
  readonly pluginOptions: JsonObject
  readonly priority: number
  readonly collectorProjectId: string
}

function asTakenTask(row: TakenRow): TakenTask {
  const { pluginId, pluginVersion, upgradeMode, pluginOptions, priority, collectorProjectId, ...rest } = row
  const { cachedFilter, filter, ...task } = rest
  return {
    ...task,
    // What the caller asks for counts before what the plugin remembered.
    filter: { ...cachedFilter, ...filter },
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
