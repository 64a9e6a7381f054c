import { afterAll, expect, test } from 'vitest'
import { deleteCollector } from '../../src/collectors/index.ts'
import { listHolds, releaseHold, retire } from '../../src/coverage/index.ts'
import { pluginFailure } from '../jobs/scripted-plugins.ts'
import { ANY } from './ledger-of.ts'
import { errorResource, openCoverage, thing, things } from './support.ts'

const coverage = await openCoverage()
const { db, givenCloud, run, runTimes } = coverage
const context = () => ({ ...coverage.context(), now: coverage.now })
afterAll(coverage.close)

type Told = { type: string; collectorId: string; jobId: string; counts: object; kind: string; ids: string[] }

/** What a domain was told of holds and completeness, the oldest first. */
async function told(domainId: string): Promise<readonly Told[]> {
  return await db.query<Told>(
    `select type, collector_id, job_id, counts, kind, resource_ids as ids from event
      where domain_id = $1 and (type like 'hold.%' or type like 'coverage.%') order by event_seq`,
    [domainId],
  )
}

const typesIn = async (domainId: string) => (await told(domainId)).map(({ type }) => type)

test('a hold is told of by the run that opens it and by the one that ends it, or by the call', async () => {
  const { cloud, ...collector } = await givenCloud(things(12))
  const { domainId, collectorId } = collector
  await run(collector)
  cloud.sends = []
  const { task } = await runTimes(3, collector)
  await run(collector)
  const opened = { type: 'hold.opened', collectorId, jobId: task.jobId, counts: { held: 12, of: 12 } }
  expect(await told(domainId)).toMatchObject([{ ...opened, ids: [expect.stringMatching(/^hold-/)] }])

  cloud.sends = things(12)
  const { task: seen } = await run(collector)
  expect((await told(domainId)).at(-1)).toMatchObject({ type: 'hold.lapsed', collectorId, jobId: seen.jobId })

  cloud.sends = []
  await runTimes(3, collector)
  const { results = [] } = await listHolds(context(), { domainId, collectorId, state: '' })
  const holdId = results[0]?.holdId ?? ''
  await releaseHold(context(), { domainId, holdId })
  expect((await told(domainId)).slice(2)).toMatchObject([
    { type: 'hold.opened', ids: [holdId] },
    { type: 'hold.released', ids: [holdId], collectorId, jobId: '' },
  ])
  expect((await typesIn(domainId)).filter((type) => type.startsWith('coverage.'))).toEqual([])
})

test('a hold that a retirement empties is told of as released, with the kind that it was about', async () => {
  const { cloud, ...collector } = await givenCloud([thing({ id: 'a' }), thing({ id: 'b', type: 'Disk' })])
  const { domainId } = collector
  await run(collector)
  cloud.sends = [thing({ id: 'b', type: 'Disk' })]
  await runTimes(3, collector)
  await retire(context(), { ...collector, secretId: '', name: ANY, presence: '', claims: 'delete' })
  expect(await told(domainId)).toMatchObject([
    { type: 'hold.opened', kind: 'acme/Store/Bucket', counts: { held: 1, of: 1 } },
    { type: 'hold.released', kind: 'acme/Store/Bucket', jobId: '' },
  ])
})

test('completeness is lost once, however many runs fail, and regained by the run that lists everything', async () => {
  const all = [thing({ id: 'a' }), thing({ id: 'd', type: 'Disk' }), thing({ id: 'q', type: 'Queue' })]
  const { cloud, ...collector } = await givenCloud(all)
  const { domainId, collectorId } = collector
  await runTimes(2, collector)
  expect(await told(domainId)).toEqual([])

  cloud.sends = [...all.slice(1), errorResource('AccessDenied', { cloud_service_type: 'Bucket' })]
  const { task } = await runTimes(2, collector)
  expect(await told(domainId)).toMatchObject([
    { type: 'coverage.lost', collectorId, counts: { not_listed: 1 } },
  ])
  expect(task.jobId).not.toBe((await told(domainId))[0]?.jobId)

  cloud.fails = pluginFailure(false)
  await runTimes(2, collector)
  expect((await told(domainId)).slice(1)).toMatchObject([{ type: 'coverage.lost', counts: {} }])

  delete cloud.fails
  await run(collector)
  expect(await typesIn(domainId)).toHaveLength(2)
  cloud.sends = all
  const { task: whole } = await run(collector)
  expect((await told(domainId)).slice(2)).toMatchObject([
    { type: 'coverage.regained', jobId: whole.jobId, counts: {} },
  ])
})

test('a run that did not mean to read everything tells nothing, and a first one that fails loses nothing', async () => {
  const { cloud, ...collector } = await givenCloud([thing({ id: 'a' })], {
    init: () => ({ filter_format: [{ key: 'region', type: 'list' }] }),
  })
  cloud.fails = pluginFailure(false)
  await run(collector)
  expect(await typesIn(collector.domainId)).toEqual([])
  delete cloud.fails
  await run(collector, { filter: { region: ['eu-1'] } })
  await run(collector, { collectMode: 'CREATE' })
  expect(await typesIn(collector.domainId)).toEqual([])
  await run(collector)
  cloud.fails = pluginFailure(false)
  await run(collector, { filter: { region: ['eu-1'] } })
  expect(await typesIn(collector.domainId)).toEqual([])
  await run(collector)
  delete cloud.fails
  await run(collector)
  expect(await typesIn(collector.domainId)).toEqual(['coverage.lost', 'coverage.regained'])
})

test('a first run that is denied something has lost nothing, and the next one regains nothing', async () => {
  const { cloud, ...collector } = await givenCloud([thing({ id: 'a' }), thing({ id: 'd', type: 'Disk' })])
  const denied = errorResource('AccessDenied', { cloud_service_type: 'Disk' })
  cloud.sends = [thing({ id: 'a' }), thing({ id: 'd', type: 'Disk' }), denied]
  await run(collector)
  cloud.sends = cloud.sends.slice(0, 2)
  await run(collector)
  expect(await typesIn(collector.domainId)).toEqual([])
})

test('a collector that is deleted while it runs tells of no loss', async () => {
  const { cloud: _, ...collector } = await givenCloud([thing({ id: 'a' })])
  await run(collector)
  await coverage.startJob(collector)
  await coverage.takenByVanishedWorker(60_000)
  await deleteCollector(context(), collector)
  expect(await typesIn(collector.domainId)).toEqual([])
})
