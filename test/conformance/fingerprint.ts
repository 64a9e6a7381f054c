import type { Database } from '../../src/storage/index.ts'

/**
 * Of every table of ours its rows, or those of some domains, as one hash: equal before and after means that nothing was written.
 * When a key was last used is written beside the call that used it, and is left out.
 */
export async function fingerprint(
  db: Database,
  domains?: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const tables = await db.query<{ name: string; isOfDomains: boolean }>(
    `select quote_ident(relname) as name, exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'domain_id')
            as is_of_domains
       from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname`,
  )
  const hashed = domains === undefined ? tables : tables.filter(({ isOfDomains }) => isOfDomains)
  const where = domains === undefined ? '' : 'where domain_id = any ($1)'
  const rows = await db.query<{ name: string; hash: string }>(
    hashed.map(({ name }) => hashOf(name, where)).join(' union all '),
    domains === undefined ? [] : [domains],
  )
  return Object.fromEntries(rows.map(({ name, hash }) => [name, hash]))
}

function hashOf(name: string, where: string): string {
  return `select '${name}' as name, coalesce(md5(string_agg((to_jsonb(r) - 'last_used_at')::text, '' order by r::text)), '')
            as hash from ${name} r ${where}`
}
