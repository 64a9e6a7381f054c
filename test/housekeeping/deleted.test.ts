import { afterAll, expect, onTestFinished, test } from 'vitest'
import { retire } from '../../src/coverage/index.ts'
import { ANY } from '../coverage/ledger-of.ts'
import { serveCoverage } from '../coverage/served.ts'
import { openCoverage, thing, things } from '../coverage/support.ts'
import { createSweep } from './support.ts'

const coverage = await openCoverage()
const api = await serveCoverage(coverage.db, coverage.now)
const { db, givenCloud, run, runTimes, idsIn } = coverage
afterAll(async () => {
  await api.stop()
  await coverage.close()
})

const DAY = 86_400_000
const sweepAll = createSweep(db, coverage.now)
const sweep = async (domainId: string, deletedDays: number) =>
  (await sweepAll(domainId, { deletedDays })).resources

const wait = (days: number) => {
  coverage.clock.now = new Date(coverage.clock.now.getTime() + days * DAY)
}

const namesAsOf = async (domainId: string, asOf: Date): Promise<string[]> => {
  const request = { domain_id: domainId, as_of: asOf.toISOString() }
  const { results } = await api.post<{ results: { name: string }[] }>('/gleaner/v1/history/list', request)
  return results.map(({ name }) => name).toSorted()
}

test('what was DELETED for so many days goes with its history, which then begins at the newest of these deletions', async () => {
  const { cloud, ...collector } = await givenCloud([
    thing({ id: 'a' }),
    thing({ id: 'b' }),
    thing({ id: 'c' }),
  ])
  const { domainId } = collector
  await db.query('update domain set created_at = $2 where domain_id = $1', [domainId, '2025-01-01'])
  await run(collector)
  const atFirst = coverage.now()
  cloud.sends = [thing({ id: 'a' }), thing({ id: 'b' })]
  await runTimes(3, collector)
  const afterC = coverage.now()
  wait(20)
  cloud.sends = [thing({ id: 'a' })]
  await runTimes(3, collector)
  wait(15)
  expect(await idsIn(domainId, 'DELETED')).toEqual(['b', 'c'])

  expect([await sweep(domainId, 0), await sweep(domainId, 60)]).toEqual([0, 0])
  expect(await namesAsOf(domainId, atFirst)).toEqual(['a', 'b', 'c'])
  expect([await sweep(domainId, 30), await sweep(domainId, 30)]).toEqual([1, 0])

  expect([await idsIn(domainId), await idsIn(domainId, 'DELETED')]).toEqual([['a'], ['b']])
  expect(await namesAsOf(domainId, afterC)).toEqual(['a', 'b'])
  await expect(namesAsOf(domainId, new Date(afterC.getTime() - 1))).rejects.toThrow(
    `begins at ${afterC.toISOString()}`,
  )
  const left = await db.query(
    `select from change_record r where domain_id = $1
        and not exists (select from cloud_service s where s.domain_id = $1 and s.cloud_service_id = r.cloud_service_id)`,
    [domainId],
  )
  expect(left).toEqual([])
})

test('what comes back within that time stays under its id, and what comes back later is new', async () => {
  const { cloud, ...collector } = await givenCloud(things(3))
  const { domainId } = collector
  await run(collector)
  const idOf = async () => {
    const rows = await db.query<{ id: string }>(
      `select cloud_service_id as id from cloud_service where domain_id = $1 and resource_id = 'b-eu-1-3' order by created_at`,
      [domainId],
    )
    return rows.map(({ id }) => id)
  }
  const [first] = await idOf()
  cloud.sends = things(2)
  await runTimes(3, collector)
  wait(5)
  cloud.sends = things(3)
  await run(collector)
  wait(40)
  expect([await sweep(domainId, 30), await idOf()]).toEqual([0, [first]])

  cloud.sends = things(2)
  await runTimes(3, collector)
  wait(40)
  expect(await sweep(domainId, 30)).toBe(1)
  cloud.sends = things(3)
  await run(collector)
  const [second, ...others] = await idOf()
  expect([others, second === first]).toEqual([[], false])
})

test('hundreds go, batch by batch, and a resource that others keep is not among them', async () => {
  const one = await givenCloud(things(450))
  const two = await givenCloud(things(1))
  await coverage.moveTo(two.collectorId, two.domainId, one.domainId)
  const { domainId, collectorId } = one
  await run(one)
  await run({ ...two, domainId })
  const all = { domainId, collectorId, secretId: '', name: ANY, presence: '', claims: 'delete' }
  await retire({ ...coverage.context(), now: coverage.now }, all)
  wait(2)
  expect(await sweep(domainId, 1)).toBe(449)
  expect([await idsIn(domainId), await idsIn(domainId, 'DELETED')]).toEqual([['b-eu-1-1'], []])
})

test('a resource with thousands of changes goes with them, a thousand at once', async () => {
  const { cloud: _, ...collector } = await givenCloud([thing({ id: 'a' })])
  const { domainId } = collector
  await run(collector)
  const all = { ...collector, secretId: '', name: ANY, presence: '', claims: 'delete' }
  await retire({ ...coverage.context(), now: coverage.now }, all)
  await db.query(
    `insert into change_record (domain_id, cloud_service_id, action, task_seq, changes, created_at)
     select domain_id, cloud_service_id, 'UPDATE', created_seq, '[]', created_at
       from cloud_service cross join generate_series(1, 2500) where domain_id = $1`,
    [domainId],
  )
  await db.query(
    `create function refuse_many() returns trigger language plpgsql as
       $$ begin if (select count(*) from gone) > 1000 then raise exception 'too many'; end if; return null; end $$`,
  )
  await db.query(
    'create trigger refuse_many after delete on change_record referencing old table as gone for each statement execute function refuse_many()',
  )
  onTestFinished(() => void db.query('drop function refuse_many cascade'))
  wait(2)
  expect(await sweep(domainId, 1)).toBe(1)
  expect(await db.query('select from change_record where domain_id = $1', [domainId])).toEqual([])
})
