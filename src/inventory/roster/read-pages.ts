import { int8Array, type Sql } from '../../storage/index.ts'

/** Whose claims a roster holds. */
export type ContributorKey = { readonly domainId: string; readonly contributorId: number }

/** A page of the roster, without its entries. */
export type PageHead = { readonly seq: number; readonly isBase: boolean; readonly bytes: number }

type Page = { readonly seq: number; readonly entries: Buffer }

/** What one statement brings at most, unless a single page is longer. */
const GROUP_BYTES = 1024 * 1024

/** The pages of a contributor in the order in which they count. Their entries are stored apart, and not read for this. */
export async function listPages(sql: Sql, key: ContributorKey): Promise<readonly PageHead[]> {
  return await sql.query<PageHead>(
    `select seq, is_base, octet_length(entries) as bytes from roster_page
      where domain_id = $1 and contributor_id = $2 order by is_base desc, seq`,
    [key.domainId, key.contributorId],
    { name: 'list_roster_pages' },
  )
}

/**
 * Hands over the entries of these pages one after the other, while the next are on their way. Pages are never changed, so those that
 * were listed together say what was so at that moment, whenever they are read. False when some have been packed
 * since then: what was handed over is not all.
 */
export async function readPages(
  sql: Sql,
  key: ContributorKey,
  pages: readonly PageHead[],
  take: (entries: Buffer) => void,
): Promise<boolean> {
  let coming = Promise.resolve<readonly Page[]>([])
  let expected = 0
  for (const group of [...inGroups(pages), []]) {
    const arrived = await coming
    coming = group.length === 0 ? Promise.resolve([]) : readGroup(sql, key, group)
    // Should taking throw, nobody asks for it any more.
    coming.catch(() => {})
    if (arrived.length < expected) return false
    expected = group.length
    for (const { entries } of arrived) take(entries)
  }
  return true
}

function inGroups(pages: readonly PageHead[]): readonly (readonly PageHead[])[] {
  const groups: PageHead[][] = []
  let bytes = GROUP_BYTES
  for (const page of pages) {
    if (bytes + page.bytes > GROUP_BYTES) {
      groups.push([])
      bytes = 0
    }
    groups.at(-1)?.push(page)
    bytes += page.bytes
  }
  return groups
}

async function readGroup(
  sql: Sql,
  key: ContributorKey,
  pages: readonly PageHead[],
): Promise<readonly Page[]> {
  return await sql.query<Page>(
    `select seq, entries from roster_page
      where domain_id = $1 and contributor_id = $2 and seq = any($3::int8[]) order by is_base desc, seq`,
    [key.domainId, key.contributorId, int8Array(pages.map(({ seq }) => seq))],
    { name: 'read_roster_pages' },
  )
}
