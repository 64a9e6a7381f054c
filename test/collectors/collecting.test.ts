import { afterAll, describe, expect, test } from 'vitest'
import { collect } from '../../src/collectors/index.ts'
import { CollectorInfo_State, JobInfo_Status } from '../../src/gen/spaceone/api/inventory/v1/collector_pb.ts'
import { JobTaskInfo_JobTaskStatus } from '../../src/gen/spaceone/api/inventory/v1/job_task_pb.ts'
import { getJob, getJobTask, listJobs, listJobTasks } from '../../src/jobs/index.ts'
import { openWorkshop } from '../jobs/support.ts'

const workshop = await openWorkshop()
const { context, db, givenCollector, givenDomain, queue, startJob } = workshop
afterAll(workshop.close)

function request(collector: { domainId: string; collectorId: string }, changes: object = {}) {
  const all = { ...collector, filter: {}, secretId: '', collectMode: '', ...changes }
  return collect(context(), { queue }, all)
}

describe('collect', () => {
  test('answers at once with a job that can be read, with its task', async () => {
    const collector = await givenCollector({ init: () => ({ filter_format: [{ key: 'region' }] }) })
    const { domainId, collectorId, pluginId } = collector

    const job = await request(collector, { filter: { region: ['eu-1'] } })

    expect(job).toMatchObject({
      jobId: expect.stringMatching(/^job-[0-9a-f]{12}$/),
      status: JobInfo_Status.IN_PROGRESS,
      filter: { region: ['eu-1'] },
      totalTasks: 1,
      remainedTasks: 1,
      domainId,
      collectorInfo: {
        collectorId,
        name: 'Acme',
        state: CollectorInfo_State.ENABLED,
        pluginInfo: { pluginId },
      },
    })
    const jobId = job.jobId ?? ''
    const stored = await getJob(context(), { domainId, jobId })
    expect(stored).toMatchObject({
      jobId,
      status: JobInfo_Status.IN_PROGRESS,
      filter: { region: ['eu-1'] },
      errors: [],
      createdAt: job.createdAt,
      collectorInfo: {
        collectorId,
        name: 'Acme',
        provider: 'acme',
        state: CollectorInfo_State.ENABLED,
        isPublic: true,
        pluginInfo: { pluginId, version: '1.0.0' },
      },
    })
    const tasks = await listJobTasks(context(), { domainId, equals: { job_id: jobId } })
    expect(tasks).toMatchObject({
      totalCount: 1,
      rows: [{ jobId, status: JobTaskInfo_JobTaskStatus.PENDING, secretId: '', createdCount: 0, errors: [] }],
    })
    const jobTaskId = tasks.rows[0]?.jobTaskId ?? ''
    expect(await getJobTask(context(), { domainId, jobTaskId })).toEqual(tasks.rows[0])
  })

  test('keeps project and name of the moment in the job', async () => {
    const collector = await givenCollector()
    const { jobId } = await startJob(collector)
    await db.query("update collector set name = 'Renamed' where domain_id = $1", [collector.domainId])

    const { domainId, collectorId } = collector
    const page = await listJobs(context(), { domainId, equals: { collector_id: collectorId } })
    expect(page.rows).toMatchObject([{ jobId, collectorInfo: { name: 'Acme' } }])
    expect((await listJobs(context(), { domainId, equals: { status: 'SUCCESS' } })).totalCount).toBe(0)
  })

  test.each<[string, object, string, string]>([
    ['a mode that does not exist', { collectMode: 'SOME' }, 'invalid', 'ERROR_INVALID_PARAMETER'],
    [
      'a filter the plugin does not know',
      { filter: { zone: 'a' } },
      'invalid',
      'ERROR_UNSUPPORTED_FILTER_KEY',
    ],
    ['a secret of no choice', { secretId: 'secret-1' }, 'invalid', 'ERROR_INVALID_PARAMETER'],
    ['no collector', { collectorId: '' }, 'invalid', 'ERROR_REQUIRED_PARAMETER'],
    ['an unknown collector', { collectorId: 'collector-0' }, 'not_found', 'ERROR_NOT_FOUND'],
  ])('with %s is refused and starts nothing', async (_, changes, kind, code) => {
    const collector = await givenCollector({ init: () => ({ filter_format: [{ key: 'region' }] }) })
    await expect(request(collector, changes)).rejects.toMatchObject({ kind, code })
    expect((await listJobs(context(), { domainId: collector.domainId })).totalCount).toBe(0)
  })

  test('of a disabled collector is refused', async () => {
    const collector = await givenCollector()
    await db.query("update collector set state = 'DISABLED' where domain_id = $1", [collector.domainId])
    await expect(request(collector)).rejects.toMatchObject({
      kind: 'failed_precondition',
      code: 'ERROR_COLLECTOR_STATE',
    })
  })

  test('of a collector in another domain does not find it', async () => {
    const { collectorId } = await givenCollector()
    const foreign = request({ domainId: await givenDomain(), collectorId })
    await expect(foreign).rejects.toMatchObject({ kind: 'not_found' })
  })

  test('whose queue takes no wake-up stores no job', async () => {
    const collector = await givenCollector()
    const full = () => Promise.reject(new Error('queue is full'))
    const deaf = { wake: full, wakeAll: full }
    const refused = collect(
      context(),
      { queue: deaf },
      { ...collector, filter: {}, secretId: '', collectMode: '' },
    )
    await expect(refused).rejects.toThrow('queue is full')
    expect((await listJobs(context(), { domainId: collector.domainId })).totalCount).toBe(0)
  })
})
