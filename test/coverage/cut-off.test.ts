import { afterAll, expect, test } from 'vitest'
import { retire } from '../../src/coverage/index.ts'
import { reapLeases } from '../../src/jobs/lease/reap-leases.ts'
import { readJob } from '../jobs/support.ts'
import { silentLog } from '../support/silent-log.ts'
import { ANY } from './ledger-of.ts'
import { mortal } from './model/mortal.ts'
import { openCoverage, thing, things } from './support.ts'

const coverage = await openCoverage({ claimsAStep: 2, releasesHolds: true })
const { db, givenCloud, run, runTimes, idsIn } = coverage
afterAll(coverage.close)

test('a worker may die between any two transactions of a run that deletes: the next attempt ends what is left, and all is counted once', async () => {
  const survived: number[] = []
  for (let lifetime = 0; survived.length === 0; lifetime++) {
    const all = things(12)
    const { cloud, ...collector } = await givenCloud([...all, thing({ id: 'd', type: 'Disk' })])
    await run(collector)
    cloud.sends = [...all.slice(5), thing({ id: 'd', type: 'Disk' })]
    await runTimes(2, collector)
    coverage.clock.now = new Date(coverage.clock.now.getTime() + 3_600_000)
    const key = await coverage.startJob(collector)

    await coverage.runNext(undefined, mortal(db, lifetime))
    const isCutOff = (await readJob(db, key)).job.finishedAt === null
    await db.query(
      `update job_task set lease_expires_at = now() - interval '1 minute' where domain_id = $1`,
      [collector.domainId],
    )
    await reapLeases({ ...coverage, log: silentLog })
    await coverage.runTasks()

    const { task } = await readJob(db, key)
    expect([lifetime, task.status, task.deletedCount]).toEqual([lifetime, 'SUCCESS', 5])
    expect(await idsIn(collector.domainId, 'DELETED')).toHaveLength(5)
    expect(await openEnds(collector.domainId)).toEqual([])
    if (!isCutOff) survived.push(lifetime)
  }
  // Three steps of deletion are among them.
  expect(survived[0]).toBeGreaterThan(8)
})

test('a retirement that is cut off between two steps leaves each resource whole, and the next call ends the rest', async () => {
  const { cloud: _, ...collector } = await givenCloud(things(1_200))
  await run(collector)
  const { domainId, collectorId } = collector
  const input = { domainId, collectorId, secretId: '', name: ANY, presence: '', claims: 'delete' }
  const context = { ...coverage.context(), now: coverage.now }

  await expect(retire({ ...context, db: mortal(db, 4) }, input)).rejects.toThrow('dead')
  const gone = (await idsIn(domainId, 'DELETED')).length
  expect(gone).toBeGreaterThan(0)
  expect(gone).toBeLessThan(1_200)
  expect(await openEnds(domainId)).toEqual([])

  expect(await retire(context, input)).toBe(1_200 - gone)
  expect(await idsIn(domainId)).toEqual([])
  expect(await openEnds(domainId)).toEqual([])
})

test('where that is wanted a hold ends by itself after three receipts over a day, and lapses when the inputs change', async () => {
  const stays = thing({ id: 'd', type: 'Disk' })
  const { cloud, ...collector } = await givenCloud([...things(3), stays])
  const holds = async () =>
    await db.query('select state, ended_by from hold where domain_id = $1 order by created_at', [
      collector.domainId,
    ])
  await run(collector)
  cloud.sends = [stays]
  await runTimes(5, collector)
  expect(await holds()).toEqual([{ state: 'open', endedBy: '' }])

  await db.query(`update collector set plugin_options = '{"tags":"prod"}' where domain_id = $1`, [
    collector.domainId,
  ])
  await run(collector, { after: 25 * 3_600_000 })
  expect(await holds()).toEqual([{ state: 'lapsed', endedBy: '' }])
  expect(await idsIn(collector.domainId)).toHaveLength(4)

  cloud.sends = [...things(3), stays]
  await run(collector)
  cloud.sends = [stays]
  await runTimes(4, collector)
  const { task } = await run(collector, { after: 25 * 3_600_000 })
  expect(await holds()).toEqual([
    { state: 'lapsed', endedBy: '' },
    { state: 'released', endedBy: 'option' },
  ])
  expect([task.deletedCount, await idsIn(collector.domainId)]).toEqual([3, ['d']])
})

/** Deleted without a record, with a claim left, or recorded twice: what half a step would leave behind. */
async function openEnds(domainId: string): Promise<readonly object[]> {
  return await db.query(
    `select s.resource_id, s.state, count(distinct c.slot) as claims, count(distinct r.seq) as records
       from cloud_service s
       left join contribution c on c.domain_id = s.domain_id and c.target_id = s.cloud_service_id
       left join change_record r on r.domain_id = s.domain_id and r.cloud_service_id = s.cloud_service_id and r.action = 'DELETE'
      where s.domain_id = $1
      group by s.resource_id, s.state
     having case s.state when 'DELETED' then count(distinct c.slot) <> 0 or count(distinct r.seq) <> 1
                         else count(distinct c.slot) <> 1 or count(distinct r.seq) <> 0 end`,
    [domainId],
  )
}
