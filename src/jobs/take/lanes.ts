import { type Transaction, textArray } from '../../storage/index.ts'
import { MACHINE, UNPINNED } from './machine-label.ts'

/** The collectors whose lanes are meant. */
type Collectors = readonly { readonly domainId: string; readonly collectorId: string }[]

// From the collector as it is now: plugin, provider, what its plugin says of itself, and its settings. A
// plugin's `concurrency` counts when it is a whole number of at least 1; whatever else stands there limits
// nothing. One that `sees` only its worker's machine goes where its machine is, or to where it gets one
// (pin-collectors.ts). `offset 0` keeps the planner at one look by key for each collector: a scheduler asks
// for hundreds among a hundred thousand.
const WANTED_LANES = `
wanted as (
  select c.domain_id, c.collector_id as of_collector, c.plugin_id, c.provider,
         case when 'worker' in (c.plugin_metadata->>'sees', c.capability->>'sees')
               and not exists (select 1 from unnest(s.worker_selector) label where label like '${MACHINE}=%')
              then array_append(coalesce(s.worker_selector, '{}'), '${UNPINNED}')
              else coalesce(s.worker_selector, '{}') end as selector,
         case when s.max_parallel_tasks > 0 then c.collector_id else '' end as collector_id,
         case when c.plugin_metadata->>'concurrency' ~ '^[1-9][0-9]{0,5}$'
              then (c.plugin_metadata->>'concurrency')::integer end as plugin_limit,
         nullif(s.max_parallel_tasks, 0) as collector_limit
    from (select distinct * from unnest($1::text[], $2::text[]) as k (domain_id, collector_id)) k
   cross join lateral (
           select * from collector c where c.domain_id = k.domain_id and c.collector_id = k.collector_id offset 0) c
    left join collector_settings s on s.domain_id = c.domain_id and s.collector_id = c.collector_id
)`

// In key order, because others may be writing the same lanes; and only what differs, so that most starts
// write nothing.
const ENSURE_LANES = `
with ${WANTED_LANES}
insert into lane (domain_id, plugin_id, provider, selector, collector_id, plugin_limit, collector_limit)
select distinct on (domain_id, plugin_id, provider, selector, collector_id)
       domain_id, plugin_id, provider, selector, collector_id, plugin_limit, collector_limit
  from wanted w
 where not exists (
   select 1 from lane l
    where l.domain_id = w.domain_id and l.plugin_id = w.plugin_id and l.provider = w.provider
      and l.selector = w.selector and l.collector_id = w.collector_id
      and l.plugin_limit is not distinct from w.plugin_limit
      and l.collector_limit is not distinct from w.collector_limit)
 order by domain_id, plugin_id, provider, selector, collector_id
on conflict (domain_id, plugin_id, provider, selector, collector_id)
do update set plugin_limit = excluded.plugin_limit, collector_limit = excluded.collector_limit`

const FIND_LANES = `
with ${WANTED_LANES}
select w.domain_id, w.of_collector as collector_id, l.lane_id,
       l.plugin_limit is not distinct from w.plugin_limit
         and l.collector_limit is not distinct from w.collector_limit as is_current
  from wanted w
  join lane l on l.domain_id = w.domain_id and l.plugin_id = w.plugin_id and l.provider = w.provider
             and l.selector = w.selector and l.collector_id = w.collector_id`

// Running tasks too: they count for the limits that hold now, and when their worker gives them back they wait
// where others of their collector do. Step by step: as one join, the planner paired all jobs of a domain with
// all its tasks before the first ANALYZE.
const ENTER_LANES = `
with ${WANTED_LANES},
waiting as materialized (
  select w.domain_id, t.job_task_id, l.lane_id
    from wanted w
    join lane l on l.domain_id = w.domain_id and l.plugin_id = w.plugin_id and l.provider = w.provider
               and l.selector = w.selector and l.collector_id = w.collector_id
   cross join lateral (
           select j.job_id from job j
            where j.domain_id = w.domain_id and j.collector_id = w.of_collector and j.status = 'IN_PROGRESS'
           offset 0) j
   cross join lateral (
           select t.job_task_id, t.lane_id, t.status from job_task t
            where t.domain_id = w.domain_id and t.job_id = j.job_id offset 0) t
   where t.status in ('PENDING', 'IN_PROGRESS') and t.lane_id is distinct from l.lane_id
)
update job_task t
   set lane_id = w.lane_id
  from waiting w
 where t.domain_id = any(array(select domain_id from waiting)) and t.job_task_id = any(array(select job_task_id from waiting))
   and t.domain_id = w.domain_id and t.job_task_id = w.job_task_id and t.status in ('PENDING', 'IN_PROGRESS')`

/**
 * The lane of each collector's tasks, in the order of the collectors; lanes that are missing are made. The
 * transaction holds the collectors' rows.
 */
export async function findLanes(
  tx: Transaction,
  collectors: Collectors,
): Promise<readonly (number | undefined)[]> {
  const keys = toArrays(collectors)
  // Mostly they are there and as they should be; both statements are planned for longer than they run.
  let lanes = await listLanes(tx, keys)
  if (!collectors.every((collector) => lanes.get(keyOf(collector))?.isCurrent)) {
    await tx.query(ENSURE_LANES, keys)
    // Of collectors that share one and want different limits one has its way.
    lanes = await listLanes(tx, keys)
  }
  return collectors.map((collector) => lanes.get(keyOf(collector))?.laneId)
}

type FoundLane = Collectors[number] & { readonly laneId: number; readonly isCurrent: boolean }

async function listLanes(tx: Transaction, keys: readonly Buffer[]): Promise<ReadonlyMap<string, FoundLane>> {
  const lanes = await tx.query<FoundLane>(FIND_LANES, keys)
  return new Map(lanes.map((lane) => [keyOf(lane), lane]))
}

/**
 * Puts the open tasks of these collectors into the lanes where they now belong; those of jobs that are held
 * back stay outside. The transaction holds the collectors' rows.
 */
export async function enterLanes(tx: Transaction, collectors: Collectors): Promise<void> {
  const keys = toArrays(collectors)
  await tx.query(ENSURE_LANES, keys)
  await tx.query(ENTER_LANES, keys)
}

function toArrays(collectors: Collectors): readonly Buffer[] {
  return [
    textArray(collectors.map(({ domainId }) => domainId)),
    textArray(collectors.map(({ collectorId }) => collectorId)),
  ]
}

function keyOf({ domainId, collectorId }: Collectors[number]): string {
  return `${domainId} ${collectorId}`
}
