import type { Params, Sources } from '../../query/index.ts'
import { CLOUD_SERVICE, type KindColumn } from '../kinds.ts'
import type { Reach } from './reach.ts'

/** Placeholders of the domain and of the instant in a statement. */
export type PastPlace = { readonly domain: string; readonly at: string }

/** Binds the two. Pure but for that. */
export function placePast(params: Params, domainId: string, at: Date): PastPlace {
  return { domain: `${params.add(domainId)}::text`, at: `${params.add(at)}::timestamptz` }
}

/**
 * The common table expressions of the past, before a statement that reads from them:
 *
 * - `touched`: resources with records after the instant, and what these say of the values before. All other
 *   resources stand as they are.
 * - `still`: those others; `gone`: the touched ones with their changes undone; `past`: both. None of them
 *   has what was created later.
 *
 * Only `touched` is made for itself, from an index by time. The others are seen through, so that indexes
 * serve `still` as they serve the table, and a document is undone only where a statement looks into it.
 */
export function withPast(statement: string, place: PastPlace, reach: Reach): string {
  const { domain, at } = place
  const still = `select ${pastColumns(place, undefined)} from cloud_service s
    where s.domain_id = ${domain} and s.created_at <= ${at}
      and not exists (select from touched k where k.cloud_service_id = s.cloud_service_id)`
  const gone = `select ${pastColumns(place, 'k')} from touched k
      join cloud_service s on s.domain_id = ${domain} and s.cloud_service_id = k.cloud_service_id and s.created_at <= ${at}`
  const records = `r.domain_id = ${domain} and r.created_at > ${at}`
  const tables = [
    `touched as materialized (${touchedBy(records, reach)})`,
    `still as not materialized (${still})`,
    `gone as not materialized (${gone})`,
    'past as not materialized (select * from still union all select * from gone)',
  ]
  const rest = statement.startsWith('with ') ? `, ${statement.slice('with '.length)}` : ` ${statement}`
  return `with ${tables.join(', ')}${rest}`
}

/**
 * Where lists read the past. The number of rows is that of the present, which an index knows, without what
 * was touched or created since, and with what the touched ones were.
 */
export function pastSources(place: PastPlace, reach: Reach): Sources {
  const { domain, at } = place
  const now = `select count(*) from cloud_service t`
  return {
    from: ['still', 'gone'],
    count: (where) =>
      reach.isOfTimes
        ? `(select count(*) from past t where ${where})`
        : `(${now} where ${where}) - (${now} where ${where} and t.created_at > ${at})
           - (select count(*) from touched k join cloud_service t on t.domain_id = ${domain}
                and t.cloud_service_id = k.cloud_service_id where ${where} and t.created_at <= ${at})
           + (select count(*) from gone t where ${where})`,
    byKey: (key) => pastByKey(place, key),
    prepare: (statement) => withPast(statement, place, reach),
  }
}

/** One resource as it was: the table of a `from`. No row where it was not there yet. */
export function pastByKey(place: PastPlace, key: string): string {
  const { domain, at } = place
  const records = `r.domain_id = ${domain} and r.cloud_service_id = s.cloud_service_id and r.created_at > ${at}`
  return `(select ${pastColumns(place, 'own')} from cloud_service s left join lateral (${undone(records)}) own on true
    where s.domain_id = ${domain} and s.cloud_service_id = ${key} and s.created_at <= ${at})`
}

/**
 * What records `r` that meet a condition say of the values before them: `columns` by path, and changes of
 * `documents`, by resource.
 */
export function touchedBy(records: string, reach: Reach): string {
  return reach.isDeep ? undone(records) : touchedColumns(records, reach.paths)
}

