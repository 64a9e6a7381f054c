import { type PastPlace, pastColumns, touchedBy } from './past-rows.ts'
import type { Reach } from './reach.ts'

/** Placeholders of the domain and of two instants in a statement. */
export type SpanPlace = { readonly domain: string; readonly from: string; readonly to: string }

/**
 * The statement that reads what differs between two instants, resource by resource, in the order of kinds and
 * names: what came, what went, and what has records though it was there at both ends. Of those with several
 * records `paths` holds what to net.
 *
 * A record that changes a resource leaves it alive, unless it is a DELETE, and only a CREATE revives one; so
 * whether a resource was there at either end follows from the records between them alone. `where`, over `t`,
 * must hold at one of the ends.
 */
export function movedStatement(place: SpanPlace, where: string | undefined, reach: Reach): string {
  const { domain, from, to } = place
  const span = `r.domain_id = ${domain} and r.created_at > ${from} and r.created_at <= ${to}`
  const ends = [
    { name: 'old', place: { domain, at: from } },
    { name: 'new', place: { domain, at: to } },
  ] as const
  const tables = [
    `recorded as materialized (
      select r.cloud_service_id, count(*)::int as records,
             min(r.seq) filter (where r.action = 'CREATE') as first_create, min(r.seq) filter (where r.action = 'DELETE') as first_delete,
             max(r.seq) filter (where r.action = 'CREATE') as last_create, max(r.seq) filter (where r.action = 'DELETE') as last_delete
        from change_record r where ${span} and r.changes <> '[]' group by r.cloud_service_id)`,
    `moved as materialized (select * from (
      select r.cloud_service_id, r.records, s.created_at <= ${from} and (r.first_create is null or r.first_delete < r.first_create) as was,
             r.last_delete is null or coalesce(r.last_create > r.last_delete, false) as is
        from recorded r join cloud_service s on s.domain_id = ${domain} and s.cloud_service_id = r.cloud_service_id
       union all
      select s.cloud_service_id, 0, false, true from cloud_service s
       where s.domain_id = ${domain} and s.created_at > ${from} and s.created_at <= ${to}
         and not exists (select from recorded r where r.cloud_service_id = s.cloud_service_id)) m where m.was or m.is)`,
    ...ends.flatMap((end) => endTables(end.name, end.place, reach)),
  ]
  const matched =
    where === undefined
      ? 'true'
      : `m.cloud_service_id in (select t.cloud_service_id from rows_old t where ${where}
                                union select t.cloud_service_id from rows_new t where ${where})`
  const shown = (rows: string, condition: string): string =>
    `select m.records, m.was, m.is, t.* from moved m join ${rows} t on t.cloud_service_id = m.cloud_service_id
      where ${condition} and ${matched}`
  return `with ${tables.join(', ')}
    select u.cloud_service_id, u.name, u.provider, u.cloud_service_group, u.cloud_service_type, u.account, u.region_code, u.was, u.is,
           case when u.was and u.is and u.records > 1 then (${pathsOf(`${span} and r.cloud_service_id = u.cloud_service_id`)}) end as paths
      from (${shown('rows_new', 'm.is')} union all ${shown('rows_old', 'not m.is')}) u
     order by u.provider, u.cloud_service_group, u.cloud_service_type, u.name, u.cloud_service_id`
}

/** The changes between two instants of each of these resources, by path. */
export function pathsStatement({ domain, from, to }: SpanPlace, ids: string): string {
  const records = `r.domain_id = ${domain} and r.cloud_service_id = i.id and r.created_at > ${from} and r.created_at <= ${to}`
  return `select i.id, (${pathsOf(records)}) as paths from unnest(${ids}::text[]) as i (id)`
}

// Few columns change later, so that what is shown of the ends of a span costs little, however long ago that
// is.
function endTables(name: string, place: PastPlace, reach: Reach): readonly string[] {
  const { domain, at } = place
  const records = `r.domain_id = ${domain} and r.created_at > ${at}
    and r.cloud_service_id in (select m.cloud_service_id from moved m)`
  return [
    `touched_${name} as materialized (${touchedBy(records, reach)})`,
    `rows_${name} as not materialized (select ${pastColumns(place, 'k')} from moved m
      join cloud_service s on s.domain_id = ${domain} and s.cloud_service_id = m.cloud_service_id and s.created_at <= ${at}
      left join touched_${name} k on k.cloud_service_id = m.cloud_service_id)`,
  ]
}

/** As `PathChange` reads them. What became of the resource is told apart from what changed in it. */
function pathsOf(records: string): string {
  return `select coalesce(jsonb_agg(jsonb_build_object('first', p.changes->0, 'firstSeq', p.first, 'last', p.changes->-1, 'lastSeq', p.last)), '[]')
    from (select jsonb_agg(c.value order by r.seq) as changes, min(r.seq) as first, max(r.seq) as last
            from change_record r cross join lateral jsonb_array_elements(r.changes) c
           where ${records} and c.value->>'p' <> 'state'
           group by c.value->>'p', c.value->'k') p`
}
