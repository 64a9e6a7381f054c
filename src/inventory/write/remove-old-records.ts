import type { Database } from '../../storage/index.ts'

const MAX_RECORDS = 1_000

// change_record_time leads to the old records; ctid saves looking each row up again.
const REMOVE = `
delete from change_record where ctid = any(array(
  select ctid from change_record where domain_id = $1 and created_at < $2 limit ${MAX_RECORDS}))
returning 1 as gone`

// Committed before anything is removed: whoever reads history, and then this, learns of everything that is
// missing.
const MOVE_ON = `
update domain set history_since = $2
 where domain_id = $1 and coalesce(history_since, created_at) < $2
   and exists (select from change_record where domain_id = $1 and created_at < $2)`

/**
 * Removes a batch of the change records of a domain that are older than this; returns how many. The history
 * of the domain begins then, however long it is kept from now on.
 */
export async function removeOldRecords(db: Database, domainId: string, before: Date): Promise<number> {
  await db.query(MOVE_ON, [domainId, before])
  return (await db.query(REMOVE, [domainId, before])).length
}
