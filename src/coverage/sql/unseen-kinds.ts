import { int4Array, type Sql } from '../../storage/index.ts'

/**
 * A kind of which a contributor has seen nothing under its present inputs, and the cells it claims something
 * in.
 */
type UnseenKind = { readonly contributorId: number; readonly cells: readonly number[] }

export async function listUnseenKinds(
  sql: Sql,
  domainId: string,
  contributorIds: readonly number[],
): Promise<readonly UnseenKind[]> {
  if (contributorIds.length === 0) return []
  return await sql.query<UnseenKind>(
    `select contributor_id, array_agg(cell) as cells from coverage_cell
      where domain_id = $1 and contributor_id = any($2::int4[]) and claims > 0
      group by contributor_id, provider, cloud_service_group, cloud_service_type
     having sum(unknown) = sum(claims)`,
    [domainId, int4Array(contributorIds)],
  )
}
