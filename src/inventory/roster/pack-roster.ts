import type { Database } from '../../storage/index.ts'
import type { ContributorKey } from './read-pages.ts'

// One statement, that is, one snapshot: what it deletes is in what it reads. A page that is committed
// meanwhile is in neither, and counts after the base, as it should.
const PACK = `
with gone as (
  delete from roster_page where domain_id = $1 and contributor_id = $2
)
insert into roster_page (domain_id, contributor_id, is_base, entries)
select $1, $2, true, string_agg(roster_entry(slot, kind, cell, memo), ''::bytea)
  from contribution
 where domain_id = $1 and contributor_id = $2
 group by slot >> 13`

/**
 * Makes new base pages of what the claims of a contributor are. They are read from the contributions, so that
 * whoever does this can do no harm, and needs no lease. The lock comes first and in a statement of its own:
 * of two who pack, the later one must see what the first has left.
 */
export async function packRoster(db: Database, { domainId, contributorId }: ContributorKey): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(
      'select 1 from contributor where domain_id = $1 and contributor_id = $2 for no key update',
      [domainId, contributorId],
    )
    await tx.query(PACK, [domainId, contributorId])
  })
}
