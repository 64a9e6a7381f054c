import { EVERY_EVENT, type Event, type EventFilter, placeEvents, readEvents } from '../../src/events/index.ts'
import type { Database, Sql } from '../../src/storage/index.ts'

/** Writes one event row the way a feature does, under a name to be recognized by. */
export async function tell(sql: Sql, domainId: string, jobId: string): Promise<void> {
  await sql.query(`insert into event (domain_id, type, job_id) values ($1, 'job.progressed', $2)`, [
    domainId,
    jobId,
  ])
}

/** Everything that a reader who asks now finds after a place, page by page; the beginning by default. */
export async function readAll(
  db: Database,
  domainId: string,
  { after = { position: 0, item: 0 }, filter = EVERY_EVENT as Partial<EventFilter> } = {},
): Promise<{ events: readonly Event[]; next: { position: number; item: number }; pages: number }> {
  await placeEvents(db, domainId)
  const events: Event[] = []
  let next = after
  for (let pages = 1; ; pages++) {
    const page = await readEvents(db, domainId, next, { ...EVERY_EVENT, ...filter })
    events.push(...page.events)
    next = page.next
    if (!page.isFull) return { events, next, pages }
  }
}
