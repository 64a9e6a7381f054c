import { createHash } from 'node:crypto'
import type { Database } from '../../../src/storage/index.ts'
import { SHARED_DOMAIN } from './workload.ts'

// What the tables say, in names instead of the ids and moments that differ between two runs of the same work.
// Attempts, leases and failures that were repeated are left out: they are the disturbance. So are memos:
// which bytes of a content were stored last decides how fast the next run is, and nothing else.
const CONTRIBUTOR =
  'join contributor b using (domain_id, contributor_id) join collector k using (domain_id, collector_id)'
const TARGETS = `
  select domain_id, cloud_service_id as target_id, concat_ws('/', provider, cloud_service_group, cloud_service_type, account, resource_id) as target from cloud_service
  union all select domain_id, cloud_service_type_id, concat_ws('/', 'type', provider, "group", name) from cloud_service_type
  union all select domain_id, region_id, concat_ws('/', 'region', provider, region_code) from region`

const TABLES: Readonly<Record<string, string>> = {
  cloud_service: `
    select domain_id, state, name, provider, cloud_service_group, cloud_service_type, account, region_code, project_id,
           instance_type, instance_size, ip_addresses, resource_id, external_link, tags, metadata, data from cloud_service`,
  cloud_service_type: `
    select domain_id, name, provider, "group", service_code, is_primary, is_major, resource_type, metadata, tags, labels
      from cloud_service_type`,
  region: 'select domain_id, name, region_code, provider, tags from region',
  contribution: `
    with target as (${TARGETS})
    select domain_id, k.name, c.kind, t.target, c.content_hash, c.document
      from contribution c ${CONTRIBUTOR} left join target t using (domain_id, target_id)`,
  change_record: `
    with target as (${TARGETS})
    select h.domain_id, t.target, h.action, h.changes,
           row_number() over (partition by h.domain_id, h.cloud_service_id order by h.seq) as place
      from change_record h join target t on t.domain_id = h.domain_id and t.target_id = h.cloud_service_id
     where h.domain_id <> '${SHARED_DOMAIN}'`,
  run: `
    with target as (${TARGETS})
    select r.domain_id, k.name, r.seen_count, r.complete,
           dense_rank() over (partition by r.domain_id, r.contributor_id order by r.task_seq) as place,
           (select md5(string_agg(t.target, ',' order by t.target)) from contribution c left join target t using (domain_id, target_id)
             where c.domain_id = r.domain_id and c.contributor_id = r.contributor_id
               and c.slot < length(r.seen) * 8 and get_bit(r.seen, c.slot) = 1) as seen
      from run r ${CONTRIBUTOR}`,
  sighting: 'select 1 from sighting',
  job: `
    select domain_id, k.name, j.status, j.total_tasks, j.remained_tasks, j.errors, j.filter, j.collect_mode,
           row_number() over (partition by domain_id, collector_id order by j.seq) as place
      from job j join collector k using (domain_id, collector_id)`,
  job_task: `
    select domain_id, k.name, t.status, t.task_options, t.created_count, t.updated_count, t.unchanged_count, t.failure_count,
           t.deleted_count, t.disconnected_count, t.type_count, t.region_count, t.messages_read, t.bytes_read, t.errors,
           row_number() over (partition by domain_id, collector_id order by t.seq) as place
      from job_task t join collector k using (domain_id, collector_id) where domain_id <> '${SHARED_DOMAIN}'`,
  // Who of several collectors comes first creates a resource, and the last one deletes it; together they do
  // so once.
  shared_creation: `
    with target as (${TARGETS})
    select t.target, count(*) filter (where h.action = 'CREATE') as creations, count(*) filter (where h.action = 'DELETE') as deletions
      from change_record h join target t on t.domain_id = h.domain_id and t.target_id = h.cloud_service_id
     where h.domain_id = '${SHARED_DOMAIN}' group by t.target`,
  shared_task: `
    select k.name, t.status, t.created_count + t.updated_count + t.unchanged_count as counted, t.failure_count,
           t.type_count, t.region_count, t.messages_read, t.errors,
           row_number() over (partition by domain_id, collector_id order by t.seq) as place
      from job_task t join collector k using (domain_id, collector_id) where domain_id = '${SHARED_DOMAIN}'`,
  shared_count: `
    select place, sum(created_count) as created, sum(deleted_count) as deleted
      from (select t.*, row_number() over (partition by domain_id, collector_id order by t.seq) as place
              from job_task t where domain_id = '${SHARED_DOMAIN}') t group by place`,
  coverage_cell: `
    select domain_id, k.name, c.provider, c.cloud_service_group, c.cloud_service_type, c.account, c.region_code, c.claims,
           c.missed, c.unknown, c.held
      from coverage_cell c ${CONTRIBUTOR}`,
  receipt: `
    select domain_id, k.name, r.grade, r.cells, r.withheld,
           row_number() over (partition by domain_id, contributor_id order by r.task_seq) as place
      from receipt r ${CONTRIBUTOR}`,
}

/** What each table says, in order. */
export type TableRows = ReadonlyMap<string, readonly string[]>

/** Reads all rows as texts that two runs of the same work share. */
export async function readTables(db: Database): Promise<TableRows> {
  const tables = new Map<string, readonly string[]>()
  for (const [table, query] of Object.entries(TABLES)) {
    const rows = await db.query<{ row: string }>(
      `select (f.*)::text as row from (${query}) f order by (f.*)::text collate "C"`,
    )
    tables.set(
      table,
      rows.map(({ row }) => row),
    )
  }
  return tables
}

/** An ordered hash of each table, with the number of its rows. */
export function fingerprint(tables: TableRows): Record<string, string> {
  const entries = [...tables].map(([table, rows]) => {
    const hash = createHash('sha256')
    for (const row of rows) hash.update(`${row}\n`)
    return [table, `${rows.length} rows ${hash.digest('hex').slice(0, 16)}`]
  })
  return Object.fromEntries(entries)
}

/** Rows that only one of two runs has, a few of each table, for whoever looks for the reason. */
export function differences(some: TableRows, others: TableRows): readonly string[] {
  return [...some].flatMap(([table, rows]) => {
    const there = new Set(others.get(table))
    return rows
      .filter((row) => !there.has(row))
      .slice(0, 3)
      .map((row) => `${table}: ${row.slice(0, 500)}`)
  })
}
