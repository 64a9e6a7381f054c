import type { Logger } from '../../access/index.ts'
import type { Database } from '../../storage/index.ts'
import { enterLanes } from './lanes.ts'
import { MACHINE, machineLabelOf, UNPINNED } from './machine-label.ts'

// lane_unpinned and job_task_waiting: one short descent for each domain that ever had such a collector.
const FIND_UNPINNED = `
select distinct l.domain_id, t.collector_id
  from lane l
 cross join lateral (
   select collector_id from job_task t
    where t.domain_id = l.domain_id and t.lane_id = l.lane_id and t.status = 'PENDING' limit 100) t
 where '${UNPINNED}' = any(l.selector) and array_remove(l.selector, '${UNPINNED}') <@ $1::text[]
 order by 1, 2
 limit 100`

// A machine that was named meanwhile, by a person or another worker, stays.
const PIN = `
insert into collector_settings as s (domain_id, collector_id, worker_selector) values ($1, $2, array[$3::text])
on conflict (domain_id, collector_id) do update
   set worker_selector = array(select label from unnest(s.worker_selector || $3::text) label order by label collate "C")
 where not exists (select 1 from unnest(s.worker_selector) label where label like '${MACHINE}=%')
returning 1 as pinned`

/**
 * Pins collectors whose plugin sees only the machine it runs on, and whose tasks wait for a first worker, to
 * the machine of this one: its label becomes part of their `worker_selector`, where a person may read and
 * change it. A step of its own and not part of taking, because the collector's row is locked before its
 * tasks. One that somebody holds waits for the next look, so that its domain keeps this worker from no other.
 */
export async function pinCollectors(
  { db, log }: { readonly db: Database; readonly log: Logger },
  labels: readonly string[],
): Promise<void> {
  const machine = machineLabelOf(labels)
  if (machine === undefined) return
  const unpinned = await db.query<CollectorKey>(FIND_UNPINNED, [labels], { name: 'find_unpinned' })
  for (const key of unpinned) {
    if (await pinCollector(db, key, machine))
      log.info({ ...key, machine }, 'collector pinned to this machine')
  }
}

type CollectorKey = { readonly domainId: string; readonly collectorId: string }

async function pinCollector(
  db: Database,
  { domainId, collectorId }: CollectorKey,
  machine: string,
): Promise<boolean> {
  return await db.transaction(async (tx) => {
    const held = await tx.query(
      'select 1 from collector where domain_id = $1 and collector_id = $2 for no key update skip locked',
      [domainId, collectorId],
    )
    if (held.length === 0) return false
    const pinned = await tx.query(PIN, [domainId, collectorId, machine])
    await enterLanes(tx, [{ domainId, collectorId }])
    return pinned.length > 0
  })
}
