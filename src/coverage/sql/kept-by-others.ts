import { int4Array, type Sql } from '../../storage/index.ts'
import { listMissedSlots } from './missed-slots.ts'

/**
 * Whether a resource stays without this contributor, both named by SQL: another collector or secret claims
 * it, or somebody made it by hand. Two descents of indexes; who contributes what was written by hand is
 * looked up once.
 */
export function staysWithout(contributor: string, id: string): string {
  return `(exists (
      select from contribution o
       where o.domain_id = $1 and o.target_id = ${id} and o.contributor_id <> ${contributor}
         and o.contributor_id is distinct from (
           select contributor_id from contributor where domain_id = $1 and collector_id = '' and secret_id = ''))
    or exists (
      select from cloud_service s where s.domain_id = $1 and s.cloud_service_id = ${id} and s.created_seq is null))`
}

/**
 * Claims that have ended, `e`, of live resources that somebody else keeps, by the front of the primary key.
 */
export const ENDED_CLAIMS = `ended_claim e
  join cloud_service r on r.domain_id = e.domain_id and r.cloud_service_id = e.cloud_service_id and r.state = 'ACTIVE'
 where e.domain_id = $1 and e.contributor_id = any($2::int[])
   and not exists (select from contribution c where c.domain_id = $1 and c.target_id = e.cloud_service_id
                                                and c.contributor_id = e.contributor_id)
   and ${staysWithout('e.contributor_id', 'e.cloud_service_id')}`

/** Claims, `c`, that were missed and that somebody else keeps: of contributor and slot in two lists. */
export function missedClaims(contributors: string, slots: string): string {
  return `unnest(${contributors}::int4[], ${slots}::int4[]) as m(contributor_id, slot)
  join contribution c on c.domain_id = $1 and c.contributor_id = m.contributor_id and c.slot = m.slot
 where c.kind = 1 and c.document is not null and ${staysWithout('c.contributor_id', 'c.target_id')}`
}

// Costs what is not seen any more, not what is: each of it is looked up. A copy of a document is kept only
// where there is more than one contributor, so that nothing has to be looked up for the others.
const COUNT = `
select contributor_id, cell, count(*)::int as resources
  from (select c.contributor_id, coalesce(c.cell, 0) as cell from ${missedClaims('$3', '$4')}
         union all
        select e.contributor_id, e.cell from ${ENDED_CLAIMS}) kept
 group by 1, 2`

/** Names a cell of a contributor among those of many. */
export function cellKey(contributorId: number, cell: number | null): string {
  return `${contributorId}:${cell ?? ''}`
}

/** Counts by `cellKey` what these contributors do not see any more and others keep alive. */
export async function countKeptByOthers(
  sql: Sql,
  domainId: string,
  contributorIds: readonly number[],
): Promise<ReadonlyMap<string, number>> {
  if (contributorIds.length === 0) return new Map()
  const missed = await listMissedSlots(sql, domainId, contributorIds)
  const rows = await sql.query<{ contributorId: number; cell: number; resources: number }>(COUNT, [
    domainId,
    contributorIds,
    int4Array(missed.contributorIds),
    int4Array(missed.slots),
  ])
  return new Map(rows.map(({ contributorId, cell, resources }) => [cellKey(contributorId, cell), resources]))
}
