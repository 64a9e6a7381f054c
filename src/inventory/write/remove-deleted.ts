import { type Database, type Transaction, textArray } from '../../storage/index.ts'
import { retryConflicts } from './retry-conflicts.ts'

const MAX_RESOURCES = 200

type Gone = { readonly id: string; readonly deletedAt: Date }

// The longest gone first, by cloud_service_deletion.
const LIST = `
select cloud_service_id as id, deleted_at from cloud_service
 where domain_id = $1 and state = 'DELETED' and deleted_at < $2
 order by deleted_at limit ${MAX_RESOURCES}`

// As of an earlier instant what goes would be missing. Committed before anything is removed, as where old records are.
const MOVE_ON = `
update domain set history_since = $2 where domain_id = $1 and coalesce(history_since, created_at) < $2`

/**
 * Removes a batch of the cloud services of a domain that were DELETED before an instant, with all that is known of them, and
 * returns how many. The history of the domain is whole only from the newest of these deletions on, and begins there. What has
 * come back meanwhile stays.
 */
export async function removeDeleted(db: Database, domainId: string, before: Date): Promise<number> {
  const gone = await db.query<Gone>(LIST, [domainId, before])
  const newest = gone.at(-1)
  if (newest === undefined) return 0
  await db.query(MOVE_ON, [domainId, newest.deletedAt])
  const ids = gone.map(({ id }) => id)
  return await retryConflicts(db, (tx) => removeBatch(tx, { domainId, ids, before }), {})
}

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
  for (const table of ['change_record', 'unrecorded_change', 'ended_claim', 'cloud_service'])
    await tx.query(`delete from ${table} where domain_id = $1 and cloud_service_id = any($2::text[])`, params)
  return locked.length
}
