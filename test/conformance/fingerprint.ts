import type { Database } from '../../src/storage/index.ts'

/**
 * Of every table of ours its rows, as one hash: equal before and after means that nothing was written. When a key was last
 * used is written beside the call that used it, and is left out.
 */
export async function fingerprint(db: Database): Promise<Readonly<Record<string, string>>> {
  const tables = await db.query<{ name: string }>(
    `select quote_ident(relname) as name from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname`,
  )
  const rows = await db.query<{ name: string; hash: string }>(
    tables.map(({ name }) => hashOf(name)).join(' union all '),
  )
  return Object.fromEntries(rows.map(({ name, hash }) => [name, hash]))
}

function hashOf(name: string): string {
  return `select '${name}' as name,
    coalesce(md5(string_agg((to_jsonb(r) - 'last_used_at')::text, '' order by r::text)), '') as hash from ${name} r`
}
