import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, expect, test } from 'vitest'
import { serveCoverage } from '../served.ts'
import { openCoverage, thing } from '../support.ts'

const coverage = await openCoverage()
const { db, givenCloud, run, runTimes } = coverage
const api = await serveCoverage(db, coverage.now)
afterAll(async () => {
  await api.stop()
  await coverage.close()
})

type Claim = {
  resource_id: string
  collector_id: string
  presence: string
  ended_at: string
  made_by_hand: boolean
  holders: { collector_id: string; presence: string; last_seen_at: string; reason: string }[]
}

/** What the server tells of the claims in cells, over the wire. */
function claimed(domainId: string, request: JsonObject = {}) {
  const body = { domain_id: domainId, ...request }
  return api.post<{ results: Claim[]; total_count: number }>('/gleaner/v1/coverage/list-resources', body)
}

/** How many resources each cell of a collector has, and how many of them others keep. */
async function countsOf({ domainId, collectorId }: { domainId: string; collectorId: string }) {
  type Cell = { count: number; missed_count: number; kept_by_others_count: number }
  const body = { domain_id: domainId, collector_id: collectorId }
  const { results } = await api.post<{ results: Cell[] }>('/gleaner/v1/coverage/list', body)
  return results.map(({ count, missed_count, kept_by_others_count }) => [
    count,
    missed_count,
    kept_by_others_count,
  ])
}

/** Two collectors of one domain that both see a, b and c; the first sees d alone. */
async function givenTwo() {
  const shared = ['a', 'b', 'c'].map((id) => thing({ id }))
  const one = await givenCloud([...shared, thing({ id: 'd' })])
  const other = await givenCloud(shared)
  await coverage.moveTo(other.collectorId, other.domainId, one.domainId)
  const two = { ...other, domainId: one.domainId }
  await run(one)
  await run(two)
  return { one, two }
}

test('what a collector does not see any more, and another keeps, is counted in its cell and told with who keeps it', async () => {
  const { one, two } = await givenTwo()
  const { domainId } = one
  expect(await countsOf(one)).toEqual([[4, 0, 0]])

  one.cloud.sends = ['a', 'b', 'd'].map((id) => thing({ id }))
  await run(one)
  expect(await countsOf(one)).toEqual([[4, 1, 1]])
  const ask = { collector_id: one.collectorId, kept_by: 'others' }
  expect(await claimed(domainId, ask)).toMatchObject({
    total_count: 1,
    results: [
      {
        resource_id: 'c',
        presence: 'missed',
        ended_at: '',
        holders: [
          { collector_id: one.collectorId, presence: 'missed' },
          { collector_id: two.collectorId, presence: 'seen', reason: '' },
        ],
      },
    ],
  })

  await runTimes(2, one)
  expect(await countsOf(one)).toEqual([[3, 0, 1]])
  expect(await countsOf(two)).toEqual([[3, 0, 0]])
  const { results } = await claimed(domainId, ask)
  expect(results).toMatchObject([
    { resource_id: 'c', collector_id: one.collectorId, presence: 'ended', made_by_hand: false },
  ])
  expect(results[0]?.ended_at).toBe(coverage.now().toISOString())
  expect(results[0]?.holders.map(({ collector_id }) => collector_id)).toEqual([two.collectorId])
})

test('it is told no longer once the collector sees it again, or nobody keeps it', async () => {
  const { one, two } = await givenTwo()
  one.cloud.sends = [thing({ id: 'a' }), thing({ id: 'd' })]
  await runTimes(3, one)
  expect(await countsOf(one)).toEqual([[2, 0, 2]])

  one.cloud.sends = [thing({ id: 'a' }), thing({ id: 'b' }), thing({ id: 'd' })]
  await run(one)
  expect(await countsOf(one)).toEqual([[3, 0, 1]])

  two.cloud.sends = [thing({ id: 'a' }), thing({ id: 'b' })]
  await runTimes(3, two)
  expect(await coverage.idsIn(one.domainId, 'DELETED')).toEqual(['c'])
  expect(await countsOf(one)).toEqual([[3, 0, 0]])
  expect(await claimed(one.domainId, { kept_by: 'others' })).toEqual({ results: [], total_count: 0 })
})

