import { int4Array, int8Array, type Sql } from '../../storage/index.ts'
import { ENDED_CLAIMS, missedClaims, staysWithout } from './kept-by-others.ts'
import { listMissedSlots } from './missed-slots.ts'

/** What one contributor says of one live resource, or has said. */
export type ClaimedResource = {
  readonly contributorId: number
  readonly cell: number
  readonly id: string
  readonly name: string
  readonly resourceId: string
  readonly isMadeByHand: boolean
  /** Null where the claim has ended. */
  readonly slot: number | null
  readonly endedAt: Date | null
}

type ClaimsQuery = {
  readonly domainId: string
  readonly contributorIds: readonly number[]
  /** Numbers of the cells that are wanted. */
  readonly cells: readonly number[]
  readonly keptBy: 'self' | 'others' | ''
  /** Position of the first, counted from 0. */
  readonly from: number
  readonly limit: number
}

// Claims are not indexed by cell: reads all of the chosen contributors by primary key. A claim without a copy
// of its document is alone, and what is claimed is live.
const ALL = 'contribution c where c.domain_id = $1 and c.contributor_id = any($2::int[]) and c.kind = 1'
const LIVE = {
  '': ALL,
  self: `${ALL} and (c.document is null or not ${staysWithout('c.contributor_id', 'c.target_id')})`,
  others: missedClaims('$6', '$7'),
}
const ENDED = `
          union all
         select e.contributor_id, null, e.cloud_service_id, e.cell, e.ended_at from ${ENDED_CLAIMS}`

// The cells are a list, and no join: a list is hashed, however many claims are held against it.
function listStatement(keptBy: ClaimsQuery['keptBy']): string {
  return `
with chosen as materialized (
  select each.*
    from (select c.contributor_id, c.slot, c.target_id as id, coalesce(c.cell, 0) as cell, null::timestamptz as ended_at
            from ${LIVE[keptBy]}${keptBy === 'self' ? '' : ENDED}) each
   where each.cell = any($3::int8[])
), page as (
  select * from chosen order by contributor_id, slot, id offset $4 limit $5
)
select total.count as total, found.*
  from (select count(*)::int from chosen) total
  left join (
    select p.*, s.name, s.resource_id, s.created_seq is null as is_made_by_hand
      from page p
      join cloud_service s on s.domain_id = $1 and s.cloud_service_id = p.id
  ) found on true
 order by found.contributor_id, found.slot, found.id`
}

type Row = { readonly total: number } & (ClaimedResource | { readonly id: null })

/**
 * Reads a page of what these contributors claim, or claimed, in these cells, and how much there is in all.
 */
export async function listClaimedResources(
  sql: Sql,
  query: ClaimsQuery,
): Promise<{ readonly claims: readonly ClaimedResource[]; readonly total: number }> {
  const { domainId, contributorIds, cells, keptBy, from, limit } = query
  const missed = keptBy === 'others' ? [await listMissedSlots(sql, domainId, contributorIds)] : []
  const rows = await sql.query<Row>(listStatement(keptBy), [
    domainId,
    contributorIds,
    int8Array(cells),
    from,
    limit,
    ...missed.flatMap((list) => [int4Array(list.contributorIds), int4Array(list.slots)]),
  ])
  return { claims: rows.flatMap((row) => (row.id === null ? [] : [row])), total: rows[0]?.total ?? 0 }
}
