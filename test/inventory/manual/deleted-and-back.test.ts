import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../support/database.ts'
import { isAnybodyWaiting } from '../../support/lock-waits.ts'
import { bucket, givenContributor, givenDomain, listBuckets, runOnce } from '../write/support.ts'
import { byHand } from './support.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

test('a deleted resource keeps its row, says when, and is left out of lists', async () => {
  const { hand } = await givenCollected()
  const { cloud_service_id: id } = await hand.create('b')
  await hand.delete(id)
  const gone = await hand.get(id)
  expect(gone).toMatchObject({ state: 'DELETED' })
  expect(gone.deleted_at).toMatch(/^\d{4}-/)
  expect(gone.updated_at).toBe(gone.deleted_at)

  await hand.delete(id)
  expect(await hand.get(id)).toEqual(gone)
  await expect(hand.update(id, { name: 'x' })).rejects.toMatchObject({ kind: 'failed_precondition' })
})

test('the next sighting brings it back under its id, also by a message that never changed', async () => {
  const { domainId, hand, collector, id, message } = await givenCollected()
  await hand.update(id, { name: 'by hand', tags: { a: 1 } })
  await hand.delete(id)

  const run = await runOnce(db, collector, [[message]])

  expect(run).toMatchObject({ created: 1, updated: 0, unchanged: 0, failed: 0 })
  const back = await hand.get(id)
  expect(back).toMatchObject({ state: 'ACTIVE', deleted_at: '', name: 'a', tags: {} })
  expect(await listBuckets(db, domainId)).toHaveLength(1)
  expect(await runOnce(db, collector, [[message]])).toMatchObject({ created: 0, unchanged: 1 })
})

test('only who has seen it again speaks for it again', async () => {
  const { domainId, hand, collector, id } = await givenCollected({ size: 1 })
  const other = await givenContributor(db, domainId, { priority: 99 })
  await runOnce(db, other, [[bucket({ id: 'a', data: { owner: 'other' } })]])
  await hand.delete(id)

  await runOnce(db, collector, [[bucket({ id: 'a', data: { size: 1 } })]])
  expect((await hand.get(id)).data).toEqual({ size: 1 })
  expect((await hand.get(id)).collection_info).toMatchObject([{ collector_id: collector.collectorId }])

  await runOnce(db, other, [[bucket({ id: 'a', data: { owner: 'other' } })]])
  expect((await hand.get(id)).data).toEqual({ size: 1, owner: 'other' })
})

describe('a mode treats what comes back as new', () => {
  test.each([
    ['CREATE', 1, 'ACTIVE'],
    ['UPDATE', 0, 'DELETED'],
  ] as const)('%s', async (mode, created, state) => {
    const { hand, collector, id, message } = await givenCollected()
    await hand.delete(id)
    expect(await runOnce(db, collector, [[message]], { mode })).toMatchObject({ created, updated: 0 })
    expect(await hand.get(id)).toMatchObject({ state })
  })
})

test('a deleted one does not stand in the way of a new one, and does not come back beside it', async () => {
  const { domainId, hand, collector, id, message } = await givenCollected()
  await hand.delete(id)
  const { cloud_service_id: next } = await hand.create('a', { name: 'new' })

  expect(await runOnce(db, collector, [[message]])).toMatchObject({ created: 0, updated: 1 })

  expect(await hand.get(id)).toMatchObject({ state: 'DELETED' })
  expect(await hand.get(next)).toMatchObject({ state: 'ACTIVE', name: 'new' })
  expect(await listBuckets(db, domainId)).toHaveLength(2)
})

test('of several deleted ones the last deleted comes back', async () => {
  const { hand, collector, id, message } = await givenCollected()
  await hand.delete(id)
  const { cloud_service_id: second } = await hand.create('a')
  await hand.delete(second)
  await runOnce(db, collector, [[message]])
  expect(await hand.get(second)).toMatchObject({ state: 'ACTIVE' })
  expect(await hand.get(id)).toMatchObject({ state: 'DELETED' })
})

test('two collectors that see it again at once bring back one', async () => {
  const { domainId, hand, collector, id, message } = await givenCollected()
  const other = await givenContributor(db, domainId)
  await hand.delete(id)
  const runs = await Promise.all([runOnce(db, collector, [[message]]), runOnce(db, other, [[message]])])
  expect(runs.map(({ outcome }) => outcome)).toEqual(['complete', 'complete'])
  expect(runs.reduce((sum, { created }) => sum + created, 0)).toBe(1)
  expect(await listBuckets(db, domainId)).toMatchObject([{ cloudServiceId: id, state: 'ACTIVE' }])
})

test('a run that is under way while somebody deletes writes nothing half', async () => {
  const { domainId, hand, collector, id } = await givenCollected()
  const later = Array.from({ length: 5 }, (_, at) => bucket({ id: 'a', data: { at } }))
  async function* stream() {
    yield [bucket({ id: 'b' })]
    await hand.delete(id)
    yield later.slice(0, 1)
  }
  expect(await runOnce(db, collector, stream())).toMatchObject({ outcome: 'complete', failed: 0 })
  const spoken = await db.query('select 1 from contribution where domain_id = $1 and target_id = $2', [
    domainId,
    id,
  ])
  expect(await hand.get(id)).toMatchObject({ state: 'ACTIVE', data: { at: 0 } })
  expect(spoken).toHaveLength(1)
})

test('a batch that waits while somebody deletes looks again, and brings the resource back', async () => {
  const { domainId, hand, collector, id } = await givenCollected()
  const { run } = await db.transaction(async (tx) => {
    await tx.query('select 1 from cloud_service where domain_id = $1 for update', [domainId])
    const waiting = runOnce(db, collector, [[bucket({ id: 'a', data: { v: 2 } })]])
    while (!(await isAnybodyWaiting(db))) await pause(10)
    // What a deletion by hand does; done through the verb it would wait for this very transaction.
    await tx.query('delete from contribution where domain_id = $1', [domainId])
    await tx.query("update cloud_service set state = 'DELETED', deleted_at = now() where domain_id = $1", [
      domainId,
    ])
    return { run: waiting }
  })

  expect(await run).toMatchObject({ outcome: 'complete', created: 1, updated: 0 })
  const back = await hand.get(id)
  expect(back).toMatchObject({ state: 'ACTIVE', data: { v: 2 } })
  expect(back.collection_info).toMatchObject([{ collector_id: collector.collectorId }])
})

test('a deleted resource of another domain is none of ours', async () => {
  const { hand, id, message } = await givenCollected()
  await hand.delete(id)
  const elsewhere = await givenDomain(db)
  await runOnce(db, await givenContributor(db, elsewhere), [[message]])
  expect(await hand.get(id)).toMatchObject({ state: 'DELETED' })
  expect((await listBuckets(db, elsewhere))[0]?.cloudServiceId).not.toBe(id)
})

async function givenCollected(data = { objects: 1 } as Record<string, number>) {
  const domainId = await givenDomain(db)
  const collector = await givenContributor(db, domainId)
  const message = bucket({ id: 'a', data })
  await runOnce(db, collector, [[message]])
  const [stored] = await listBuckets(db, domainId)
  return { domainId, collector, message, hand: byHand(db, domainId), id: stored?.cloudServiceId ?? '' }
}
