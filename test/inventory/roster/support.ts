import { Roster } from '../../../src/inventory/roster/index.ts'
import { type Claims, cellAt } from '../../../src/inventory/write/claims/list-claims.ts'
import type { Database, Sql } from '../../../src/storage/index.ts'
import { givenContributor, givenDomain } from '../write/support.ts'

export type Contributor = Awaited<ReturnType<typeof givenContributor>>

/** A contributor in a domain of its own. */
export async function givenOne(db: Database): Promise<Contributor> {
  return await givenContributor(db, await givenDomain(db))
}

/** Claims on cloud services: those of one call lie in one cell. */
export async function insertClaims(
  sql: Sql,
  { domainId, contributorId }: Contributor,
  {
    from = 0,
    count = 1,
    cell = 1,
    kind = 1,
  }: { from?: number; count?: number; cell?: number; kind?: number },
): Promise<void> {
  await sql.query(
    `insert into contribution (domain_id, contributor_id, slot, kind, target_id, cell, memo, content_hash, first_seq, changed_seq)
     select $1, $2, slot, $3, 'thing-' || slot, $4, gen_random_uuid(), gen_random_uuid(), 1, 1
       from generate_series($5::int4, $6::int4) slot`,
    [domainId, contributorId, kind, cell, from, from + count - 1],
  )
}

export async function moveClaims(sql: Sql, of: Contributor, slots: readonly number[], cell: number) {
  await sql.query(
    `update contribution set cell = $4, memo = gen_random_uuid()
      where domain_id = $1 and contributor_id = $2 and slot = any($3::int4[])`,
    [of.domainId, of.contributorId, slots, cell],
  )
}

export async function endClaims(sql: Sql, of: Contributor, slots: readonly number[]) {
  await sql.query(
    'delete from contribution where domain_id = $1 and contributor_id = $2 and slot = any($3::int4[])',
    [of.domainId, of.contributorId, slots],
  )
}

/** Writes memos anew, statement by statement, until what is new is little beside what is no longer so. */
export async function wear(db: Database, { contributorId }: Contributor): Promise<void> {
  await db.query(
    `do $$ begin
       for at in 1..300 loop
         update contribution set memo = gen_random_uuid() where contributor_id = ${contributorId};
       end loop;
     end $$`,
  )
}

export async function loadRoster(db: Database, of: Contributor): Promise<Roster> {
  const { roster } = await Roster.load(db, of)
  return roster
}

/** What a roster says: slot → cell. */
export async function cellsOf(roster: Roster, sql: Sql): Promise<Record<number, number>> {
  return bySlot(await roster.claims(sql))
}

/** The cell of each slot. In which order cells are listed depends on who has read them. */
export function bySlot(claims: Claims): Record<number, number> {
  return Object.fromEntries([...claims.slots].map((slot, at) => [slot, cellAt(claims, at)]))
}

/** Pages of a contributor: how many base pages there are, and how many others. */
export async function countPages(db: Database, { domainId, contributorId }: Contributor) {
  const [row] = await db.query<{ base: number; others: number }>(
    `select count(*) filter (where is_base)::int4 as base, count(*) filter (where not is_base)::int4 as others
       from roster_page where domain_id = $1 and contributor_id = $2`,
    [domainId, contributorId],
  )
  return row
}
