import type { Sql } from '../storage/index.ts'
import { type Cursor, toCursorText } from './cursor.ts'
import type { Event, EventType } from './event.ts'

/** What a reader wants to hear of; an empty list or text leaves all through. */
export type EventFilter = {
  readonly types: readonly string[]
  readonly collectorId: string
  readonly jobId: string
  /** `provider/group/type`, or the beginning of it: `provider` or `provider/group`. */
  readonly kind: string
  /** Of jobs and job tasks only those that stand in one of these; what has no status is let through. */
  readonly statuses: readonly string[]
}

export const EVERY_EVENT: EventFilter = { types: [], collectorId: '', jobId: '', kind: '', statuses: [] }

export type EventPage = {
  readonly events: readonly Event[]
  /** Place of the first row that was looked at; undefined when there was none. */
  readonly firstPosition: number | undefined
  /** Where to go on. It moves over what the filter leaves out, too. */
  readonly next: Cursor
  /** More may be there right now. */
  readonly isFull: boolean
}

/** Events of one page at most, so that a reader who has stalled holds some tens of kilobytes and no more. */
const MAX_EVENTS = 256
/** Rows that one page looks at. */
const MAX_ROWS = 512

// Walks event_position. `delivered` is how many events of a row were delivered before it in this page; rows
// beyond the page's room are cut here, so that a thousand ids of which few are told next do not travel.
const READ_PAGE = `
with line as (
  select *, greatest(cardinality(resource_ids), 1) - case when position = $2 + 1 and $3 > 0 then $3 else 0 end as size
    from event where domain_id = $1 and position > $2
   order by position limit ${MAX_ROWS}
), matching as (
  select *, (cardinality($4::text[]) = 0 or type = any($4)) and ($5 = '' or collector_id = $5)
            and ($6 = '' or job_id = $6) and ($7 = '' or kind = $7 or starts_with(kind, $7 || '/'))
            and (cardinality($8::text[]) = 0 or status = '' or status = any($8)) as matches
    from line
), weighed as (
  select *, sum(case when matches then size else 0 end) over (order by position) - case when matches then size else 0 end as delivered
    from matching
)
select position, type, created_at, collector_id, job_id, job_task_id, status, counts, kind, matches,
       cardinality(resource_ids) as resource_count,
       case when position = $2 + 1 then $3::int else 0 end as first_item,
       case when matches then resource_ids[case when position = $2 + 1 then $3::int else 0 end + 1
                                         : case when position = $2 + 1 then $3::int else 0 end + ${MAX_EVENTS} - delivered::int]
            else '{}' end as resource_ids
  from weighed where delivered < ${MAX_EVENTS} order by position`

type EventRow = Omit<Event, 'cursor' | 'resourceId' | 'type'> & {
  readonly type: EventType
  readonly position: number
  readonly matches: boolean
  readonly resourceCount: number
  readonly firstItem: number
  readonly resourceIds: readonly string[]
}

/** The next events after a cursor, oldest first, as far as they have their place. */
export async function readEvents(
  sql: Sql,
  domainId: string,
  after: Cursor,
  filter: EventFilter,
): Promise<EventPage> {
  // A cursor inside a row reads that row again.
  const from = after.item > 0 ? after.position - 1 : after.position
  const rows = await sql.query<EventRow>(
    READ_PAGE,
    [
      domainId,
      from,
      after.item,
      [...filter.types],
      filter.collectorId,
      filter.jobId,
      filter.kind,
      [...filter.statuses],
    ],
    { name: 'read_events' },
  )
  const last = rows.at(-1)
  const events = rows.filter(({ matches }) => matches).flatMap(toEvents)
  const firstPosition = rows[0]?.position
  if (last === undefined) return { events, firstPosition, next: after, isFull: false }
  return {
    events,
    firstPosition,
    next: cursorBehind(last),
    isFull: events.length >= MAX_EVENTS || rows.length >= MAX_ROWS,
  }
}

function cursorBehind(row: EventRow): Cursor {
  const delivered = row.firstItem + row.resourceIds.length
  return row.matches && delivered < row.resourceCount
    ? { position: row.position, item: delivered }
    : { position: row.position, item: 0 }
}

/** One event for each resource the row names, or the one it is. */
function toEvents(row: EventRow): readonly Event[] {
  const { position, matches: _, resourceCount, firstItem, resourceIds, ...fields } = row
  if (resourceCount === 0) return [{ ...fields, cursor: toCursorText({ position, item: 0 }), resourceId: '' }]
  return resourceIds.map((resourceId, at) => {
    const delivered = firstItem + at + 1
    return {
      ...fields,
      resourceId,
      cursor: toCursorText({ position, item: delivered < resourceCount ? delivered : 0 }),
    }
  })
}
