import type { Database } from '../storage/index.ts'
import { placeEvents } from './place-events.ts'

const MAX_ROWS = 1_000

// From the beginning of the order and without a gap, so that one number says what is gone. Times and places
// are not quite in the same order: the first row that is young enough ends it.
const REMOVE = `
with oldest as (
  select event_seq, position, created_at from event
   where domain_id = $1 and position is not null order by position limit ${MAX_ROWS}
), last as (
  select coalesce(min(position) filter (where created_at >= $2) - 1, max(position)) as position from oldest
), gone as (
  delete from event e using oldest o, last l
   where e.domain_id = $1 and e.event_seq = o.event_seq and o.position <= l.position
  returning e.position
), noted as (
  update event_head set removed_position = greatest(removed_position, (select max(position) from gone))
   where domain_id = $1 and exists (select 1 from gone)
)
select count(*)::int as removed from gone`

/**
 * Removes a batch of the events of a domain that are older than this; returns how many rows, 0 when none is
 * left.
 */
export async function removeOldEvents(db: Database, domainId: string, before: Date): Promise<number> {
  // Where nobody listens they have no place yet.
  await placeEvents(db, domainId)
  const [row] = await db.query<{ removed: number }>(REMOVE, [domainId, before])
  return row?.removed ?? 0
}