// Whether resources were there is told by the few records of what came and went; an index holds just these,
// and another one those that touch any column. Of columns the value before the oldest of the changes is the
// answer, whatever came between.
function touchedColumns(records: string, paths: readonly string[]): string {
  return `select r.cloud_service_id, jsonb_object_agg(c.value->>'p', c.value->'b' order by r.seq desc) as columns,
      null::jsonb as documents
    from change_record r cross join lateral jsonb_array_elements(r.changes) c
   where ${records} and ${paths.length === 1 ? `r.action <> 'UPDATE'` : 'touches_columns(r.changes)'} and c.value->>'p' in (${paths.map((path) => `'${path}'`).join(', ')})
   group by r.cloud_service_id`
}

// Of the changes of one path only the oldest counts, since what it gives back replaces what the later ones
// would. Those that are left are undone from the newest to the oldest: one of them may be inside what another
// replaces.
function undone(records: string): string {
  return `select d.cloud_service_id,
      jsonb_object_agg(d.change->>'p', d.change->'b') filter (where not d.is_inside) as columns,
      jsonb_agg(d.change order by d.seq desc) filter (where d.is_inside) as documents
    from (select distinct on (r.cloud_service_id, c.value->>'p', c.value->'k')
                 r.cloud_service_id, r.seq, c.value as change, is_in_document(c.value->>'p') as is_inside
            from change_record r cross join lateral jsonb_array_elements(r.changes) c
           where ${records}
           order by r.cloud_service_id, c.value->>'p', c.value->'k', r.seq) d
   group by d.cloud_service_id`
}

/** Columns of a resource `s` as they were, by what `k` says of them; without it as they stand. */
export function pastColumns({ domain, at }: PastPlace, k: string | undefined): string {
  const before = (path: string): string => `${k}.columns->'${path}'`
  const columns = CLOUD_SERVICE.columns.filter(({ name }) => name !== 'metadata')
  const values = columns.map((column) => [
    column.name,
    k === undefined ? `s.${column.name}` : columnBefore(column, before, k),
  ])
  const state = k === undefined ? 's.state' : `coalesce(${k}.columns->>'state', s.state)`
  const newest = (condition: string): string =>
    `(select max(r.created_at) from change_record r where r.domain_id = ${domain}
        and r.cloud_service_id = s.cloud_service_id and r.created_at <= ${at} and ${condition})`
  const named: Readonly<Record<string, string | undefined>> = Object.fromEntries(values)
  const words = ['name', 'cloud_service_group', 'cloud_service_type', 'resource_id'].map(
    (name) => named[name],
  )
  const list = [
    ...['domain_id', 'cloud_service_id', 'created_at'].map((name) => [name, `s.${name}`]),
    ...values,
    ['state', state],
    [
      'deleted_at',
      `case when ${state} <> 'DELETED' then null when s.deleted_at <= ${at} then s.deleted_at
         else ${newest(`r.action = 'DELETE'`)} end`,
    ],
    // Only what was recorded is known to have been changed by then, of what has been changed since.
    [
      'updated_at',
      `case when s.updated_at <= ${at} then s.updated_at else coalesce(${newest(`r.changes <> '[]'`)}, s.created_at) end`,
    ],
    [
      'keywords',
      k === undefined
        ? 's.keywords'
        : `keyword_lines(array[${words[0]}, s.cloud_service_id, ${words.slice(1).join(', ')}] || ${named.ip_addresses})`,
    ],
  ]
  return list.map(([name, sql]) => `${sql} as ${name}`).join(', ')
}

function columnBefore(
  { name, type, path = name }: KindColumn,
  before: (path: string) => string,
  k: string,
): string {
  const known = `${k}.columns ? '${path}'`
  switch (type) {
    case 'jsonb':
      return `undo_changes(s.${name}, '${name}', ${k}.documents)`
    case 'text[]':
      return `case when ${known} then array(select jsonb_array_elements_text(${before(path)})) else s.${name} end`
    case 'float8':
      return `case when ${known} then (${k}.columns->>'${path}')::float8 else s.${name} end`
    default:
      return `coalesce(${k}.columns->>'${path}', s.${name})`
  }
}
