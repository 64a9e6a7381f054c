import pg from 'pg'
import type { Connection } from '../src/storage/index.ts'
import { makeResource } from './documents.ts'

export type Filling = {
  readonly domainId: string
  readonly count: number
  /** Ten other domains beside it, with so many resources each. */
  readonly otherCount: number
  /**
   * SQL of when the resource of the number `n` was created, and changed last. Default: one a second, the last
   * one now.
   */
  readonly createdAt?: string
}

/**
 * Fills the inventory as collectors would leave it: resources of about 2 KB in skewed kinds, each reported by
 * one contributor whose last run saw it. Indexes are built and keys checked afterwards, which is faster.
 * Returns seconds.
 */
export async function fillInventory(connection: Connection, filling: Filling): Promise<number> {
  const client = new pg.Client({ ...connection })
  await client.connect()
  try {
    const startedAt = performance.now()
    await client.query(`set synchronous_commit = off; set maintenance_work_mem = '512MB'; set jit = off`)
    await insertSamples(client)
    const restoreChecks = await dropChecks(client)
    const statement = INSERT_RESOURCES.replaceAll(CREATED_AT, filling.createdAt ?? CREATED_AT)
    await fillDomain(client, statement, filling.domainId, filling.count)
    for (let other = 1; other <= 10; other++) {
      await fillDomain(client, statement, `${filling.domainId}-${other}`, filling.otherCount)
    }
    await restoreChecks()
    await client.query('vacuum analyze cloud_service, contribution')
    return (performance.now() - startedAt) / 1_000
  } finally {
    await client.end()
  }
}

// Whole documents made in JavaScript would take minutes; samples that are changed in two places are as long
// and as different.
async function insertSamples(client: pg.Client): Promise<void> {
  await client.query(
    'create temp table sample (at integer primary key, tags jsonb, metadata jsonb, data jsonb)',
  )
  for (let at = 0; at < SAMPLES; at++) {
    const { tags, metadata, data } = makeResource(at)
    await client.query('insert into sample values ($1, $2, $3, $4)', [at, tags, metadata, data])
  }
}

/**
 * Drops what every row would have to pass, foreign keys and indexes; returns what builds it again in one go.
 */
async function dropChecks(client: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ drop: string; restore: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
            format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as restore
     from pg_constraint where conrelid = any($1::regclass[]) and contype = 'f'
     union all
     select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
     from pg_index where indrelid = any($1::regclass[]) and not indisprimary`,
    [['cloud_service', 'contribution']],
  )
  for (const { drop } of rows) await client.query(drop)
  return async () => {
    for (const { restore } of rows) await client.query(restore)
  }
}

async function fillDomain(
  client: pg.Client,
  statement: string,
  domainId: string,
  count: number,
): Promise<void> {
  await client.query('insert into domain values ($1, $1, now())', [domainId])
  await client.query(statement, [
    domainId,
    count,
    KINDS.map(({ provider }) => provider),
    KINDS.map(({ group }) => group),
    KINDS.map(({ type }) => type),
    SAMPLES,
  ])
  const { rows } = await client.query<{ id: number }>(
    `insert into contributor (domain_id, collector_id, next_slot) values ($1, 'collector-bench', $2)
     returning contributor_id as id`,
    [domainId, count],
  )
  await client.query(INSERT_CONTRIBUTIONS, [domainId, rows[0]?.id])
  await client.query(
    `insert into run values ($1, $2, 1, 'job-task-bench', decode(repeat('ff', $3 / 8 + 1), 'hex'), $3, true, now())`,
    [domainId, rows[0]?.id, count],
  )
}

/** What resources there are; of the first kind a fifth, of the last a fiftieth. */
const KINDS = Array.from({ length: 24 }, (_, at) => ({
  provider: `cloud-${'abc'[at % 3]}`,
  group: ['Compute', 'Database', 'Storage', 'Network'][at % 4] ?? '',
  type: ['Instance', 'Volume', 'Snapshot', 'Gateway', 'Cluster'][at % 5] ?? '',
}))

const SAMPLES = 500

const CREATED_AT = `now() - n * interval '1 second'`

// hashint4extended gives each column an even spread of its own; squaring one makes some kinds large and most
// small.
const INSERT_RESOURCES = `
  insert into cloud_service (domain_id, cloud_service_id, name, state, provider, cloud_service_group, cloud_service_type,
    account, region_code, project_id, instance_type, instance_size, ip_addresses, resource_id, external_link, created_at,
    updated_at, created_seq, tags, metadata, data)
  select $1, 'cloud-svc-' || lpad(to_hex(n), 12, '0'), 'web-' || n % 500 || '-' || left(id, 6),
    case when n % 50 = 0 then 'DELETED' when n % 31 = 0 then 'DISCONNECTED' else 'ACTIVE' end,
    ($3::text[])[kind], ($4::text[])[kind], ($5::text[])[kind],
    account, region, 'project-' || right(account, 2), (array['m7.small', 'm7.large', 'm7.xlarge'])[1 + n % 3], 2 ^ (n % 6),
    array['10.' || n % 250 || '.' || (n >> 8) % 250 || '.' || (n >> 16) % 250],
    'bench:compute:' || region || ':' || account || ':instance/i-' || id,
    'https://console.bench.example/compute/' || region || '/i-' || id,
    ${CREATED_AT}, ${CREATED_AT}, 1,
    jsonb_build_object(($3::text[])[kind], s.tags), s.metadata,
    s.data || jsonb_build_object('instance_id', 'i-' || id, 'notes', repeat(md5(id), 10))
  from (select n, md5(n::text) as id,
          1 + floor(24 * power(mod(abs(hashint4extended(n, 1)), 10000) / 10000.0, 2))::integer as kind,
          'eu-' || 1 + mod(abs(hashint4extended(n, 2)), 12) as region,
          (400000000000 + mod(abs(hashint4extended(n, 3)), 50))::text as account
        from generate_series(1, $2::integer) as n) r
  join sample s on s.at = mod(abs(hashint4extended(n, 4)), $6::integer)`.replace(
  /spread\((\d+), (\d+)\)/g,
  '1 + mod(abs(hashint4extended(n, $1)), $2)',
)

const INSERT_CONTRIBUTIONS = `
  insert into contribution (domain_id, contributor_id, slot, kind, target_id, memo, content_hash, first_seq, changed_seq)
  select domain_id, $2, row_number() over (order by cloud_service_id) - 1, 1, cloud_service_id,
         md5(cloud_service_id)::uuid, md5(name)::uuid, 1, 1
  from cloud_service where domain_id = $1`
