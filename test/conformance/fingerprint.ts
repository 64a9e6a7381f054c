import type { Database } from '../../src/storage/index.ts'

type Table = { readonly name: string; readonly isOfDomains: boolean; readonly isOfUse: boolean }

/**
 * Of every table of ours its rows, or those of some domains, as one hash: equal before and after means that
 * nothing was written. When a key was last used is written beside the call that used it, and is left out, as
 * is what servers tell of the plugins they run.
 */
export async function fingerprint(
  db: Database,
  domains?: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const tables = await db.query<Table>(
    `select quote_ident(relname) as name, 'domain_id' = any (c.columns) as is_of_domains, 'last_used_at' = any (c.columns) as is_of_use
       from pg_class, lateral (select array_agg(attname) as columns from pg_attribute where attrelid = pg_class.oid) c
      where relkind = 'r' and relname not in ('plugin_process', 'plugin_log') and relnamespace = 'public'::regnamespace order by relname`,
  )
  const hashed = domains === undefined ? tables : tables.filter(({ isOfDomains }) => isOfDomains)
  const where = domains === undefined ? '' : 'where domain_id = any ($1)'
  const rows = await db.query<{ name: string; hash: string }>(
    hashed.map((table) => hashOf(table, where)).join(' union all '),
    domains === undefined ? [] : [domains],
  )
  return Object.fromEntries(rows.map(({ name, hash }) => [name, hash]))
}

function hashOf({ name, isOfUse }: Table, where: string): string {
  const row = isOfUse ? `(to_jsonb(r) - 'last_used_at')` : 'r'
  return `select '${name}' as name, count(*) || ':' || coalesce(sum(hashtextextended(${row}::text, 0)), 0) as hash from ${name} r ${where}`
}
