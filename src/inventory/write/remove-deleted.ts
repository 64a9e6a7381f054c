import { type Database, type Transaction, textArray } from '../../storage/index.ts'
import { retryConflicts } from './retry-conflicts.ts'

const MAX_RESOURCES = 200
const MAX_RECORDS = 1_000

type Gone = { readonly id: string; readonly deletedAt: Date }

// The longest gone first, by cloud_service_deletion.
const LIST = `
select cloud_service_id as id, deleted_at from cloud_service
 where domain_id = $1 and state = 'DELETED' and deleted_at < $2
 order by deleted_at limit ${MAX_RESOURCES}`

// As of an earlier instant what goes would be missing. Committed before anything is removed, as where old
// records are.
const MOVE_ON = `
update domain set history_since = $2 where domain_id = $1 and coalesce(history_since, created_at) < $2`

// By the front of the primary key; one resource may have any number.
const REMOVE_RECORDS = `
delete from change_record where ctid = any(array(
  select ctid from change_record where domain_id = $1 and cloud_service_id = any($2::text[]) limit ${MAX_RECORDS}))
returning 1 as gone`

/** How many cloud services went, and whether there is more to remove. */
type RemovedDeleted = { readonly removed: number; readonly more: boolean }

/**
 * Removes a batch of what is known of the cloud services of a domain that were DELETED before an instant:
 * their change records first, as many as one statement may, and then themselves. The history of the domain is
 * whole only from the newest of these deletions on, and begins there. What has come back meanwhile stays.
 */
export async function removeDeleted(db: Database, domainId: string, before: Date): Promise<RemovedDeleted> {
  const gone = await db.query<Gone>(LIST, [domainId, before])
  const newest = gone.at(-1)
  if (newest === undefined) return { removed: 0, more: false }
  await db.query(MOVE_ON, [domainId, newest.deletedAt])
  const ids = gone.map(({ id }) => id)
  const removed = await retryConflicts(db, (tx) => removeBatch(tx, { domainId, ids, before }), {})
  return { removed, more: true }
}

/** Returns how many cloud services went: none while there are more records of them. */
async function removeBatch(
  tx: Transaction,
  {
    domainId,
    ids,
    before,
  }: { readonly domainId: string; readonly ids: readonly string[]; readonly before: Date },
): Promise<number> {
  const locked = await tx.query<{ id: string }>(
    `select cloud_service_id as id from cloud_service
      where domain_id = $1 and cloud_service_id = any($2::text[]) and state = 'DELETED' and deleted_at < $3
      order by cloud_service_id for update`,
    [domainId, textArray(ids), before],
  )
  const params = [domainId, textArray(locked.map(({ id }) => id))]
  if ((await tx.query(REMOVE_RECORDS, params)).length === MAX_RECORDS) return 0
  for (const table of ['unrecorded_change', 'ended_claim', 'cloud_service'])
    await tx.query(`delete from ${table} where domain_id = $1 and cloud_service_id = any($2::text[])`, params)
  return locked.length
}
