import { create } from '@bufbuild/protobuf'
import { afterAll, expect, test } from 'vitest'
import { NO_NAME } from '../../src/coverage/cells.ts'
import { readLedger } from '../../src/coverage/read-ledger.ts'
import { PluginDescriptionSchema, ScopeSchema } from '../../src/gen/gleaner/plugin/v1/extension_pb.ts'
import { deleteJob } from '../../src/jobs/index.ts'
import { openCoverage, thing } from './support.ts'

const coverage = await openCoverage()
afterAll(coverage.close)

const scope = (regionCode: string, type = 'Bucket') =>
  create(ScopeSchema, { provider: 'acme', group: 'Store', type, regionCode })

/** A plugin that lists buckets region by region, and says which it has listed completely; `closed` are kinds it may not read. */
async function givenDeclaring(isRegional: boolean, closed: readonly string[] = []) {
  const cloud = {
    things: [
      thing({ id: 'a' }),
      thing({ id: 'b' }),
      thing({ id: 'c', region: 'us-1' }),
      thing({ id: 'd', region: 'us-1' }),
    ],
    opens: ['eu-1', 'us-1'],
    completes: ['eu-1', 'us-1'],
  }
  const collector = await coverage.givenCloud([], {
    describe: () =>
      create(PluginDescriptionSchema, {
        declaresScopes: true,
        resourceTypes: [{ group: 'Store', type: 'Bucket', idsAreRegional: isRegional }],
      }),
    async *collect({ observer }) {
      for (const region of cloud.opens) observer?.scopeOpened?.(scope(region))
      for (const type of closed) observer?.scopeOpened?.(scope('', type))
      yield cloud.things
      for (const region of cloud.completes) observer?.scopeCompleted?.(scope(region))
    },
  })
  return { ...collector, cloud }
}

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
  const reasons = async () =>
    (await readLedger(coverage.db, { domainId, collectorId: '', secretId: '', name: NO_NAME })).map(
      ({ status }) => status.reason,
    )
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
