import { literal, type Sql } from '../../storage/index.ts'

/** Whose claims a roster holds. */
export type ContributorKey = { readonly domainId: string; readonly contributorId: number }

/** A page of the roster, without its entries. */
export type PageHead = { readonly seq: number; readonly isBase: boolean; readonly bytes: number }

/**
 * The pages of a contributor in the order in which they count. Their entries are stored apart, and not read
 * for this.
 */
export async function listPages(sql: Sql, key: ContributorKey): Promise<readonly PageHead[]> {
  return await sql.query<PageHead>(
    `select seq, is_base, octet_length(entries) as bytes from roster_page
      where domain_id = $1 and contributor_id = $2 order by is_base desc, seq`,
    [key.domainId, key.contributorId],
    { name: 'list_roster_pages' },
  )
}

/**
 * Hands over the entries of these pages one after the other, as they arrive: views, gone when `take` returns.
 * Pages are never changed, so those that were listed together say what was so at that moment, whenever they
 * are read. False when some have been packed since then: what was handed over is not all.
 */
export async function readPages(
  sql: Sql,
  { domainId, contributorId }: ContributorKey,
  pages: readonly PageHead[],
  take: (entries: Buffer) => void,
): Promise<boolean> {
  if (pages.length === 0) return true
  let arrived = 0
  await sql.copyOut(
    `copy (select entries from roster_page
            where domain_id = ${literal(domainId)} and contributor_id = ${Number(contributorId)}
              and seq = any('{${pages.map(({ seq }) => Number(seq)).join()}}'::int8[])
            order by is_base desc, seq) to stdout with (format binary)`,
    (entries) => {
      if (entries === undefined) throw new Error('a page of a roster has no entries')
      arrived++
      take(entries)
    },
  )
  return arrived === pages.length
}
