import { type Sql, textArray } from '../../../storage/index.ts'
import type { ResourceKind } from '../../kinds.ts'
import type { MatchKey } from './match-key.ts'

/** Where a resource is looked for: among what is there, or among what was deleted. */
export type Among = 'live' | 'deleted'

/** Resources of one kind to be looked up by the same keys. */
export type LookUp = {
  readonly domainId: string
  readonly kind: ResourceKind
  readonly among: Among
  readonly keys: readonly MatchKey[]
  readonly wanted: readonly { readonly at: number; readonly values: readonly string[] }[]
  /** Which key is the resource_id, where all wanted have one: it leads the index of the natural key. */
  readonly idAt: number
}

/**
 * At most two resources for each wanted one, named by its `at`; those for which there is none are left out.
 */
export type FoundResources = readonly { readonly at: number; readonly ids: readonly string[] }[]

/**
 * Finds at most two resources for each wanted one, named by its `at`; those that find none are left out.
 *
 * One index descent a resource, whatever the planner believes about the table: with the resource_id fenced
 * off by `offset 0`, only the index of the natural key fits. Left to choose, it took the index on kinds while
 * statistics were young and read 1,600 rows for each one (3 s a batch instead of 30 ms). The text is planned
 * anew each time, since the table grows under us.
 */
export async function lookUpResources(sql: Sql, lookup: LookUp): Promise<FoundResources> {
  const { domainId, kind, among, keys, wanted, idAt } = lookup
  if (wanted.length === 0) return []
  const params: unknown[] = [
    domainId,
    ...keys.map((_, at) => textArray(wanted.map(({ values }) => values[at] ?? ''))),
  ]
  const conditions = keys.map((key, at) => `${columnText(kind, key, params)} = k.v${at}`)
  const arrays = keys.map((_, at) => `$${at + 2}::text[]`).join(', ')
  const names = keys.map((_, at) => `v${at}`).join(', ')
  const state = among === 'live' ? kind.liveCondition : kind.deletedCondition
  const order = among === 'live' ? '' : `order by t.deleted_at desc, t.${kind.idColumn}`
  const there = `t.domain_id = $1 and ${state}`
  const table =
    idAt < 0
      ? kind.table
      : `(select * from ${kind.table} t where ${there} and t.resource_id = k.v${idAt} and t.resource_id <> '' offset 0)`
  const rows = await sql.query<{ ord: number; one: string; other: string | null }>(
    `select k.ord::int4 as ord, m.ids[1] as one, m.ids[2] as other
       from unnest(${arrays}) with ordinality as k(${names}, ord)
       cross join lateral (
         select array_agg(x.id) as ids
           from (select t.${kind.idColumn} as id from ${table} t where ${there} and ${conditions.join(' and ')} ${order} limit 2) x
       ) m
      where m.ids is not null`,
    params,
  )
  return rows.flatMap(({ ord, one, other }) => {
    const at = wanted[ord - 1]?.at
    return at === undefined ? [] : [{ at, ids: other === null ? [one] : [one, other] }]
  })
}

/** Column names come from the kind's declaration; a path below one, which the plugin chose, is bound. */
export function columnText(kind: ResourceKind, key: MatchKey, params: unknown[]): string {
  const column = `t."${key.column}"`
  if (key.below.length > 0) {
    params.push(textArray(key.below))
    return `coalesce(${column} #>> $${params.length}::text[], '')`
  }
  const isText = kind.columns.find((each) => each.name === key.column)?.type === 'text'
  // By way of jsonb, so that a number is written as one inside `data` is.
  return isText ? column : `coalesce(to_jsonb(${column}) #>> '{}', '')`
}
