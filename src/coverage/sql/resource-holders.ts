import { type Sql, textArray } from '../../storage/index.ts'

/** A claim that keeps a resource alive. */
export type Holder = { readonly id: string; readonly contributorId: number; readonly slot: number }

/** Reads who claims these resources, by resource; what was written by hand is nobody's claim. */
export async function listHolders(
  sql: Sql,
  domainId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Holder[]>> {
  const rows = await sql.query<Holder>(
    `select c.target_id as id, c.contributor_id, c.slot
       from contribution c
       join contributor w on w.domain_id = c.domain_id and w.contributor_id = c.contributor_id
      where c.domain_id = $1 and c.target_id = any($2::text[]) and w.collector_id <> ''
      order by c.contributor_id, c.slot`,
    [domainId, textArray(ids)],
  )
  return Map.groupBy(rows, ({ id }) => id)
}
