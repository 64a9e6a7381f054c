import { afterAll, beforeAll, expect, test } from 'vitest'
import { HOLDINGS, KEPT, TRACES } from '../../src/tenants/domain-tables.ts'
import { createTestDatabase } from '../support/database.ts'
import { type KeyedApi, refusalOf, startKeyedApi } from './support.ts'

const { db, drop } = await createTestDatabase()
let api: KeyedApi
beforeAll(async () => {
  api = await startKeyedApi(db)
})
afterAll(async () => {
  await api.stop()
  await drop()
})

const DOMAIN = '/gleaner/v1/domain'

async function givenDomain(name: string): Promise<string> {
  return String((await api.must('', `${DOMAIN}/create`, { name })).domain_id)
}

test('a domain is created, read, renamed and listed', async () => {
  const created = await api.must('', `${DOMAIN}/create`, { name: 'Shop', tags: { tier: 'gold' } })
  const id = { domain_id: created.domain_id }
  expect(await api.must('', `${DOMAIN}/get`, id)).toEqual(created)
  const renamed = await api.must('', `${DOMAIN}/update`, { ...id, name: 'Web shop' })
  expect(renamed).toEqual({ ...created, name: 'Web shop' })
  expect(await api.must('', `${DOMAIN}/update`, { ...id, tags: {} })).toEqual({ ...renamed, tags: {} })
  await givenDomain('Another')
  const listed = await api.must('', `${DOMAIN}/list`, { name: 'Web shop' })
  expect(listed).toMatchObject({ total_count: 1, results: [{ name: 'Web shop' }] })
})

test('an unknown domain is not found, whatever is asked of it', async () => {
  for (const verb of ['get', 'update', 'delete']) {
    const { status } = await api.ask('', `${DOMAIN}/${verb}`, { domain_id: 'domain-ffffffffffff' })
    expect([verb, status]).toEqual([verb, 404])
  }
})

test('a domain needs a name of bearable length', async () => {
  for (const name of ['', ' ', 'x'.repeat(256)]) {
    expect((await api.ask('', `${DOMAIN}/create`, { name })).status).toBe(400)
  }
})

test('a domain that holds anything is not deleted, and says what it holds', async () => {
  const domainId = await givenDomain('Full')
  const region = { domain_id: domainId, name: 'Here', region_code: 'here-1', provider: 'own' }
  const { region_id: regionId } = await api.must('', '/inventory/v1/region/create', region)
  const refused = await api.ask('', `${DOMAIN}/delete`, { domain_id: domainId })
  expect(refusalOf(refused.body)).toEqual({
    code: 'ERROR_DOMAIN_IN_USE',
    message: expect.stringContaining('still holds 1 of region'),
  })
  await api.must('', '/inventory/v1/region/delete', { domain_id: domainId, region_id: regionId })
  await api.must('', `${DOMAIN}/delete`, { domain_id: domainId })
  expect((await api.ask('', `${DOMAIN}/get`, { domain_id: domainId })).status).toBe(404)
})

test('what is left of the history of a domain goes with it', async () => {
  const domainId = await givenDomain('Past')
  await db.query(
    `insert into cloud_service (domain_id, cloud_service_id, state, provider, cloud_service_group, cloud_service_type, created_at, updated_at)
     values ($1, 'cloud-svc-1', 'DELETED', 'aws', 'EC2', 'Instance', now(), now())`,
    [domainId],
  )
  await db.query(
    `insert into change_record (domain_id, cloud_service_id, action, created_at) values ($1, 'cloud-svc-1', 'DELETE', now())`,
    [domainId],
  )
  await api.must('', `${DOMAIN}/delete`, { domain_id: domainId })
  expect(await db.query('select from change_record where domain_id = $1', [domainId])).toEqual([])
})

test('what coverage, secrets and the engine remember of a domain goes with it', async () => {
  const domainId = await givenDomain('Collected')
  for (const statement of MEMORIES) await db.query(statement, [domainId])
  await api.must('', `${DOMAIN}/delete`, { domain_id: domainId })
  for (const table of TRACES) {
    const rows = await db.query(`select 1 from ${table} where domain_id = $1`, [domainId])
    expect([table, rows.length]).toEqual([table, 0])
  }
})

const CONTRIBUTOR = '(select contributor_id from contributor where domain_id = $1)'

const MEMORIES = [
  `insert into contributor (domain_id, collector_id) values ($1, 'collector-1')`,
  `insert into claim_state (domain_id, contributor_id) values ($1, ${CONTRIBUTOR})`,
  `insert into contribution (domain_id, contributor_id, slot, kind, target_id, memo, content_hash, first_seq, changed_seq)
   values ($1, ${CONTRIBUTOR}, 0, 1, 'cloud-svc-1', gen_random_uuid(), gen_random_uuid(), 1, 1)`,
  `insert into receipt (domain_id, contributor_id, task_seq, job_id, epoch, grade, is_counted, cells, withheld, created_at)
   values ($1, ${CONTRIBUTOR}, 1, 'job-1', 'e', 'derived', true, 1, 0, now())`,
  `insert into coverage_cell (domain_id, contributor_id, cell, provider, cloud_service_group, cloud_service_type, account, region_code)
   values ($1, ${CONTRIBUTOR}, 1, 'aws', 'EC2', 'Instance', '', '')`,
  `insert into read_failure (domain_id, contributor_id, task_seq, attempt, class, provider, cloud_service_group,
     cloud_service_type, account, region_code, withholds, count, message)
   values ($1, ${CONTRIBUTOR}, 1, 1, 'denied', 'aws', 'EC2', 'Instance', '', '', true, 1, 'no')`,
  `insert into hold (domain_id, hold_id, contributor_id, reason, scope, slots, claims, of_claims, epoch, receipts,
     first_seq, last_seq, created_at)
   values ($1, 'hold-1', ${CONTRIBUTOR}, 'many', 'task', '', 1, 1, 'e', 1, 1, 1, now())`,
  `insert into secret_opening (domain_id, secret_id, data_version, collector_id, request_id, opened_at)
   values ($1, 'secret-1', 1, 'collector-1', 'request-1', now())`,
  `insert into lane (domain_id, plugin_id) values ($1, 'plugin-1')`,
  `insert into turn (domain_id, taken) values ($1, 1)`,
  `insert into domain_settings (domain_id) values ($1) on conflict do nothing`,
]

test('every table of tenants is something a domain holds, a trace of it, or kept beyond it', async () => {
  const tables = await db.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'domain_id'
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname <> 'domain'`,
  )
  expect([...HOLDINGS, ...TRACES, ...KEPT].sort()).toEqual(tables.map(({ name }) => name).sort())
})

test('traces are removed before what their foreign keys name', async () => {
  const keys = await db.query<{ from: string; to: string }>(
    `select a.relname as from, b.relname as to from pg_constraint k
       join pg_class a on a.oid = k.conrelid join pg_class b on b.oid = k.confrelid
      where k.contype = 'f' and a.relname = any($1) and b.relname = any($1)`,
    [TRACES],
  )
  expect(keys.length).toBeGreaterThan(0)
  const order: readonly string[] = TRACES
  for (const { from, to } of keys) {
    expect([from, to, order.indexOf(from) < order.indexOf(to)]).toEqual([from, to, true])
  }
})
