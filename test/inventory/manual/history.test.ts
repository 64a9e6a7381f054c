import { afterAll, expect, test } from 'vitest'
import {
  ChangeHistoryQuerySchema,
  RecordInfoSchema,
} from '../../../src/gen/spaceone/api/inventory/v1/change_history_pb.ts'
import { changeHistoryEntity, listChangeHistory } from '../../../src/inventory/index.ts'
import { toQuery } from '../../query/sample.ts'
import { createTestDatabase } from '../../support/database.ts'
import { givenDomain as givenTasks } from '../read/given.ts'
import { bucket, givenContributor, givenDomain, listBuckets, runOnce } from '../write/support.ts'
import { byHand } from './support.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

test('the declaration has the fields of its message and no others, and keeps every field of its request', () => {
  const names = (fields: readonly { readonly name: string }[]) => fields.map(({ name }) => name).toSorted()
  expect(Object.keys(changeHistoryEntity.fields).toSorted()).toEqual(names(RecordInfoSchema.fields))
  const beside = names(ChangeHistoryQuerySchema.fields).filter(
    (name) => !['query', 'domain_id'].includes(name),
  )
  expect(Object.keys(changeHistoryEntity.requestFields).toSorted()).toEqual(beside)
})

test('by hand, from its creation to its deletion, nothing is left out', async () => {
  const domainId = await givenDomain(db)
  const hand = byHand(db, domainId)
  const { cloud_service_id: id, created_at } = await hand.create('a', { name: 'one', data: { a: 1, b: [1] } })
  await hand.update(id, { name: 'two', data: { a: { c: 2 }, b: [1, 2] }, tags: { team: 'ops' } })
  await hand.update(id, { metadata: { view: 1 } })
  await hand.update(id, { name: '', data: { d: null } })
  await hand.delete(id)

  const history = await hand.history(id)
  const common = {
    cloud_service_id: id,
    domain_id: domainId,
    updated_by: 'USER',
    collector_id: '',
    job_id: '',
  }
  expect(history).toMatchObject([
    { ...common, action: 'CREATE', diff: [], diff_count: 0, created_at },
    {
      ...common,
      action: 'UPDATE',
      diff_count: 4,
      diff: [
        { key: 'name', before: 'one', after: 'two', type: 'CHANGED' },
        { key: 'tags.custom', before: null, after: { team: 'ops' }, type: 'ADDED' },
        { key: 'data.a', before: 1, after: { c: 2 }, type: 'CHANGED' },
        { key: 'data.b', before: [1], after: [1, 2], type: 'CHANGED' },
      ],
    },
    {
      ...common,
      action: 'UPDATE',
      diff: [
        { key: 'name', before: 'two', after: '', type: 'DELETED' },
        { key: 'data.d', before: null, after: null, type: 'ADDED' },
      ],
    },
    {
      ...common,
      action: 'DELETE',
      diff: [{ key: 'state', before: 'ACTIVE', after: 'DELETED', type: 'CHANGED' }],
    },
  ])
  expect(new Set(history.map((record) => Reflect.get(Object(record), 'record_id'))).size).toBe(4)
})

test('a collector and a person take turns, and each record says whose turn it was', async () => {
  const { domainId, collector, collect, hand } = await givenTurns()
  await collect({ size: 1 }, 'job_task-1')
  const id = (await listBuckets(db, domainId))[0]?.cloudServiceId ?? ''
  await hand.update(id, { data: { size: 5, note: 'mine' } })
  await collect({ size: 2, zone: 'a' }, 'job_task-2')
  await hand.delete(id)
  await collect({ size: 3 }, 'job_task-3')

  const byCollector = { updated_by: 'COLLECTOR', collector_id: collector.collectorId, job_id: 'job-1' }
  const byUser = { updated_by: 'USER', collector_id: '', job_id: '' }
  expect(await hand.history(id)).toMatchObject([
    { action: 'CREATE', ...byCollector },
    {
      action: 'UPDATE',
      ...byUser,
      diff: [
        { key: 'data.size', before: 1, after: 5 },
        { key: 'data.note', type: 'ADDED' },
      ],
    },
    { action: 'UPDATE', ...byCollector, diff: [{ key: 'data.zone', after: 'a', type: 'ADDED' }] },
    { action: 'DELETE', ...byUser },
    {
      action: 'CREATE',
      ...byCollector,
      diff: [
        { key: 'state', before: 'DELETED', after: 'ACTIVE' },
        { key: 'data.note', type: 'DELETED' },
        { key: 'data.size', before: 5, after: 3 },
        { key: 'data.zone', type: 'DELETED' },
      ],
    },
  ])
})

