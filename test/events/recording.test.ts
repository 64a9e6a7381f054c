import { afterAll, expect, test } from 'vitest'
import { createCloudService, deleteCloudService, updateCloudService } from '../../src/inventory/index.ts'
import {
  bucket,
  closeTask,
  givenContributor,
  region,
  runOnce,
  serviceType,
} from '../inventory/write/support.ts'
import { openWorkshop, runToEnd } from '../jobs/support.ts'
import { readAll } from './support.ts'

const workshop = await openWorkshop()
const { db } = workshop
afterAll(workshop.close)

async function rowsOf(domainId: string) {
  return db.query<{ type: string; kind: string; resourceIds: string[] }>(
    'select type, kind, resource_ids from event where domain_id = $1 order by event_seq',
    [domainId],
  )
}

function buckets(count: number, objects = 1): Uint8Array[] {
  return Array.from({ length: count }, (_, at) => bucket({ id: `b-${at}`, data: { objects } }))
}

async function* streamOf(messages: readonly Uint8Array[]) {
  yield messages
}

test('a first collect writes one row a batch, and is read as one event for each resource', async () => {
  const domainId = await workshop.givenDomain()
  const contributor = await givenContributor(db, domainId)
  const { taskSeq } = await runOnce(db, contributor, [buckets(600)], { maxBatchItems: 300 })
  await closeTask(db, contributor, taskSeq)

  const rows = await rowsOf(domainId)
  expect(rows.map(({ type, kind }) => `${type} ${kind}`)).toEqual(
    rows.map(() => 'cloud_service.created acme/ObjectStore/Bucket'),
  )
  expect(rows.length).toBeLessThanOrEqual(3)
  const { events, pages } = await readAll(db, domainId)
  expect(new Set(events.map(({ resourceId }) => resourceId)).size).toBe(600)
  expect(events.length).toBe(600)
  expect(pages).toBeGreaterThan(2)
})

test('a reader may stop at any event, and goes on with the one after it', async () => {
  const domainId = await workshop.givenDomain()
  const contributor = await givenContributor(db, domainId)
  await runOnce(db, contributor, [[...buckets(7), serviceType('Bucket'), region('eu-1')]])
  const whole = (await readAll(db, domainId)).events
  expect(whole.length).toBe(9)
  for (const [at, { cursor }] of whole.entries()) {
    const [position = 0, item = 0] = cursor.split('.').map(Number)
    const rest = await readAll(db, domainId, { after: { position, item } })
    expect(rest.events).toEqual(whole.slice(at + 1))
  }
})

test('what did not change is not told, what did is told by kind', async () => {
  const domainId = await workshop.givenDomain()
  const contributor = await givenContributor(db, domainId)
  const first = await runOnce(db, contributor, [buckets(5)])
  await closeTask(db, contributor, first.taskSeq)
  const { next } = await readAll(db, domainId)
  await runOnce(db, contributor, [[...buckets(4), bucket({ id: 'b-4', data: { objects: 2 } })]])

  const { events } = await readAll(db, domainId, { after: next })
  expect(events).toMatchObject([{ type: 'cloud_service.updated', kind: 'acme/ObjectStore/Bucket' }])
})

test('a batch that is rolled back tells nothing', async () => {
  const domainId = await workshop.givenDomain()
  const contributor = await givenContributor(db, domainId)
  const refuse = () => Promise.reject(new Error('the lease is lost'))
  await runOnce(db, contributor, [buckets(3)], { recordBatch: refuse })
  expect(await rowsOf(domainId)).toEqual([])
})

test('what is done by hand is told without a job', async () => {
  const domainId = await workshop.givenDomain()
  const ctx = workshop.context()
  const given = {
    name: 'fax',
    provider: 'office',
    cloud_service_group: 'Device',
    cloud_service_type: 'Fax',
    data: {},
  }
  const { cloudServiceId = '' } = await createCloudService(ctx, { domainId, given })
  const update = { domainId, cloudServiceId, releaseProject: false, releaseRegion: false }
  await updateCloudService(ctx, { ...update, given: { name: 'old fax' } })
  await updateCloudService(ctx, { ...update, given: { name: 'old fax' } })
  await deleteCloudService(ctx, { domainId, cloudServiceId })

  const { events } = await readAll(db, domainId)
  const common = { kind: 'office/Device/Fax', resourceId: cloudServiceId, jobId: '', collectorId: '' }
  expect(events).toMatchObject([
    { ...common, type: 'cloud_service.created' },
    { ...common, type: 'cloud_service.updated' },
    { ...common, type: 'cloud_service.deleted' },
  ])
})

test('job and task tell every move and how far they are, and the last word comes last', async () => {
  const collector = await workshop.givenCollector({ collect: () => streamOf(buckets(3)) })
  await workshop.givenWorker()
  const key = await workshop.startJob(collector)
  const { job, task } = await runToEnd(db, key)
  const { events } = await readAll(db, key.domainId)

  expect(events.filter(({ jobId }) => jobId !== key.jobId)).toEqual([])
  expect(events.filter(({ collectorId }) => collectorId !== collector.collectorId)).toEqual([])
  // How far they are is told once for each batch, and how many there are depends on the time that reading
  // takes.
  const types = events.map(({ type }) => type)
  const told = types.filter((type, at) => !(type.endsWith('.progressed') && type === types[at - 2]))
  expect(told).toEqual([
    'job.created',
    'job_task.started',
    'cloud_service.created',
    'cloud_service.created',
    'cloud_service.created',
    'job_task.progressed',
    'job.progressed',
    'job_task.ended',
    'job.ended',
  ])
  expect(events.at(-2)).toMatchObject({
    jobTaskId: task.jobTaskId,
    status: task.status,
    counts: { created: 3 },
  })
  expect(events.at(-1)).toMatchObject({ status: job.status, counts: { total_tasks: 1, remained_tasks: 0 } })
})

test('a filter lets through what it names, and the reader still gets past the rest', async () => {
  const collector = await workshop.givenCollector({
    collect: () => streamOf([...buckets(3), region('eu-1')]),
  })
  await workshop.givenWorker()
  const key = await workshop.startJob(collector)
  await runToEnd(db, key)
  const whole = await readAll(db, key.domainId)
  const typesWith = async (filter: object) => {
    const found = await readAll(db, key.domainId, { filter })
    expect(found.next).toEqual(whole.next)
    return [...new Set(found.events.map(({ type }) => type))]
  }

  expect(await typesWith({ types: ['job.ended', 'region.created'] })).toEqual(['region.created', 'job.ended'])
  expect(await typesWith({ kind: 'acme/ObjectStore' })).toEqual(['cloud_service.created'])
  expect(await typesWith({ kind: 'acme' })).toEqual(['region.created', 'cloud_service.created'])
  expect(await typesWith({ kind: 'acme/Obj' })).toEqual([])
  expect(await typesWith({ jobId: 'job-of-somebody' })).toEqual([])
  expect((await typesWith({ collectorId: collector.collectorId })).length).toBeGreaterThan(5)
})
