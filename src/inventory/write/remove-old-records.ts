import type { Database } from '../../storage/index.ts'

const MAX_RECORDS = 1_000

// change_record_age leads to the old blocks; ctid saves looking each row up again.
const REMOVE = `
delete from change_record where ctid = any(array(
  select ctid from change_record where domain_id = $1 and created_at < $2 limit ${MAX_RECORDS}))
returning 1 as gone`

/** Removes a batch of the change records of a domain that are older than this; returns how many. */
export async function removeOldRecords(db: Database, domainId: string, before: Date): Promise<number> {
  return (await db.query(REMOVE, [domainId, before])).length
}
