import { afterAll, describe, expect, test } from 'vitest'
import { FIRST_RUN, removeOldRuns } from '../../../src/inventory/index.ts'
import { cancelJobTask, deleteJob } from '../../../src/jobs/index.ts'
import { pluginFailure } from '../../jobs/scripted-plugins.ts'
import { ledgerOf, statesOf } from '../ledger-of.ts'
import { errorResource, openCoverage, thing } from '../support.ts'

const coverage = await openCoverage()
const { db, givenCloud, run, runTimes } = coverage
const context = () => ({ ...coverage.context(), now: coverage.now })
afterAll(coverage.close)

const ANY = { provider: '', cloudServiceGroup: '', cloudServiceType: '', account: '', regionCode: '' }
const ledger = (domainId: string, options?: Parameters<typeof ledgerOf>[2]) =>
  ledgerOf(context(), domainId, options)
const states = (domainId: string) => statesOf(context(), domainId)

describe('the ledger', () => {
  test('says complete, since when and by which job, after a run that read everything', async () => {
    const collector = await givenCloud([thing({ id: 'a' }), thing({ id: 'd', type: 'Disk', region: 'us-1' })])
    const { task } = await run(collector)
    coverage.clock.now = new Date(coverage.clock.now.getTime() + 90_000)

    expect(await ledger(collector.domainId)).toMatchObject({
      complete: true,
      totalCount: 2,
      completeCount: 2,
      oldestEvidenceAt: new Date(coverage.clock.now.getTime() - 90_000).toISOString(),
      results: [
        {
          cloudServiceType: 'Bucket',
          regionCode: 'eu-1',
          state: 'complete',
          reason: '',
          count: 1,
          ageSeconds: 90,
        },
        { cloudServiceType: 'Disk', regionCode: 'us-1', grade: 'derived', lastReceiptJobId: task.jobId },
      ],
    })
    expect(await ledger(collector.domainId, { name: { ...ANY, regionCode: 'us-1' } })).toMatchObject({
      totalCount: 1,
    })
  })

  test('says partial and why where the newest run could not read, and complete elsewhere', async () => {
    const all = [thing({ id: 'a' }), thing({ id: 'd', type: 'Disk' })]
    const { cloud, ...collector } = await givenCloud(all)
    await run(collector)
    cloud.sends = [
      thing({ id: 'd', type: 'Disk' }),
      errorResource('AccessDenied: s3', { cloud_service_type: 'Bucket' }),
    ]
    const { task } = await run(collector)

    const { results, complete } = await ledger(collector.domainId)
    expect(complete).toBe(false)
    expect(results).toMatchObject([
      {
        cloudServiceType: 'Bucket',
        state: 'partial',
        reason: 'the newest run did not list it completely (denied: AccessDenied: s3)',
        lastFailure: { class: 'denied', jobId: task.jobId },
      },
      { cloudServiceType: 'Disk', state: 'complete' },
    ])
    cloud.sends = all
    await run(collector)
    expect(await ledger(collector.domainId)).toMatchObject({ complete: true })
  })

  test('says unknown for a collector that never got anything, and partial for one that failed since', async () => {
    const { cloud, ...collector } = await givenCloud([])
    cloud.fails = pluginFailure(false, 'ERROR_EXPIRED')
    await run(collector)
    expect(await ledger(collector.domainId)).toMatchObject({
      complete: false,
      results: [
        {
          cloudServiceType: '',
          state: 'unknown',
          lastFailure: { message: expect.stringContaining('ERROR_EXPIRED') },
        },
      ],
    })

    delete cloud.fails
    cloud.sends = [thing({ id: 'a' })]
    await run(collector)
    cloud.fails = pluginFailure(false)
    await run(collector)
    expect(await states(collector.domainId)).toEqual(['Bucket/eu-1 partial'])
  })

  test('is not moved by a filtered run, nor by the deletion of jobs', async () => {
    const { cloud: _, ...collector } = await givenCloud([thing({ id: 'a' })], {
      init: () => ({ filter_format: [{ key: 'region', type: 'list' }] }),
    })
    const { task } = await run(collector)
    await run(collector, { filter: { region: ['eu-1'] } })
    await deleteJob(context(), { domainId: collector.domainId, jobId: task.jobId })

    expect(await states(collector.domainId)).toEqual(['Bucket/eu-1 complete'])
  })
})

