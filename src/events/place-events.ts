import type { Database, Transaction } from '../storage/index.ts'

/** Rows that are given their place in one transaction. */
const MAX_ROWS = 1_000

// A statement of its own, before the one that looks: its snapshot would be older than the lock it waited for.
const LOCK_HEAD = 'select 1 from event_head where domain_id = $1 for update'

const PLACE = `
with next as (
  select event_seq, row_number() over (order by event_seq) as place
    from event where domain_id = $1 and position is null
   order by event_seq limit ${MAX_ROWS}
), head as (
  update event_head set last_position = last_position + (select count(*) from next)
   where domain_id = $1 returning last_position - (select count(*) from next) as before
)
update event e set position = head.before + next.place
  from next, head
 where e.domain_id = $1 and e.event_seq = next.event_seq
returning 1 as placed`

/**
 * Gives every committed event of a domain its place in the order, and returns how many that were. Places are
 * given out by one at a time, to rows whose transaction has ended: what is committed later comes later, so
 * that a reader who has seen place n has seen all before it. Anybody may call it at any time.
 */
export async function placeEvents(db: Database, domainId: string): Promise<number> {
  let placed = 0
  while (await hasUnplaced(db, domainId))
    placed += await db.transaction((tx) => placeOnce(tx, domainId), { isUpkeep: true })
  return placed
}

async function hasUnplaced(db: Database, domainId: string): Promise<boolean> {
  const rows = await db.query(
    'select 1 from event where domain_id = $1 and position is null limit 1',
    [domainId],
    { name: 'has_unplaced_events' },
  )
  return rows.length > 0
}

async function placeOnce(tx: Transaction, domainId: string): Promise<number> {
  await tx.query('insert into event_head (domain_id) values ($1) on conflict (domain_id) do nothing', [
    domainId,
  ])
  await tx.query(LOCK_HEAD, [domainId], { name: 'lock_event_head' })
  return (await tx.query(PLACE, [domainId], { name: 'place_events' })).length
}
