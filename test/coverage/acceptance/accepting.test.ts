import { create } from '@bufbuild/protobuf'
import { afterAll, describe, expect, test } from 'vitest'
import {
  acceptGaps,
  countCells,
  endAcceptance,
  listAcceptances,
  retire,
} from '../../../src/coverage/index.ts'
import { PluginDescriptionSchema } from '../../../src/gen/gleaner/plugin/v1/extension_pb.ts'
import { deleteJob } from '../../../src/jobs/index.ts'
import { pluginFailure } from '../../jobs/scripted-plugins.ts'
import { givenDeclaring } from '../declaring.ts'
import { ANY, ledgerOf } from '../ledger-of.ts'
import { serveCoverage } from '../served.ts'
import { errorResource, openCoverage, thing } from '../support.ts'

const coverage = await openCoverage()
const { db, givenCloud, run, runTimes, idsIn } = coverage
const context = () => ({ ...coverage.context(), now: coverage.now })
const api = await serveCoverage(db, coverage.now)
afterAll(async () => {
  await api.stop()
  await coverage.close()
})

type Ran = { readonly domainId: string; readonly collectorId: string }
type Wanted = Partial<Omit<Parameters<typeof acceptGaps>[1], 'name'>> & { readonly name?: object }

const accept = ({ domainId, collectorId }: Ran, { name, ...wanted }: Wanted = {}) =>
  acceptGaps(context(), {
    domainId,
    collectorId,
    secretId: '',
    classes: [],
    reason: 'forbidden by policy',
    until: '',
    ...wanted,
    name: { ...ANY, ...name },
  })

/** `Bucket/us-1 partial accepted`, of all cells of a domain. */
async function lines({ domainId }: Ran, options: Parameters<typeof ledgerOf>[2] = {}) {
  const { results = [] } = await ledgerOf(context(), domainId, options)
  return results.map(({ cloudServiceType, regionCode, state, acceptanceIds = [] }) =>
    [`${cloudServiceType}/${regionCode}`, state, acceptanceIds.length > 0 ? 'accepted' : ''].join(' ').trim(),
  )
}

const figures = async ({ domainId }: Ran) => {
  const { totalCount, completeCount, complete, acceptedCount, completeOrAccepted } = await ledgerOf(
    context(),
    domainId,
  )
  return { totalCount, completeCount, complete, acceptedCount, completeOrAccepted }
}

/** Counts of each event about completeness, the oldest first. */
async function told({ domainId }: Ran) {
  return await db.query<{ type: string; counts: object; kind: string; ids: string[] }>(
    `select type, counts, kind, resource_ids as ids from event
      where domain_id = $1 and type like 'coverage.%' order by event_seq`,
    [domainId],
  )
}

const acceptances = async ({ domainId, collectorId }: Ran, state = '') =>
  (await listAcceptances(context(), { domainId, collectorId, state })).results ?? []

/** Lets the time of all acceptances of a domain be over, by the clock that decides. */
const expire = ({ domainId }: Ran) =>
  db.query(`update acceptance set until = now() - interval '1 second' where domain_id = $1`, [domainId])

const REGIONAL = {
  describe: () =>
    create(PluginDescriptionSchema, {
      resourceTypes: ['Bucket', 'Disk'].map((type) => ({ group: 'Store', type, idsAreRegional: true })),
    }),
}
const BUCKETS_OF_US = {
  provider: 'acme',
  cloud_service_group: 'Store',
  cloud_service_type: 'Bucket',
  region_code: 'us-1',
}
const DENIED = errorResource('AccessDenied: by policy', BUCKETS_OF_US)
const EUROPE = [thing({ id: 'a' }), thing({ id: 'd', type: 'Disk' })]
const AMERICA = [thing({ id: 'b', region: 'us-1' })]

/** Buckets of one region are denied for good; everything else is read. */
async function givenDenied(script: object = REGIONAL) {
  const { cloud, ...collector } = await givenCloud([...EUROPE, ...AMERICA], script)
  await run(collector)
  cloud.sends = [...EUROPE, DENIED]
  await run(collector)
  return { cloud, collector }
}

