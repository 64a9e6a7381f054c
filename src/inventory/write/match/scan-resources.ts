import { type Sql, textArray } from '../../../storage/index.ts'
import { columnText, type FoundResources, type LookUp } from './look-up-resources.ts'

/**
 * The same as `lookUpResources` where no index fits, because a rule names no resource_id: the resources of
 * the domain are read once a batch and hashed against what is wanted. One look for each was 66 s for 1,000 of
 * them beside 100,000 stored ones. Nested loops are off for this statement: while statistics are young the
 * planner takes the table for a few rows, and would compare each with each. Equal wishes are one, so that a
 * row answers at most one of them.
 */
export async function scanResources(sql: Sql, lookup: Omit<LookUp, 'idAt'>): Promise<FoundResources> {
  const { domainId, kind, among, keys, wanted } = lookup
  if (wanted.length === 0) return []
  const wishes = [...Map.groupBy(wanted, ({ values }) => JSON.stringify(values)).values()]
  const params: unknown[] = [
    domainId,
    ...keys.map((_, at) => textArray(wishes.map(([first]) => first?.values[at] ?? ''))),
  ]
  const id = `t.${kind.idColumn}`
  const ids =
    among === 'live'
      ? `array[min(${id}), max(${id})]`
      : `array[(array_agg(${id} order by t.deleted_at desc, ${id}))[1]]`
  const state = among === 'live' ? kind.liveCondition : kind.deletedCondition
  const equal = keys.map((key, at) => `${columnText(kind, key, params)} = k.v${at}`).join(' and ')
  await setNestedLoops(sql, 'off')
  const rows = await sql.query<{ ord: number; ids: string[] }>(
    `select k.ord::int4 as ord, ${ids} as ids
       from unnest(${keys.map((_, at) => `$${at + 2}::text[]`).join(', ')})
            with ordinality as k(${keys.map((_, at) => `v${at}`).join(', ')}, ord)
       join ${kind.table} t on ${equal}
      where t.domain_id = $1 and ${state}
      group by k.ord`,
    params,
  )
  await setNestedLoops(sql, 'on')
  return rows.flatMap((row) => {
    const found = [...new Set(row.ids)]
    return wishes[row.ord - 1]?.map(({ at }) => ({ at, ids: found })) ?? []
  })
}

async function setNestedLoops(sql: Sql, value: 'on' | 'off'): Promise<void> {
  await sql.query("select set_config('enable_nestloop', $1, true)", [value])
}
