import type { Sql } from '../../storage/index.ts'

/**
 * The secrets with which a collector has reported any of these resources; '' is for the one of a plugin that
 * needs none.
 */
export async function secretsThatCollected(
  sql: Sql,
  wanted: {
    readonly domainId: string
    readonly collectorId: string
    readonly resourceIds: readonly string[]
  },
): Promise<readonly string[]> {
  // By contribution_of_target, some rows for each resource.
  const rows = await sql.query<{ secretId: string }>(
    `select distinct b.secret_id from contribution c
       join contributor b on b.domain_id = c.domain_id and b.contributor_id = c.contributor_id
      where c.domain_id = $1 and c.target_id = any($3::text[]) and b.collector_id = $2`,
    [wanted.domainId, wanted.collectorId, wanted.resourceIds],
  )
  return rows.map(({ secretId }) => secretId)
}