describe('an accepted gap', () => {
  test('is counted apart, beside how complete it strictly is, and lists can be asked for either', async () => {
    const { collector } = await givenDenied()
    await accept(collector, { name: { regionCode: 'us-1' }, classes: ['denied'] })

    expect(await figures(collector)).toEqual({
      totalCount: 3,
      completeCount: 2,
      complete: false,
      acceptedCount: 1,
      completeOrAccepted: true,
    })
    expect(await lines(collector)).toEqual([
      'Bucket/eu-1 complete',
      'Bucket/us-1 partial accepted',
      'Disk/eu-1 complete',
    ])
    expect(await lines(collector, { gaps: 'accepted' })).toEqual(['Bucket/us-1 partial accepted'])
    expect(await lines(collector, { gaps: 'unaccepted' })).toEqual([])
    expect(await acceptances(collector)).toMatchObject([
      { state: 'active', gapCount: 1, completeCount: 0, reason: 'forbidden by policy', until: '' },
    ])
  })

  test('hides no new gap: another region, or another failure of the same one', async () => {
    const { cloud, collector } = await givenDenied()
    await accept(collector, { name: { regionCode: 'us-1' }, classes: ['denied'] })
    cloud.sends = [thing({ id: 'a' }), DENIED, errorResource('Throttling', { cloud_service_type: 'Disk' })]
    await run(collector)
    expect(await lines(collector, { gaps: 'unaccepted' })).toEqual(['Disk/eu-1 partial'])

    cloud.sends = [...EUROPE, errorResource('Throttling', BUCKETS_OF_US)]
    await run(collector)
    expect(await lines(collector, { gaps: 'unaccepted' })).toEqual(['Bucket/us-1 partial'])
    expect(await acceptances(collector)).toMatchObject([{ state: 'unused', gapCount: 0 }])
  })

  test('is no evidence: nothing of it is missed, however many runs come', async () => {
    const { collector } = await givenDenied()
    await accept(collector)
    await runTimes(5, collector)
    expect(await idsIn(collector.domainId)).toEqual(['a', 'b', 'd'])
  })

  test('takes along what is no proof because of it alone, where ids are bound to no region', async () => {
    const { cloud, collector } = await givenDenied({})
    expect(await lines(collector, { gaps: 'unaccepted' })).toEqual([
      'Bucket/eu-1 partial',
      'Bucket/us-1 partial',
    ])
    await accept(collector, { name: { regionCode: 'us-1' } })
    expect(await lines(collector, { gaps: 'unaccepted' })).toEqual([])
    // The same asked for by name, where fewer cells are read.
    const eu = { name: { ...ANY, regionCode: 'eu-1' } }
    expect(await lines(collector, eu)).toEqual(['Bucket/eu-1 partial accepted', 'Disk/eu-1 complete'])

    const alsoEurope = errorResource('AccessDenied', { ...BUCKETS_OF_US, region_code: 'eu-1' })
    cloud.sends = [...EUROPE, DENIED, alsoEurope]
    const { task } = await run(collector)
    expect(await lines(collector, { gaps: 'unaccepted' })).toEqual(['Bucket/eu-1 partial'])
    await deleteJob(context(), { domainId: collector.domainId, jobId: task.jobId })
    expect(await lines(collector, { gaps: 'unaccepted' })).toEqual(['Bucket/eu-1 partial'])
  })

  test('may be one that nobody has ever seen, from which nothing could be proven at all', async () => {
    const nowhere = errorResource('Forbidden', { ...BUCKETS_OF_US, region_code: 'mars-1' })
    const { cloud, ...collector } = await givenCloud([...EUROPE, nowhere], REGIONAL)
    await run(collector)
    expect(await figures(collector)).toMatchObject({ completeCount: 0, totalCount: 3 })
    await accept(collector, { name: { regionCode: 'mars-1' }, classes: ['denied'] })
    expect(await figures(collector)).toMatchObject({
      completeCount: 0,
      acceptedCount: 3,
      completeOrAccepted: true,
    })

    cloud.fails = pluginFailure(false, 'ERROR_BROKEN')
    await run(collector)
    expect(await lines(collector, { gaps: 'unaccepted' })).toEqual([
      'Bucket/eu-1 unknown',
      'Disk/eu-1 unknown',
    ])
  })

  test('may be one that is no failure, but not one that waits for a decision', async () => {
    const { cloud, ...collector } = await givenCloud(EUROPE)
    await run(collector)
    await accept(collector)
    const { domainId, collectorId } = collector
    await retire(context(), { domainId, collectorId, secretId: '', name: ANY, presence: '', claims: 'keep' })
    expect(await lines(collector)).toEqual(['Bucket/eu-1 unknown accepted', 'Disk/eu-1 unknown accepted'])

    cloud.sends = EUROPE.slice(0, 1)
    await runTimes(4, collector)
    expect(await lines(collector)).toEqual(['Bucket/eu-1 complete', 'Disk/eu-1 held'])
  })

  test('holds until its time is over or somebody ends it, and no longer', async () => {
    const { collector } = await givenDenied()
    const id = await accept(collector, { until: 'now+400000d' })
    expect(await figures(collector)).toMatchObject({ acceptedCount: 1 })
    await expire(collector)
    expect(await figures(collector)).toMatchObject({ acceptedCount: 0, completeOrAccepted: false })
    expect(await acceptances(collector)).toMatchObject([{ acceptanceId: id, state: 'expired', gapCount: 0 }])

    const next = await accept(collector)
    await endAcceptance(context(), { domainId: collector.domainId, acceptanceId: next })
    expect(await figures(collector)).toMatchObject({ acceptedCount: 0 })
    expect(await acceptances(collector)).toMatchObject([{ acceptanceId: id }])
    expect(await acceptances(collector, 'ended')).toMatchObject([
      { acceptanceId: next, endedBy: 'anonymous' },
    ])
    const again = endAcceptance(context(), { domainId: collector.domainId, acceptanceId: next })
    await expect(again).rejects.toThrow('ended already')
  })

  test('is told beside an answer, behind what nobody knows of, and by the metrics', async () => {
    const { cloud, collector } = await givenDenied()
    const before = await countCells(db, coverage.now())
    const { acceptance_id, gap_count } = await api.post<{ acceptance_id: string; gap_count: number }>(
      '/gleaner/v1/coverage/accept',
      {
        domain_id: collector.domainId,
        collector_id: collector.collectorId,
        region_code: 'us-1',
        reason: 'no',
      },
    )
    expect([acceptance_id, gap_count]).toEqual([expect.stringMatching(/^acceptance-/), 1])
    const after = await countCells(db, coverage.now())
    expect(after.states).toEqual(before.states)
    expect(after.gaps).toEqual({ true: before.gaps.true + 1, false: before.gaps.false - 1 })

    cloud.sends = [thing({ id: 'a' }), DENIED, errorResource('Throttling', { cloud_service_type: 'Disk' })]
    await run(collector)
    const response = await fetch(`http://127.0.0.1:${api.httpPort}/inventory/v1/cloud-service/list`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-gleaner-coverage': '1' },
      body: JSON.stringify({ domain_id: collector.domainId }),
    })
    await response.text()
    expect(JSON.parse(response.headers.get('x-gleaner-coverage') ?? '')).toMatchObject({
      complete: false,
      complete_or_accepted: false,
      complete_count: 1,
      accepted_count: 1,
      incomplete: [{ cloud_service_type: 'Disk' }, { region_code: 'us-1', accepted: true }],
    })
  })
})

