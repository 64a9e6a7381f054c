import type { Sql } from '../storage/index.ts'

/** The ends of what can be read in a domain. */
type EventHead = { readonly lastPosition: number; readonly removedPosition: number }

/** Where the order of a domain ends, and up to where it was removed; zeros before its first event. */
export async function readEventHead(sql: Sql, domainId: string): Promise<EventHead> {
  const [row] = await sql.query<EventHead>(
    'select last_position, removed_position from event_head where domain_id = $1',
    [domainId],
    { name: 'read_event_head' },
  )
  return row ?? { lastPosition: 0, removedPosition: 0 }
}
