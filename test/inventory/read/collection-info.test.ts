import { afterAll, beforeAll, expect, test } from 'vitest'
import { getCloudService, listCloudServices } from '../../../src/inventory/read/index.ts'
import { testContext, toQuery } from '../../query/sample.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { givenDomain } from './given.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(() => database.drop())

async function lastCollectedAt(
  domainId: string,
): Promise<Readonly<Record<string, readonly (string | undefined)[]>>> {
  const { rows } = await listCloudServices(testContext(database.db), { domainId })
  const entries = rows.map((row) => [row.name, (row.collectionInfo ?? []).map((one) => one.lastCollectedAt)])
  return Object.fromEntries(entries)
}

test('a resource tells who reports it and when each saw it last', async () => {
  const given = await givenDomain(database.db, 'domain-who')
  const first = await given.contributor({ collectorId: 'collector-a', secretId: 'secret-a' })
  const second = await given.contributor({ collectorId: 'collector-b' })
  const old = await given.task({
    taskId: 'task-1',
    contributorId: first,
    provider: 'aws',
    serviceAccountId: 'sa-old',
  })
  const newest = await given.task({
    taskId: 'task-2',
    contributorId: first,
    provider: 'aws',
    serviceAccountId: 'sa-new',
  })
  const other = await given.task({ taskId: 'task-3', contributorId: second, provider: 'gcp' })
  await given.run({
    contributorId: first,
    taskSeq: old,
    taskId: 'task-1',
    seen: [9],
    finishedAt: '2026-01-01T01:00:00Z',
  })
  await given.run({
    contributorId: first,
    taskSeq: newest,
    taskId: 'task-2',
    seen: [9],
    finishedAt: '2026-01-02T01:00:00.5Z',
  })
  await given.run({
    contributorId: second,
    taskSeq: other,
    taskId: 'task-3',
    seen: [0],
    finishedAt: '2026-01-03T01:00:00Z',
  })
  await given.cloudService({ cloud_service_id: 'cloud-svc-1' })
  await given.contribution({ contributorId: first, slot: 9, targetId: 'cloud-svc-1', changedSeq: old })
  await given.contribution({ contributorId: second, slot: 0, targetId: 'cloud-svc-1', changedSeq: other })

  const read = await getCloudService(testContext(database.db), {
    domainId: 'domain-who',
    cloudServiceId: 'cloud-svc-1',
  })
  expect(read.collectionInfo).toEqual([
    {
      provider: 'aws',
      serviceAccountId: 'sa-new',
      secretId: 'secret-a',
      collectorId: 'collector-a',
      lastCollectedAt: '2026-01-02T01:00:00.500Z',
    },
    {
      provider: 'gcp',
      serviceAccountId: '',
      secretId: '',
      collectorId: 'collector-b',
      lastCollectedAt: '2026-01-03T01:00:00.000Z',
    },
  ])
})

test('the newest run that saw the resource counts, however many later ones did not', async () => {
  const given = await givenDomain(database.db, 'domain-many')
  const contributorId = await given.contributor({ collectorId: 'collector-a' })
  let firstSeq = 0
  for (let day = 1; day <= 28; day++) {
    const taskId = `task-${day}`
    const taskSeq = await given.task({ taskId, contributorId })
    if (day === 1) firstSeq = taskSeq
    const seen = [0, ...(day <= 25 ? [1] : []), ...(day <= 8 ? [2] : []), ...(day === 1 ? [3] : [])]
    const finishedAt = `2026-01-${String(day).padStart(2, '0')}T00:00:00Z`
    await given.run({ contributorId, taskSeq, taskId, seen, finishedAt })
  }
  for (const slot of [0, 1, 2, 3]) {
    await given.cloudService({ cloud_service_id: `cloud-svc-${slot}`, name: `slot ${slot}` })
    await given.contribution({ contributorId, slot, targetId: `cloud-svc-${slot}`, changedSeq: firstSeq })
  }

  expect(await lastCollectedAt('domain-many')).toEqual({
    'slot 0': ['2026-01-28T00:00:00.000Z'],
    'slot 1': ['2026-01-25T00:00:00.000Z'],
    'slot 2': ['2026-01-08T00:00:00.000Z'],
    'slot 3': ['2026-01-01T00:00:00.000Z'],
  })
})

test('a resource changed by a task that still runs was seen when that task started', async () => {
  const given = await givenDomain(database.db, 'domain-running')
  const contributorId = await given.contributor({ collectorId: 'collector-a' })
  const done = await given.task({ taskId: 'task-1', contributorId })
  await given.run({
    contributorId,
    taskSeq: done,
    taskId: 'task-1',
    seen: [0, 1],
    finishedAt: '2026-01-01T00:00:00Z',
  })
  const running = await given.task({
    taskId: 'task-2',
    contributorId,
    status: 'IN_PROGRESS',
    startedAt: '2026-02-01T00:00:00Z',
  })
  for (const [slot, changedSeq] of [done, running, running].entries()) {
    await given.cloudService({ cloud_service_id: `cloud-svc-${slot}`, name: `slot ${slot}` })
    await given.contribution({ contributorId, slot, targetId: `cloud-svc-${slot}`, changedSeq })
  }

  expect(await lastCollectedAt('domain-running')).toEqual({
    'slot 0': ['2026-01-01T00:00:00.000Z'],
    'slot 1': ['2026-02-01T00:00:00.000Z'],
    'slot 2': ['2026-02-01T00:00:00.000Z'],
  })
})

test('resources can be found by who reports them, and only within the domain', async () => {
  const given = await givenDomain(database.db, 'domain-filter')
  const mine = await given.contributor({ collectorId: 'collector-a', secretId: 'secret-a' })
  const seq = await given.task({ taskId: 'task-1', contributorId: mine })
  for (const id of ['cloud-svc-1', 'cloud-svc-2'])
    await given.cloudService({ cloud_service_id: id, name: id })
  await given.contribution({ contributorId: mine, slot: 0, targetId: 'cloud-svc-1', changedSeq: seq })
  const elsewhere = await givenDomain(database.db, 'domain-filter-other')
  const theirs = await elsewhere.contributor({ collectorId: 'collector-z' })
  await elsewhere.contribution({ contributorId: theirs, slot: 0, targetId: 'cloud-svc-2', changedSeq: 1 })

  const find = async (key: string, value: string) => {
    const query = toQuery({
      filter: [{ key, operator: 'eq', value }],
      only: ['name', 'collection_info.secret_id'],
    })
    return (await listCloudServices(testContext(database.db), { domainId: 'domain-filter', query })).rows
  }
  const found = [{ name: 'cloud-svc-1', collectionInfo: [{ secretId: 'secret-a' }] }]
  expect(await find('collection_info.collector_id', 'collector-a')).toEqual(found)
  expect(await find('collection_info.secret_id', 'secret-a')).toEqual(found)
  expect(await find('collection_info.collector_id', 'collector-z')).toEqual([])
})
