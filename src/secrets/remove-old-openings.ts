import type { Database } from '../storage/index.ts'

const MAX_ROWS = 1_000

const REMOVE = `
delete from secret_opening
 where domain_id = $1
   and seq in (select seq from secret_opening where domain_id = $1 and opened_at < $2 order by opened_at limit ${MAX_ROWS})
returning 1 as gone`

/** Removes a batch of what tells of openings before this; returns how many rows, 0 when none is left. */
export async function removeOldOpenings(db: Database, domainId: string, before: Date): Promise<number> {
  return (await db.query(REMOVE, [domainId, before])).length
}
