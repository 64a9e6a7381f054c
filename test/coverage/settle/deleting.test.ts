import { afterAll, describe, expect, test } from 'vitest'
import { type Contributor, countPages, wear } from '../../inventory/roster/support.ts'
import { message } from '../../inventory/write/support.ts'
import { pluginFailure } from '../../jobs/scripted-plugins.ts'
import { errorResource, openCoverage, thing, things } from '../support.ts'

const coverage = await openCoverage()
const { db, givenCloud, run, runTimes, idsIn, idOf } = coverage
afterAll(coverage.close)

const MINUTE = 60_000
const FILTERABLE = { init: () => ({ filter_format: [{ key: 'region', type: 'list' }] }) }

describe('a resource that is gone', () => {
  test('is DELETED by the third complete run that does not see it, and history names their receipts', async () => {
    const { cloud, ...collector } = await givenCloud([thing({ id: 'a' }), thing({ id: 'b' })])
    await run(collector)
    cloud.sends = [thing({ id: 'a' })]

    const first = await run(collector)
    const second = await run(collector)
    expect(first.task).toMatchObject({ status: 'SUCCESS', disconnectedCount: 1, deletedCount: 0 })
    expect(second.task).toMatchObject({ disconnectedCount: 0, deletedCount: 0 })
    expect(await idsIn(collector.domainId)).toEqual(['a', 'b'])
    const third = await run(collector)

    expect(third.task).toMatchObject({ status: 'SUCCESS', disconnectedCount: 0, deletedCount: 1 })
    expect(await idsIn(collector.domainId)).toEqual(['a'])
    expect(await idsIn(collector.domainId, 'DELETED')).toEqual(['b'])
    const records = await db.query<{ evidence: { ended: { receipts: { job_id: string }[] }[] } }>(
      `select action, changes, evidence from change_record where domain_id = $1 and action = 'DELETE'`,
      [collector.domainId],
    )
    expect(records).toMatchObject([
      { changes: [{ p: 'state', b: 'ACTIVE', a: 'DELETED' }], evidence: { kind: 'absence' } },
    ])
    const named = records[0]?.evidence.ended[0]?.receipts.map(({ job_id }) => job_id)
    expect(named).toEqual([third.task.jobId, second.task.jobId, first.task.jobId])
  })

  test('comes back under its id when it is seen again', async () => {
    const { cloud, ...collector } = await givenCloud([thing({ id: 'a' }), thing({ id: 'b' })])
    await run(collector)
    const before = await idOf(collector.domainId, 'b')
    cloud.sends = [thing({ id: 'a' })]
    await runTimes(3, collector)
    expect(await idsIn(collector.domainId)).toEqual(['a'])

    cloud.sends = [thing({ id: 'a' }), thing({ id: 'b' })]
    const { task } = await run(collector)

    expect(task).toMatchObject({ createdCount: 1, unchangedCount: 1 })
    expect(await idsIn(collector.domainId)).toEqual(['a', 'b'])
    expect(await idOf(collector.domainId, 'b')).toBe(before)
  })

  test.each([
    ['failed', undefined],
    ['was filtered', { filter: { region: ['eu-1'] } }],
    ['only created', { collectMode: 'CREATE' }],
    ['only updated', { collectMode: 'UPDATE' }],
  ])('starts anew with its misses when it was seen in between by a run that %s', async (_, options) => {
    const { cloud, ...collector } = await givenCloud([thing({ id: 'a' }), thing({ id: 'b' })], FILTERABLE)
    await run(collector)
    cloud.sends = [thing({ id: 'a' })]
    await runTimes(2, collector)
    cloud.sends = [thing({ id: 'b' })]
    if (options === undefined) cloud.fails = pluginFailure(false)
    await run(collector, options)

    delete cloud.fails
    cloud.sends = [thing({ id: 'a' })]
    await runTimes(2, collector)
    expect(await idsIn(collector.domainId)).toEqual(['a', 'b'])
    await run(collector)
    expect(await idsIn(collector.domainId)).toEqual(['a'])
  })
})