test('what a run can miss is unknown to nobody: it is told as the ledger counts it, also while no run has counted', async () => {
  const both = [thing({ id: 'a' }), thing({ id: 'b' })]
  const { cloud, ...collector } = await givenCloud([...both, thing({ id: 'd', type: 'Disk' })])
  const { domainId, collectorId } = collector
  await run(collector)
  await db.query(
    `update collector set plugin_version = '2.0.0', upgrade_mode = 'MANUAL' where collector_id = $1`,
    [collectorId],
  )
  cloud.sends = both.slice(0, 1)
  await run(collector, { after: 60_000 })

  const told = async () =>
    (await claimed(domainId)).results.map(({ resource_id, presence }) => `${resource_id} ${presence}`)
  type Cell = { unknown_count: number }
  const { results } = await api.post<{ results: Cell[] }>('/gleaner/v1/coverage/list', {
    domain_id: domainId,
  })
  expect(results.map(({ unknown_count }) => unknown_count)).toEqual([0, 1])
  expect(await told()).toEqual(['a seen', 'b seen', 'd unknown'])
  await run(collector)
  expect(await told()).toEqual(['a seen', 'b missed', 'd unknown'])
})

test('what one collector alone keeps is what would go with it', async () => {
  const { one } = await givenTwo()
  expect(await claimed(one.domainId, { kept_by: 'self' })).toMatchObject({
    total_count: 1,
    results: [{ resource_id: 'd', collector_id: one.collectorId, presence: 'seen' }],
  })
  await db.query('update collector set state = $2 where collector_id = $1', [one.collectorId, 'DISABLED'])
  const { results } = await claimed(one.domainId, { kept_by: 'self' })
  expect(results[0]?.holders).toMatchObject([{ reason: 'its collector is disabled' }])
})

test('what was made by hand is kept by nobody else, and says so', async () => {
  const { cloud, ...collector } = await givenCloud([thing({ id: 'a' })])
  await api.post('/inventory/v1/cloud-service/create', {
    domain_id: collector.domainId,
    name: 'b',
    provider: 'acme',
    account: 'acc-1',
    cloud_service_group: 'Store',
    cloud_service_type: 'Bucket',
    region_code: 'eu-1',
    reference: { resource_id: 'b' },
    data: {},
  })
  cloud.sends = [thing({ id: 'a' }), thing({ id: 'b' })]
  await run(collector)
  expect(await claimed(collector.domainId, { kept_by: 'self' })).toMatchObject({
    results: [{ resource_id: 'a' }],
    total_count: 1,
  })

  cloud.sends = [thing({ id: 'a' })]
  await runTimes(3, collector)
  expect(await countsOf(collector)).toEqual([[1, 0, 1]])
  expect(await claimed(collector.domainId, { kept_by: 'others' })).toMatchObject({
    results: [{ resource_id: 'b', presence: 'ended', made_by_hand: true, holders: [] }],
  })
})

test('claims are told cell by cell, in pages, with the number of all', async () => {
  const { one } = await givenTwo()
  const { domainId, collectorId } = one
  const page = { collector_id: collectorId, page: { start: 2, limit: 2 } }
  const { results, total_count } = await claimed(domainId, page)
  expect([results.length, total_count]).toEqual([2, 4])
  expect(await claimed(domainId, { page: { start: 100 } })).toEqual({ results: [], total_count: 7 })
  expect(await claimed(domainId, { region_code: 'us-1' })).toEqual({ results: [], total_count: 0 })
  await expect(claimed(domainId, { kept_by: 'nobody' })).rejects.toThrow('self, others')
})
