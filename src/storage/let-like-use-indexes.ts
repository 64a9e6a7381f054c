import type pg from 'pg'

/**
 * Behind row-level security an index serves only operators that are marked leakproof, and `like` is not: with
 * a pattern that ends in half an escape it fails for some texts and not for others. Ours are escaped to their
 * end, and a keyword that reads a whole domain row by row is no way to search (ADR 6). Takes a superuser, of
 * the database that is meant; anybody else changes nothing. Returns whether the mark is there.
 */
export async function letLikeUseIndexes(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ isMarked: boolean; isSuperuser: boolean }>(
    `select proleakproof as "isMarked", current_setting('is_superuser')::boolean as "isSuperuser"
       from pg_proc where oid = 'pg_catalog.textlike(text, text)'::regprocedure`,
  )
  if (rows[0]?.isMarked) return true
  if (!rows[0]?.isSuperuser) return false
  await client.query('alter function pg_catalog.textlike(text, text) leakproof')
  return true
}