describe('nothing is deleted', () => {
  test.each([
    ['that failed', { fails: true }],
    ['in which an error named nothing', { error: errorResource('AccessDenied') }],
    [
      'in which an error named its kind',
      {
        error: errorResource('AccessDenied', { cloud_service_group: 'Store', cloud_service_type: 'Bucket' }),
      },
    ],
    [
      'in which an error named another region, where it may have moved',
      { error: errorResource('AccessDenied', { cloud_service_type: 'Bucket', region_code: 'us-1' }) },
    ],
    [
      'in which an error named what nobody knows',
      { error: errorResource('no', { cloud_service_type: 'Else' }) },
    ],
    ['with a refused resource of its kind', { error: refusedThing() }],
  ])('by runs %s', async (_, { fails, error }: { fails?: boolean; error?: Uint8Array }) => {
    const all = [thing({ id: 'a' }), thing({ id: 'b' }), thing({ id: 'c', region: 'us-1' })]
    const { cloud, ...collector } = await givenCloud(all)
    await run(collector)

    cloud.sends = [
      thing({ id: 'a' }),
      thing({ id: 'c', region: 'us-1' }),
      ...(error === undefined ? [] : [error]),
    ]
    if (fails) cloud.fails = pluginFailure(false)
    const { task } = await runTimes(4, collector)

    expect(task).toMatchObject({ disconnectedCount: 0, deletedCount: 0 })
    expect(await idsIn(collector.domainId)).toEqual(['a', 'b', 'c'])
  })

  test.each([{ filter: { region: ['eu-1'] } }, { collectMode: 'CREATE' }, { collectMode: 'UPDATE' }])(
    'by runs with %j',
    async (options) => {
      const { cloud, ...collector } = await givenCloud([thing({ id: 'a' }), thing({ id: 'b' })], FILTERABLE)
      await run(collector)
      cloud.sends = [thing({ id: 'a' })]

      for (let at = 0; at < 4; at++) await run(collector, options)

      expect(await idsIn(collector.domainId)).toEqual(['a', 'b'])
    },
  )

  test('by complete runs that come too soon after one another', async () => {
    const { cloud, ...collector } = await givenCloud([thing({ id: 'a' }), thing({ id: 'b' })])
    await run(collector)
    cloud.sends = [thing({ id: 'a' })]

    for (let at = 0; at < 19; at++) await run(collector, { after: MINUTE })
    expect(await idsIn(collector.domainId)).toEqual(['a', 'b'])

    for (let at = 0; at < 11; at++) await run(collector, { after: MINUTE })
    expect(await idsIn(collector.domainId)).toEqual(['a'])
  })

  test('while another collector still sees it, whose word then is the document', async () => {
    const one = await givenCloud([thing({ id: 'a' }), thing({ id: 'b', data: { from: 'one', only: 1 } })])
    const two = await givenCloud([thing({ id: 'b', data: { from: 'two' } })])
    await coverage.moveTo(two.collectorId, two.domainId, one.domainId)
    const second = { ...two, domainId: one.domainId }
    await run(one)
    await run(second)

    one.cloud.sends = [thing({ id: 'a' })]
    const { task } = await runTimes(3, one)

    expect(task).toMatchObject({ deletedCount: 0 })
    expect(await idsIn(one.domainId)).toEqual(['a', 'b'])
    const [row] = await db.query(
      `select data from cloud_service where domain_id = $1 and resource_id = 'b'`,
      [one.domainId],
    )
    expect(row).toEqual({ data: { from: 'two' } })
  })
})

test('a known resource that is refused counts as seen, and keeps nothing else from being judged', async () => {
  const { cloud, ...collector } = await givenCloud([
    thing({ id: 'a' }),
    thing({ id: 'b' }),
    thing({ id: 'c' }),
  ])
  await run(collector)
  cloud.sends = [thing({ id: 'a' }), refusedThing('b')]

  const { task } = await runTimes(3, collector)

  expect(task).toMatchObject({ status: 'FAILURE', failureCount: 1, deletedCount: 1 })
  expect(await idsIn(collector.domainId)).toEqual(['a', 'b'])
})

test('many deletions are made in steps, and all of them are counted', async () => {
  const all = things(2_600)
  const { cloud, ...collector } = await givenCloud(all)
  await run(collector)
  cloud.sends = all.slice(1_200)

  const { task } = await runTimes(3, collector)

  expect(task.deletedCount).toBe(1_200)
  expect(await idsIn(collector.domainId)).toHaveLength(1_400)
})

test('what a run had to read to know its claims is packed by the run that finds it worn', async () => {
  const { cloud, ...collector } = await givenCloud(things(3))
  await run(collector)
  const [contributor] = await db.query<Contributor>(
    'select domain_id, contributor_id, collector_id from contributor where domain_id = $1',
    [collector.domainId],
  )
  if (contributor === undefined) throw new Error('the run has left no contributor')
  await wear(db, contributor)
  expect(await countPages(db, contributor)).toEqual({ base: 0, others: 301 })

  expect((await run(collector)).task).toMatchObject({ status: 'SUCCESS', createdCount: 0 })

  expect(await countPages(db, contributor)).toEqual({ base: 1, others: 0 })
  cloud.sends = things(2)
  expect((await runTimes(3, collector)).task).toMatchObject({ deletedCount: 1 })
})

test('a roster that cannot be packed is no reason for a run to fail, which has stored and judged all', async () => {
  const collector = await givenCloud(things(3))
  await run(collector)
  const [contributor] = await db.query<Contributor>(
    'select domain_id, contributor_id, collector_id from contributor where domain_id = $1',
    [collector.domainId],
  )
  if (contributor === undefined) throw new Error('the run has left no contributor')
  await wear(db, contributor)
  await db.query(
    `alter table roster_page add constraint no_base check (not is_base or domain_id <> '${collector.domainId}')`,
  )

  const { task } = await run(collector)
  await db.query('alter table roster_page drop constraint no_base')

  expect(task).toMatchObject({ status: 'SUCCESS', attempt: 1, errors: [] })
  expect(await countPages(db, contributor)).toMatchObject({ base: 0 })
})

describe('other inputs', () => {
  test('make what was never seen under them unknown, not missed', async () => {
    const { cloud, ...collector } = await givenCloud([thing({ id: 'a' }), thing({ id: 'b' })])
    await run(collector)
    await db.query(`update collector set plugin_options = '{"tags":"prod"}' where domain_id = $1`, [
      collector.domainId,
    ])
    cloud.sends = [thing({ id: 'a' })]

    const { task } = await runTimes(5, collector)

    expect(task).toMatchObject({ disconnectedCount: 0, deletedCount: 0 })
    expect(await idsIn(collector.domainId)).toEqual(['a', 'b'])
    const cells = await db.query('select claims, missed, unknown from coverage_cell where domain_id = $1', [
      collector.domainId,
    ])
    expect(cells).toEqual([{ claims: 2, missed: 0, unknown: 1 }])
  })
})

/** A bucket whose match rules name nothing. */
function refusedThing(id = 'new'): Uint8Array {
  const names = { provider: 'acme', cloud_service_group: 'Store', cloud_service_type: 'Bucket' }
  const rest = { account: 'acc-1', region_code: 'eu-1', data: {}, reference: { resource_id: id } }
  return message('inventory.CloudService', [], { ...names, ...rest })
}
