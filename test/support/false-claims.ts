import type { Database } from '../../src/storage/index.ts'

export type FalseClaim = {
  readonly contributorId: number
  readonly entry: string
  /** Who says so; the other does not. */
  readonly saidBy: 'roster' | 'contribution'
}

/**
 * Where the pages of the rosters, read from the first to the last, and the contributions part ways. Nowhere,
 * whoever wrote.
 */
export async function listFalseClaims(db: Database): Promise<readonly FalseClaim[]> {
  return await db.query<FalseClaim>(`
    with said as (
      select distinct on (p.domain_id, p.contributor_id, substr(e.entry, 1, 4)) p.domain_id, p.contributor_id, e.entry
        from roster_page p
       cross join generate_series(0, octet_length(p.entries) / 30 - 1) at
       cross join lateral (select substr(p.entries, at * 30 + 1, 30) as entry) e
       order by p.domain_id, p.contributor_id, substr(e.entry, 1, 4), p.is_base, p.seq desc
    ), roster as (
      select *, true as is_there from said where substr(entry, 5, 2) <> '\\x0000'
    ), stored as (
      select c.domain_id, c.contributor_id, roster_entry(c.slot, c.kind, c.cell, c.memo) as entry, true as is_there
        from contribution c join contributor b using (domain_id, contributor_id)
       where b.collector_id <> ''
    )
    select contributor_id, encode(entry, 'hex') as entry,
           case when stored.is_there is null then 'roster' else 'contribution' end as said_by
      from roster full join stored using (domain_id, contributor_id, entry)
     where roster.is_there is null or stored.is_there is null`)
}
