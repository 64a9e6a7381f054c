import type { Sql } from '../../storage/index.ts'

/** How many live claims a cell has, by its name. */
type FullCell = {
  readonly cloudServiceGroup: string
  readonly cloudServiceType: string
  readonly account: string
  readonly regionCode: string
  readonly claims: number
}

// A contributor is found by its unique key, its cells by the front of their primary key; sorting 10,000 costs
// some 10 ms.
const LIST_FULLEST_CELLS = `
select c.cloud_service_group, c.cloud_service_type, c.account, c.region_code, c.claims
  from contributor b
  join coverage_cell c on c.domain_id = b.domain_id and c.contributor_id = b.contributor_id
 where b.domain_id = $1 and b.collector_id = $2 and b.secret_id = $3 and c.claims > 0
 order by c.claims desc, c.cell
 limit $4`

/** The cells of a (collector, secret) that hold most, the fullest first. */
export async function listFullestCells(
  sql: Sql,
  contributor: { readonly domainId: string; readonly collectorId: string; readonly secretId: string },
  limit: number,
): Promise<readonly FullCell[]> {
  const { collectorId, domainId, secretId } = contributor
  return await sql.query<FullCell>(LIST_FULLEST_CELLS, [domainId, collectorId, secretId, limit])
}
