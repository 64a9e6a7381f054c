import { type Transaction, textArray } from '../storage/index.ts'
import type { ResourceEventType } from './event.ts'

/** What happened to one resource. */
export type ResourceChange = {
  readonly type: ResourceEventType
  /** `provider/group/type`. */
  readonly kind: string
  readonly id: string
}

type ResourceChanges = {
  readonly domainId: string
  /** job_task.seq of the run that brought the changes; null for what is done by hand. */
  readonly taskSeq: number | null
  readonly changes: readonly ResourceChange[]
}

// The rows are written in the order of the array, and so numbered.
const INSERT_EVENTS = `
insert into event (domain_id, type, kind, resource_ids, collector_id, job_id, job_task_id)
select $1, e.type, e.kind, e.resource_ids::text[], coalesce(t.collector_id, ''), coalesce(t.job_id, ''),
       coalesce(t.job_task_id, '')
  from unnest($3::text[], $4::text[], $5::text[]) with ordinality as e(type, kind, resource_ids, place)
  left join job_task t on t.domain_id = $1 and t.seq = $2
 order by e.place`

/**
 * Records what happened to resources, in the transaction that does it and after their rows are locked: one
 * row for all that share type and kind, so that a batch of a thousand costs a row or two.
 */
export async function recordResourceEvents(tx: Transaction, recorded: ResourceChanges): Promise<void> {
  const rows = groupChanges(recorded.changes)
  if (rows.length === 0) return
  await tx.query(
    INSERT_EVENTS,
    [
      recorded.domainId,
      recorded.taskSeq,
      textArray(rows.map(({ type }) => type)),
      textArray(rows.map(({ kind }) => kind)),
      // unnest() would flatten an array of arrays. Ids are of our own making: none needs quotes.
      textArray(rows.map(({ ids }) => `{${ids.join(',')}}`)),
    ],
    { name: 'insert_events' },
  )
}

/** One row for each type and kind, in the order in which they first appear. Pure. */
function groupChanges(
  changes: readonly ResourceChange[],
): readonly { readonly type: ResourceEventType; readonly kind: string; readonly ids: readonly string[] }[] {
  const rows = new Map<string, { type: ResourceEventType; kind: string; ids: string[] }>()
  for (const { type, kind, id } of changes) {
    const key = `${type} ${kind}`
    const row = rows.get(key)
    if (row === undefined) rows.set(key, { type, kind, ids: [id] })
    else row.ids.push(id)
  }
  return [...rows.values()]
}
