import pg from 'pg'
import type { Connection } from '../src/storage/index.ts'

/**
 * A year in which one resource in a hundred changes each day, as collectors leave it: two values of a
 * document most often, a column in one of twenty, and a deletion of what is DELETED now. Records lie in the
 * order of time.
 */
export async function fillYear(connection: Connection, domainId: string, count: number): Promise<void> {
  const client = new pg.Client({ ...connection })
  await client.connect()
  try {
    await client.query(`set synchronous_commit = off; set maintenance_work_mem = '512MB'; set jit = off`)
    const { rows } = await client.query<{ drop: string; restore: string }>(
      `select format('drop index %s', indexrelid::regclass) as drop, pg_get_indexdef(indexrelid) as restore
         from pg_index where indrelid = 'change_record'::regclass and not indisprimary`,
    )
    for (const { drop } of rows) await client.query(drop)
    await client.query(INSERT_RECORDS, [domainId, count, Math.round(count * 3.65)])
    for (const { restore } of rows) await client.query(restore)
    await client.query('vacuum analyze change_record')
  } finally {
    await client.end()
  }
}

// `n % 10 = 3` came in the course of the year, and does not change after. `n % 50 = 0` is DELETED now.
const INSERT_RECORDS = `
  insert into change_record (domain_id, cloud_service_id, action, task_seq, changes, created_at)
  select $1, 'cloud-svc-' || lpad(to_hex(case when i % 182 = 0 then 50 * (1 + i / 182 % ($2::int / 50)) else
           case when n % 10 = 3 then n - 1 else n end end), 12, '0'),
         case when i % 182 = 0 then 'DELETE' else 'UPDATE' end, 1,
         case when i % 182 = 0 then '[{"p": "state", "b": "ACTIVE", "a": "DELETED"}]'::jsonb
              when i % 20 = 1 then jsonb_build_array(jsonb_build_object('p', 'ip_addresses',
                'b', array['10.0.' || i % 250 || '.1'], 'a', array['10.0.' || (i + 1) % 250 || '.1']))
              else jsonb_build_array(
                jsonb_build_object('p', 'data.status.health', 'b', case when i % 2 = 0 then 'good' else 'bad' end, 'a', 'good'),
                jsonb_build_object('p', 'data.network.packets', 'b', i, 'a', i + 1)) end,
         now() - interval '365 days' * (1 - i / $3::float8)
    from (select i, 1 + mod(abs(hashint4extended(i, 7)), $2::int) as n from generate_series(1, $3::int) as i) g
   order by i`