test('the newest run that failed is not forgotten with its job', async () => {
  const { cloud, ...collector } = await givenCloud([thing({ id: 'a' })])
  await run(collector)
  cloud.fails = pluginFailure(false)
  const { task } = await run(collector)
  await deleteJob(context(), { domainId: collector.domainId, jobId: task.jobId })
  expect(await states(collector.domainId)).toEqual(['Bucket/eu-1 partial'])

  delete cloud.fails
  await run(collector)
  expect(await states(collector.domainId)).toEqual(['Bucket/eu-1 complete'])
})

test('the newest run that failed is not forgotten with old runs, where only filtered ones came after it', async () => {
  const { cloud, ...collector } = await givenCloud([thing({ id: 'a' })], {
    init: () => ({ filter_format: [{ key: 'region', type: 'list' }] }),
  })
  const { domainId } = collector
  await run(collector)
  cloud.fails = pluginFailure(false)
  const { task } = await run(collector)
  delete cloud.fails
  for (let times = 0; times < 2; times++) await run(collector, { filter: { region: ['eu-1'] } })
  const old = { before: new Date(coverage.clock.now.getTime() + 1), after: FIRST_RUN }

  // The first run says nothing that the second does not say, the first of the filtered ones nothing that the
  // other does not.
  expect(await removeOldRuns(db, domainId, old)).toMatchObject({ removed: 2 })
  expect(await states(domainId)).toEqual(['Bucket/eu-1 partial'])
  await deleteJob(context(), { domainId, jobId: task.jobId })
  expect(await removeOldRuns(db, domainId, old)).toMatchObject({ removed: 0 })
  expect(await states(domainId)).toEqual(['Bucket/eu-1 partial'])
})

test('what the newest run was denied is not forgotten with its job, whether it named a cell or nothing', async () => {
  const all = [thing({ id: 'a' }), thing({ id: 'd', type: 'Disk' })]
  const { cloud, ...collector } = await givenCloud(all)
  const { domainId } = collector
  await run(collector)
  for (const [named, expected] of [
    [{ cloud_service_type: 'Bucket' }, ['Bucket/eu-1 partial', 'Disk/eu-1 complete']],
    [{}, ['Bucket/eu-1 partial', 'Disk/eu-1 partial']],
  ] as const) {
    cloud.sends = [...all.slice(1), errorResource('AccessDenied: s3', named)]
    const { task } = await run(collector)
    await deleteJob(context(), { domainId, jobId: task.jobId })
    expect(await states(domainId)).toEqual(expected)
    expect((await ledger(domainId)).results?.[0]?.reason).toContain('denied: AccessDenied: s3')
  }

  cloud.sends = all
  await run(collector)
  expect(await ledger(domainId)).toMatchObject({ complete: true })
})

test('that the parts of a run were asked under different inputs is no complete list, says why, and is not forgotten with its job', async () => {
  let meanwhile = async () => {}
  const { cloud: _, ...collector } = await givenCloud([], {
    getTasks: () => [{ id: 'a' }, { id: 'b' }],
    async *collect({ taskOptions: { id } = {} }) {
      yield [thing({ id: String(id) })]
      if (id === 'a') await meanwhile()
    },
  })
  const { domainId, collectorId } = collector
  await run(collector)
  expect(await states(domainId)).toEqual(['Bucket/eu-1 complete'])
  meanwhile = async () => {
    await db.query(`update collector set plugin_options = '{"tags":"prod"}' where collector_id = $1`, [
      collectorId,
    ])
  }
  const { job, task } = await run(collector)
  expect(job.status).toBe('SUCCESS')
  const before = await ledger(domainId)
  expect(before.results).toMatchObject([
    {
      state: 'partial',
      reason: expect.stringContaining('under different options, plugin versions or secrets'),
    },
  ])
  await deleteJob(context(), { domainId, jobId: task.jobId })
  expect((await ledger(domainId)).results).toMatchObject([
    { state: 'partial', reason: before.results?.[0]?.reason },
  ])

  meanwhile = async () => {}
  await run(collector)
  expect(await ledger(domainId)).toMatchObject({ complete: true })
})

