import { create, toJson } from '@bufbuild/protobuf'
import { afterAll, describe, expect, test } from 'vitest'
import { CloudServiceInfoSchema } from '../../src/gen/spaceone/api/inventory/v1/cloud_service_pb.ts'
import { listChangeHistory, listCloudServices } from '../../src/inventory/index.ts'
import { deleteJob, deleteJobTask, getJob, getJobTask } from '../../src/jobs/index.ts'
import { bucket } from '../inventory/write/support.ts'
import { sends } from './scripted-plugins.ts'
import { openWorkshop, readJob, runToEnd } from './support.ts'

const workshop = await openWorkshop()
const { db, context, givenCollector, givenWorker, startJob } = workshop
afterAll(workshop.close)

describe('an ended job', () => {
  test('goes with its tasks; what it collected stays, and still says which job that was', async () => {
    const { domainId, jobId, jobTaskId, collectorId } = await givenEndedJob()
    const before = await inventoryOf(domainId)

    await deleteJob(context(), { domainId, jobId })

    await expect(getJob(context(), { domainId, jobId })).rejects.toMatchObject({ kind: 'not_found' })
    await expect(getJobTask(context(), { domainId, jobTaskId })).rejects.toMatchObject({ kind: 'not_found' })
    expect(await inventoryOf(domainId)).toEqual(before)
    const history = await listChangeHistory(context(), { domainId, equals: { job_id: jobId } })
    expect(history.rows).toMatchObject([{ jobId, collectorId, updatedBy: 'COLLECTOR' }])
    await expect(deleteJob(context(), { domainId, jobId })).rejects.toMatchObject({ kind: 'not_found' })
  })

  test('keeps its totals when one task of it goes', async () => {
    const { domainId, jobId, jobTaskId } = await givenEndedJob()
    const before = await getJob(context(), { domainId, jobId })
    await deleteJobTask(context(), { domainId, jobTaskId })
    await expect(deleteJobTask(context(), { domainId, jobTaskId })).rejects.toMatchObject({
      kind: 'not_found',
    })
    expect(await getJob(context(), { domainId, jobId })).toEqual(before)
    await deleteJob(context(), { domainId, jobId })
    const history = await listChangeHistory(context(), { domainId })
    expect(history.rows).toMatchObject([{ jobId }])
  })

  test('does not keep its collector from collecting again', async () => {
    const { domainId, jobId, collectorId } = await givenEndedJob()
    await deleteJob(context(), { domainId, jobId })
    const { task } = await runToEnd(db, await startJob({ domainId, collectorId }))
    expect(task).toMatchObject({ status: 'SUCCESS', unchangedCount: 1, createdCount: 0 })
  })

  test('of another domain is unknown', async () => {
    const { jobId, jobTaskId, domainId: owner } = await givenEndedJob()
    const domainId = await workshop.givenDomain()
    await expect(deleteJob(context(), { domainId, jobId })).rejects.toMatchObject({ kind: 'not_found' })
    await expect(deleteJobTask(context(), { domainId, jobTaskId })).rejects.toMatchObject({
      kind: 'not_found',
    })
    expect(await getJob(context(), { domainId: owner, jobId })).toMatchObject({ jobId })
  })
})

test('a running job and its tasks cannot be deleted', async () => {
  const collector = await givenCollector({ collect: () => sends(bucket({ id: 'a' })) })
  const key = await startJob(collector)
  const { task } = await readJob(db, key)
  const { domainId, jobId } = key
  const running = { code: 'ERROR_JOB_STATE', kind: 'failed_precondition' }
  await expect(deleteJob(context(), { domainId, jobId })).rejects.toMatchObject(running)
  const { jobTaskId } = task
  await expect(deleteJobTask(context(), { domainId, jobTaskId })).rejects.toMatchObject(running)
  expect(await readJob(db, key)).toMatchObject({ job: { status: 'IN_PROGRESS' } })
})

test('ids are required', async () => {
  const domainId = await workshop.givenDomain()
  const required = { code: 'ERROR_REQUIRED_PARAMETER' }
  await expect(deleteJob(context(), { domainId, jobId: '' })).rejects.toMatchObject(required)
  await expect(deleteJobTask(context(), { domainId, jobTaskId: '' })).rejects.toMatchObject(required)
})

async function givenEndedJob() {
  const collector = await givenCollector({ collect: () => sends(bucket({ id: 'a' })) })
  await givenWorker()
  const key = await startJob(collector)
  const { task } = await runToEnd(db, key)
  return { ...collector, ...key, jobTaskId: task.jobTaskId }
}

async function inventoryOf(domainId: string) {
  const { rows } = await listCloudServices(context(), { domainId })
  return rows.map((row) => toJson(CloudServiceInfoSchema, create(CloudServiceInfoSchema, row)))
}