describe('events', () => {
  test('tell of no loss that is accepted, and of every other one', async () => {
    const { cloud, ...collector } = await givenCloud([...EUROPE, ...AMERICA], REGIONAL)
    await run(collector)
    await accept(collector, { name: { regionCode: 'us-1' } })
    cloud.sends = [...EUROPE, DENIED]
    await run(collector)
    expect(await told(collector)).toEqual([])

    cloud.fails = pluginFailure(false)
    await run(collector)
    delete cloud.fails
    await run(collector)
    cloud.sends = [DENIED, errorResource('Throttling', { cloud_service_type: 'Disk' }), thing({ id: 'a' })]
    await run(collector)
    expect(await told(collector)).toMatchObject([
      { type: 'coverage.lost', counts: {} },
      { type: 'coverage.regained', counts: { accepted: 1 } },
      { type: 'coverage.lost', counts: { not_listed: 1, accepted: 1 } },
    ])
  })

  test('tell that all is well when what was lost is accepted, and of the loss when that is over', async () => {
    const { collector } = await givenDenied()
    const id = await accept(collector)
    await runTimes(2, collector)
    await expire(collector)
    await runTimes(2, collector)
    await accept(collector)
    await run(collector)
    await endAcceptance(context(), { domainId: collector.domainId, acceptanceId: id })
    expect(await told(collector)).toMatchObject([
      { type: 'coverage.lost', counts: { not_listed: 1 } },
      { type: 'coverage.regained', counts: { accepted: 1 } },
      { type: 'coverage.lost', counts: { not_listed: 1 } },
      { type: 'coverage.regained' },
    ])
  })

  test('tell once that an accepted gap is closed, and by what it was accepted', async () => {
    const { cloud, collector } = await givenDenied()
    const id = await accept(collector, { name: { cloudServiceType: 'Bucket', regionCode: 'us-1' } })
    await run(collector)
    cloud.sends = [...EUROPE, ...AMERICA]
    await runTimes(2, collector)

    expect((await told(collector)).slice(2)).toEqual([
      { type: 'coverage.gap_closed', kind: 'Bucket', ids: [id], counts: { closed: 1, accepted: 0 } },
    ])
    expect(await acceptances(collector)).toMatchObject([{ state: 'unused', gapCount: 0, completeCount: 1 }])
  })

  test('tell that too of what nobody had ever seen', async () => {
    const nowhere = errorResource('Forbidden', { ...BUCKETS_OF_US, region_code: 'mars-1' })
    const { cloud, ...collector } = await givenCloud([...EUROPE, nowhere], REGIONAL)
    await run(collector)
    const id = await accept(collector, { name: { regionCode: 'mars-1' } })
    await run(collector)
    cloud.sends = EUROPE
    await run(collector)
    expect((await told(collector)).at(-1)).toMatchObject({ type: 'coverage.gap_closed', ids: [id] })
  })
})

