import { afterAll, expect, test } from 'vitest'
import { NO_NAME } from '../../../src/coverage/cells.ts'
import { readLedger } from '../../../src/coverage/ledger/read-ledger.ts'
import { deleteJob } from '../../../src/jobs/index.ts'
import { region, serviceType } from '../../inventory/write/support.ts'
import { pluginFailure } from '../../jobs/scripted-plugins.ts'
import { givenDeclaring as declaring } from '../declaring.ts'
import { openCoverage, thing } from '../support.ts'

const coverage = await openCoverage()
afterAll(coverage.close)

const givenDeclaring = (isRegional: boolean, closed?: readonly string[]) =>
  declaring(coverage, isRegional, closed)

test('a receipt takes every part of the work; without one misses neither grow nor start anew', async () => {
  let [gone, failing] = ['', '']
  const { cloud: _, ...collector } = await coverage.givenCloud([], {
    getTasks: () => ['a', 'b', 'c'].map((id) => ({ id })),
    async *collect({ taskOptions: { id } = {} }) {
      if (id === failing) throw pluginFailure(false)
      if (id !== gone) yield [thing({ id: String(id) })]
    },
  })
  const ids = () => coverage.idsIn(collector.domainId)
  await coverage.run(collector)
  gone = 'b'
  await coverage.runTimes(2, collector)
  failing = 'a'
  await coverage.runTimes(2, collector)
  expect(await ids()).toEqual(['a', 'b', 'c'])
  failing = ''
  await coverage.run(collector)
  expect(await ids()).toEqual(['a', 'c'])
})

test('receipts count by the order of runs: a clock that was set back keeps them apart only from then on', async () => {
  const { cloud, ...collector } = await coverage.givenCloud([thing({ id: 'a' }), thing({ id: 'b' })])
  await coverage.run(collector)
  cloud.sends = [thing({ id: 'a' })]
  await coverage.run(collector)
  await coverage.run(collector, { after: -86_400_000 })
  const { task } = await coverage.run(collector)
  expect([task.deletedCount, await coverage.idsIn(collector.domainId)]).toEqual([0, ['a', 'b']])
  expect((await coverage.run(collector)).task.deletedCount).toBe(1)
})

test('what is too large to be stored withholds its cell when it is new, and counts as seen when it is known', async () => {
  const large = (id: string, type = 'Bucket') => thing({ id, type, name: 'x'.repeat(2_000) })
  const disks = ['d', 'e'].map((id) => thing({ id, type: 'Disk' }))
  const { cloud, ...collector } = await coverage.givenCloud([
    ...['a', 'b', 'c'].map((id) => thing({ id })),
    ...disks,
  ])
  await coverage.run(collector)
  cloud.sends = [thing({ id: 'a' }), large('b'), ...disks.slice(1), large('f', 'Disk')]
  await coverage.runTimes(3, collector)
  expect(await coverage.idsIn(collector.domainId)).toEqual(['a', 'b', 'd', 'e'])
})

test('types and regions stay, whatever becomes of what is in them', async () => {
  const { cloud, ...collector } = await coverage.givenCloud([
    region('eu-1'),
    serviceType('Bucket'),
    thing({ id: 'a' }),
    thing({ id: 'b' }),
  ])
  const { domainId } = collector
  await coverage.run(collector)
  cloud.sends = [thing({ id: 'a' })]
  expect((await coverage.runTimes(3, collector)).task.deletedCount).toBe(1)
  const stays = await coverage.db.query(
    'select r.region_code, t.name from region r join cloud_service_type t using (domain_id) where domain_id = $1',
    [domainId],
  )
  expect(stays).toEqual([{ regionCode: 'eu-1', name: 'Bucket' }])
})

test('two misses under declared scopes are enough, and a scope that is left open is not judged', async () => {
  const { cloud, ...collector } = await givenDeclaring(true)
  await coverage.run(collector)
  cloud.things = [thing({ id: 'a' }), thing({ id: 'c', region: 'us-1' })]
  cloud.completes = ['eu-1']

  const first = await coverage.run(collector)
  const second = await coverage.run(collector)

  expect(first.task).toMatchObject({ status: 'SUCCESS', disconnectedCount: 1, deletedCount: 0 })
  expect(second.task).toMatchObject({ deletedCount: 1 })
  expect(await coverage.idsIn(collector.domainId)).toEqual(['a', 'c', 'd'])
  const receipts = await coverage.db.query(
    'select distinct grade, withheld from receipt where domain_id = $1 order by withheld',
    [collector.domainId],
  )
  expect(receipts).toEqual([
    { grade: 'declared', withheld: 0 },
    { grade: 'declared', withheld: 1 },
  ])
})

test('a declared list that has become empty is held as well', async () => {
  const { cloud, ...collector } = await givenDeclaring(true)
  await coverage.run(collector)
  cloud.things = cloud.things.slice(0, 2)
  expect((await coverage.runTimes(3, collector)).task.deletedCount).toBe(0)
  expect(await coverage.idsIn(collector.domainId)).toEqual(['a', 'b', 'c', 'd'])
})

test('where ids are not bound to a region, an open one keeps the kind from being judged in all of them', async () => {
  const { cloud, ...collector } = await givenDeclaring(false)
  await coverage.run(collector)
  cloud.things = [thing({ id: 'a' }), thing({ id: 'c', region: 'us-1' })]
  cloud.completes = ['eu-1']

  const { task } = await coverage.runTimes(4, collector)

  expect(task.deletedCount).toBe(0)
  expect(await coverage.idsIn(collector.domainId)).toEqual(['a', 'b', 'c', 'd'])
  cloud.completes = ['eu-1', 'us-1']
  expect(await coverage.runTimes(2, collector)).toMatchObject({ task: { deletedCount: 2 } })
})

test('a run that declares nothing known as complete is told as such, also when its job is gone', async () => {
  const { cloud, ...collector } = await givenDeclaring(false)
  const { domainId } = collector
  await coverage.run(collector)
  cloud.opens = cloud.completes = []
  const { task } = await coverage.run(collector)
  const all = { domainId, collectorId: '', secretId: '', name: NO_NAME, maxAge: undefined }
  const reasons = async () =>
    (await readLedger(coverage.db, { ...all, now: coverage.now() })).map(({ status }) => status.reason)
  const told = Array(2).fill(expect.stringContaining('did not declare of anything known'))
  expect(await reasons()).toEqual(told)
  await deleteJob(coverage.context(), { domainId, jobId: task.jobId })
  expect(await reasons()).toEqual(told)
})

test('a kind that could never be read does not keep others from being judged', async () => {
  const { cloud, ...collector } = await givenDeclaring(true, ['Queue'])
  await coverage.run(collector)
  cloud.things = [thing({ id: 'a' }), thing({ id: 'c', region: 'us-1' }), thing({ id: 'd', region: 'us-1' })]

  const { task } = await coverage.runTimes(2, collector)

  expect(task.deletedCount).toBe(1)
  expect(await coverage.idsIn(collector.domainId)).toEqual(['a', 'c', 'd'])
})
