import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { createTestDatabase } from '../support/database.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

const domainId = newId('domain')
const own = db.boundTo(domainId, ['project-own', 'project-second'])

/** One of each in an own project, in another's, and in none. */
beforeAll(async () => {
  await db.query('insert into domain (domain_id, name, created_at) values ($1, $1, now())', [domainId])
  for (const [name, project, isPublic] of [
    ['own', 'project-own', false],
    ['foreign', 'project-foreign', false],
    ['shared', '', true],
  ] as const) {
    await db.query(INSERT_COLLECTOR, [domainId, `collector-${name}`, project, isPublic])
    await db.query(INSERT_CLOUD_SERVICE, [domainId, `cloud-svc-${name}`, project])
    await db.query(
      `insert into change_record (domain_id, cloud_service_id, action, created_at) values ($1, $2, 'UPDATE', now())`,
      [domainId, `cloud-svc-${name}`],
    )
    await db.query(
      `insert into job (domain_id, job_id, collector_id, collector_info, status, collect_mode, total_tasks, remained_tasks,
         project_id, created_at, updated_at)
       values ($1, $2, $3, '{}', 'SUCCESS', 'ALL', 1, 0, $4, now(), now())`,
      [domainId, `job-${name}`, `collector-${name}`, project],
    )
  }
})

const INSERT_COLLECTOR = `
  insert into collector (domain_id, collector_id, name, state, priority, is_public, project_id, plugin_id, plugin_version,
    upgrade_mode, created_at)
  values ($1, $2, 'c', 'ENABLED', 10, $4, $3, 'plugin-host', '1', 'AUTO', now())`
const INSERT_CLOUD_SERVICE = `
  insert into cloud_service (domain_id, cloud_service_id, project_id, provider, cloud_service_group, cloud_service_type,
    created_at, updated_at)
  values ($1, $2, $3, 'aws', 'EC2', 'Instance', now(), now())`

async function idsIn(table: string, column: string): Promise<unknown[]> {
  const rows = await own.query<{ id: string }>(`select ${column} as id from ${table} order by 1`)
  return rows.map(({ id }) => id)
}

test('a key of projects sees their resources and what happened to them, and nobody else’s', async () => {
  expect(await idsIn('cloud_service', 'cloud_service_id')).toEqual(['cloud-svc-own'])
  expect(await idsIn('change_history', 'distinct cloud_service_id')).toEqual(['cloud-svc-own'])
  expect(await idsIn('job', 'job_id')).toEqual(['job-own'])
})

test('collectors that are private to others are hidden, public ones are not', async () => {
  expect(await idsIn('collector', 'collector_id')).toEqual(['collector-own', 'collector-shared'])
})

test('a key of projects writes nothing outside of them', async () => {
  const forbidden = { kind: 'forbidden', code: 'ERROR_PERMISSION_DENIED' }
  await expect(
    own.query(INSERT_COLLECTOR, [domainId, 'collector-new', 'project-foreign', false]),
  ).rejects.toMatchObject(forbidden)
  await expect(own.query(INSERT_COLLECTOR, [domainId, 'collector-new', '', true])).rejects.toMatchObject(
    forbidden,
  )
  await expect(
    own.query(`update collector set priority = 1 where collector_id = 'collector-shared'`),
  ).rejects.toMatchObject(forbidden)
  expect(await own.query('delete from cloud_service returning cloud_service_id')).toEqual([
    { cloudServiceId: 'cloud-svc-own' },
  ])
  await own.query(INSERT_COLLECTOR, [domainId, 'collector-second', 'project-second', false])
  expect(await idsIn('collector', 'collector_id')).toContain('collector-second')
})

test('a key of projects hears of its own jobs and resources, and what it writes by hand is told', async () => {
  await own.query(
    `insert into event (domain_id, type, kind, resource_ids) values ($1, 'cloud_service.updated', 'aws', $2)`,
    [domainId, ['cloud-svc-foreign']],
  )
  await own.query(`insert into event (domain_id, type, kind) values ($1, 'region.created', 'aws')`, [
    domainId,
  ])
  expect(await idsIn('event', "type || ' ' || job_id")).toEqual(['job.created job-own', 'region.created '])
})

test('keys of the whole domain do not notice', async () => {
  const rows = await db.boundTo(domainId).query('select from collector')
  expect(rows.length).toBeGreaterThanOrEqual(3)
})

test('every protected table has a policy for keys of projects', async () => {
  const without = await db.query(
    `select relname from pg_class c where relrowsecurity
       and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'project')`,
  )
  expect(without).toEqual([])
})