test('what a plugin has opened and may never read is no complete list, though all that is known was listed', async () => {
  const { cloud: _, ...collector } = await givenDeclaring(coverage, true, ['Queue'])
  await run(collector)
  const told = ['Bucket/eu-1 complete', 'Bucket/us-1 complete']
  expect(await lines(collector)).toEqual([...told, 'Queue/ unknown'])
  await accept(collector, { name: { cloudServiceType: 'Queue' } })
  expect(await lines(collector)).toEqual([...told, 'Queue/ unknown accepted'])
})

test('what a plugin does not declare any more is not accepted with a region beside it that is denied', async () => {
  const { cloud, ...collector } = await givenDeclaring(coverage, true)
  const asia = thing({ id: 'e', region: 'ap-1' })
  cloud.things = [...cloud.things, asia]
  cloud.opens = cloud.completes = ['eu-1', 'us-1', 'ap-1']
  await run(collector)
  await accept(collector, { name: { regionCode: 'us-1' }, classes: ['denied'] })
  cloud.things = [...cloud.things.slice(0, 2), DENIED]
  cloud.opens = cloud.completes = ['eu-1']
  await run(collector)

  expect(await lines(collector)).toEqual([
    'Bucket/ap-1 partial',
    'Bucket/eu-1 complete',
    'Bucket/us-1 partial accepted',
  ])
  expect(await told(collector)).toMatchObject([
    { type: 'coverage.lost', counts: { not_listed: 1, accepted: 1 } },
  ])
})

test('acceptances whose time is over hide none that is in force', async () => {
  const { collector } = await givenDenied()
  const id = await accept(collector)
  await db.query(
    `insert into acceptance select domain_id, 'old-' || at, collector_id, secret_id, provider, cloud_service_group, cloud_service_type,
                                   account, region_code, classes, reason, accepted_by, now() + interval '1 second', now()
       from acceptance, generate_series(1, 1000) at where acceptance_id = $1`,
    [id],
  )
  const listed = await acceptances(collector)
  expect(listed.length).toBe(1_000)
  expect(listed.at(-1)).toMatchObject({ acceptanceId: id, state: 'active' })
})

test.each<[Wanted, string]>([
  [{ reason: ' ' }, `'reason' is required`],
  [{ reason: 'x'.repeat(1_001) }, 'at most 1000'],
  [{ collectorId: '' }, `'collector_id' is required`],
  [{ collectorId: 'collector-ffffffffffff' }, 'not found'],
  [{ classes: ['held'] }, 'is none of denied'],
  [{ until: 'soon' }, 'is no instant'],
  [{ until: '2020-01-01' }, 'has passed'],
])('refuses to accept %j', async (wanted, why) => {
  const { cloud: _, ...collector } = await givenCloud([])
  await expect(accept(collector, wanted)).rejects.toThrow(why)
})