test('a run whose other parts were canceled before they began, or that was filtered, means the same when its job is gone', async () => {
  let between = async () => {}
  const { cloud, ...collector } = await givenCloud([], {
    init: () => ({ filter_format: [{ key: 'region', type: 'list' }] }),
    getTasks: () => [{ id: 'a' }, { id: 'b' }],
    async *collect({ taskOptions: { id } = {} }) {
      yield [thing({ id: String(id) })]
      await between()
      if (cloud.fails !== undefined) throw cloud.fails
    },
  })
  const { domainId } = collector
  await run(collector)
  cloud.fails = pluginFailure(false)
  const filtered = await run(collector, { filter: { region: ['eu-1'] } })
  await deleteJob(context(), { domainId, jobId: filtered.task.jobId })
  expect(await states(domainId)).toEqual(['Bucket/eu-1 complete'])

  delete cloud.fails
  between = async () => {
    const [waiting] = await db.query<{ jobTaskId: string }>(
      `select job_task_id from job_task where domain_id = $1 and status = 'PENDING'`,
      [domainId],
    )
    await cancelJobTask(context(), { domainId, jobTaskId: waiting?.jobTaskId ?? '' })
  }
  const { task } = await run(collector)
  expect(await states(domainId)).toEqual(['Bucket/eu-1 partial'])
  await deleteJob(context(), { domainId, jobId: task.jobId })
  expect(await states(domainId)).toEqual(['Bucket/eu-1 partial'])
})

describe('a kind that is not told of any more', () => {
  const bucket = thing({ id: 'a' })
  const disks = [thing({ id: 'd', type: 'Disk' }), thing({ id: 'e', type: 'Disk', region: 'us-1' })]

  async function givenInputsChange(change: string, sends: readonly Uint8Array[]) {
    const { cloud, ...collector } = await givenCloud([bucket, ...disks])
    await run(collector)
    await db.query(`update collector set upgrade_mode = 'MANUAL', ${change} where domain_id = $1`, [
      collector.domainId,
    ])
    cloud.sends = sends
    await runTimes(4, collector)
    const { results = [] } = await ledger(collector.domainId)
    return results.map(({ cloudServiceType, regionCode, state, reason = '' }) =>
      [cloudServiceType, regionCode, state, reason.split(':')[0]].join(' ').trim(),
    )
  }

  test('is no longer reported after another plugin version, everywhere', async () => {
    expect(await givenInputsChange(`plugin_version = '2.0.0'`, [bucket])).toEqual([
      'Bucket eu-1 complete',
      'Disk eu-1 unknown no longer reported',
      'Disk us-1 unknown no longer reported',
    ])
  })

  test('is still reported where something of it is, and is another question under other options', async () => {
    expect(await givenInputsChange(`plugin_version = '2.0.0'`, [bucket, ...disks.slice(1)])).toEqual([
      'Bucket eu-1 complete',
      'Disk eu-1 unknown inputs changed',
      'Disk us-1 complete',
    ])
    expect(await givenInputsChange(`plugin_options = '{"kinds":"Bucket"}'`, [bucket])).toEqual([
      'Bucket eu-1 complete',
      'Disk eu-1 unknown inputs changed',
      'Disk us-1 unknown inputs changed',
    ])
  })
})