test('records are found by resource, action, origin, collector and job, and by what changed', async () => {
  const { domainId, collector, collect, hand } = await givenTurns()
  await collect({ size: 1 }, 'job_task-1')
  const id = (await listBuckets(db, domainId))[0]?.cloudServiceId ?? ''
  await hand.create('other')
  await hand.update(id, { data: { owner: 'me' } })
  await collect({ size: 2 }, 'job_task-2')

  const count = async (equals: Record<string, string>, query = {}) =>
    (await listChangeHistory(hand.ctx, { domainId, equals, query: toQuery(query) })).totalCount
  expect(await count({})).toBe(4)
  expect(await count({ cloud_service_id: id })).toBe(3)
  expect(await count({ action: 'CREATE' })).toBe(2)
  expect(await count({ updated_by: 'USER' })).toBe(2)
  expect(await count({ updated_by: 'COLLECTOR', action: 'UPDATE' })).toBe(1)
  expect(await count({ collector_id: collector.collectorId })).toBe(2)
  expect(await count({ job_id: 'job-1' })).toBe(2)
  expect(await count({ user_id: 'nobody' })).toBe(0)
  expect(await count({}, { filter: [{ k: 'diff.key', v: 'data.size', o: 'eq' }] })).toBe(1)
  expect(await count({}, { filter: [{ k: 'diff_count', v: 0, o: 'gt' }] })).toBe(2)
})

test('newest come first, and a page knows how many there are', async () => {
  const domainId = await givenDomain(db)
  const hand = byHand(db, domainId)
  const { cloud_service_id: id } = await hand.create('a')
  for (const name of ['1', '2', '3']) await hand.update(id, { name })
  const { rows, totalCount } = await listChangeHistory(hand.ctx, {
    domainId,
    query: toQuery({ page: { start: 1, limit: 2 }, only: ['diff'] }),
  })
  expect(totalCount).toBe(4)
  const diffs = rows.map(({ diff }) => JSON.stringify(diff))
  expect(diffs).toEqual([expect.stringContaining('"3"'), expect.stringContaining('"2"')])
})

test('a domain sees its own history only', async () => {
  const [here, there] = [await givenDomain(db), await givenDomain(db)]
  const { cloud_service_id: id } = await byHand(db, here).create('a')
  expect(await byHand(db, here).history(id)).toHaveLength(1)
  expect(await byHand(db, there).history(id)).toEqual([])
})

/** A collector whose tasks are stored as well, so that records can be traced to a job. */
async function givenTurns() {
  const domainId = `domain-turns-${Math.random()}`
  const given = await givenTasks(db, domainId)
  const collector = await givenContributor(db, domainId)
  await db.query('update job set collector_id = $2 where domain_id = $1', [domainId, collector.collectorId])
  async function collect(data: Record<string, string | number>, taskId: string) {
    const taskSeq = await given.task({ taskId, contributorId: collector.contributorId })
    await db.query('update job_task set collector_id = $2 where domain_id = $1', [
      domainId,
      collector.collectorId,
    ])
    expect(await runOnce(db, collector, [[bucket({ id: 'a', data })]], { taskSeq })).toMatchObject({
      outcome: 'complete',
    })
  }
  return { domainId, collector, collect, hand: byHand(db, domainId) }
}
