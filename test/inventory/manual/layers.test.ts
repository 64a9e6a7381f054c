import { afterAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../support/database.ts'
import { bucket, givenContributor, givenDomain, listBuckets, runOnce } from '../write/support.ts'
import { byHand } from './support.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

describe('a manual layer and collectors end in the same document, whoever speaks first', () => {
  const EXPECTED = {
    name: 'by hand',
    data: { owner: 'me', size: 5, deep: { hand: 1, strong: 1, weak: 1 } },
    tags: { acme: { team: 'strong' }, custom: { seen: 'yes' } },
  }
  type World = Awaited<ReturnType<typeof givenWorld>>
  const STEPS: Readonly<Record<string, (world: World) => Promise<void>>> = {
    hand: async ({ hand, domainId }) => {
      const [stored] = await listBuckets(db, domainId)
      const id = stored?.cloudServiceId ?? (await hand.create('a')).cloud_service_id
      await hand.update(id, {
        name: 'by hand',
        data: { owner: 'me', deep: { hand: 1 } },
        tags: { seen: 'yes' },
      })
    },
    strong: async ({ strong }) => {
      const data = { owner: 's', size: 5, deep: { hand: 0, strong: 1 } }
      await runOnce(db, strong, [[bucket({ id: 'a', name: 'strong', data, tags: { team: 'strong' } })]])
    },
    weak: async ({ weak }) => {
      const data = { owner: 'w', size: 6, deep: { strong: 0, weak: 1 } }
      await runOnce(db, weak, [[bucket({ id: 'a', name: 'weak', data, tags: { team: 'weak' } })]])
    },
  }

  test.each([
    [['hand', 'strong', 'weak']],
    [['hand', 'weak', 'strong']],
    [['strong', 'hand', 'weak']],
    [['strong', 'weak', 'hand']],
    [['weak', 'hand', 'strong']],
    [['weak', 'strong', 'hand']],
  ])('%j', async (order) => {
    const world = await givenWorld()
    for (const step of order) await STEPS[step]?.(world)
    const stored = await listBuckets(db, world.domainId)
    expect(stored).toMatchObject([EXPECTED])
    expect(stored[0]?.data).toEqual(EXPECTED.data)

    await STEPS.weak?.(world)
    await STEPS.strong?.(world)
    expect(await listBuckets(db, world.domainId)).toEqual(stored)
  })
})

test('a field that was written by hand stays when its collector changes it, the others follow the collector', async () => {
  const { domainId, hand, strong } = await givenWorld()
  await runOnce(db, strong, [[bucket({ id: 'a', name: 'one', data: { a: 1, b: 1 } })]])
  const [stored] = await listBuckets(db, domainId)
  await hand.update(stored?.cloudServiceId ?? '', { name: 'mine', data: { a: 7 } })

  const run = await runOnce(db, strong, [[bucket({ id: 'a', name: 'two', data: { a: 2, b: 2 } })]])

  expect(run).toMatchObject({ updated: 1, outcome: 'complete' })
  expect(await listBuckets(db, domainId)).toMatchObject([{ name: 'mine', data: { a: 7, b: 2 } }])
})

test('what a collector takes back leaves the document, what was written by hand does not', async () => {
  const { domainId, hand, strong } = await givenWorld()
  await runOnce(db, strong, [[bucket({ id: 'a', data: { a: 1, b: 1 } })]])
  const [stored] = await listBuckets(db, domainId)
  await hand.update(stored?.cloudServiceId ?? '', { data: { c: 3 } })

  await runOnce(db, strong, [[bucket({ id: 'a', data: { a: 1 } })]])

  expect((await listBuckets(db, domainId))[0]?.data).toEqual({ a: 1, c: 3 })
})

test('an empty field written by hand is an answer that no collector fills', async () => {
  const { domainId, hand, strong } = await givenWorld()
  const fromPlugin = [[bucket({ id: 'a', name: 'x', extra: { project_id: 'p-1', instance_type: 'm5' } })]]
  await runOnce(db, strong, fromPlugin)
  const id = (await listBuckets(db, domainId))[0]?.cloudServiceId ?? ''
  const released = await hand.update(
    id,
    { name: '', instance_type: '' },
    { releaseProject: true, releaseRegion: true },
  )
  expect(released).toMatchObject({ name: '', instance_type: '', project_id: '', region_code: '' })

  await runOnce(db, strong, [
    [bucket({ id: 'a', name: 'y', extra: { project_id: 'p-2', instance_type: 'm6' } })],
  ])
  expect(await hand.get(id)).toMatchObject({ name: '', instance_type: '', project_id: '', region_code: '' })
})

test('an update names only what it changes', async () => {
  const { hand } = await givenWorld()
  const created = await hand.create('a', {
    name: 'n',
    instance_size: 2,
    ip_addresses: ['10.0.0.1'],
    data: { a: { b: 1, c: 2 }, list: [1, 2] },
    tags: { team: 'ops' },
    reference: { resource_id: 'a', external_link: 'https://x' },
  })
  const id = created.cloud_service_id
  expect(created).toMatchObject({ tags: { acme: { team: 'ops' } }, state: 'ACTIVE' })

  expect(await hand.update(id, { data: { a: { b: 9 }, list: [3] } })).toMatchObject({
    name: 'n',
    instance_size: 2,
    ip_addresses: ['10.0.0.1'],
    data: { a: { b: 9, c: 2 }, list: [3] },
  })
  expect(await hand.update(id, { reference: { external_link: 'https://y' } })).toMatchObject({
    reference: { resource_id: 'a', external_link: 'https://y' },
  })
  expect((await hand.update(id, { tags: { a: 1 } })).tags).toEqual({
    acme: { team: 'ops' },
    custom: { a: 1 },
  })
  expect((await hand.update(id, { tags: { b: 2 } })).tags).toEqual({
    acme: { team: 'ops' },
    custom: { b: 2 },
  })
  expect((await hand.update(id, { tags: {} })).tags).toEqual({ acme: { team: 'ops' } })
  expect((await hand.update(id, { metadata: { view: 1 } })).metadata).toEqual({ custom: { view: 1 } })
  expect((await hand.update(id, { instance_size: 0 })).instance_size).toBe(0)
})

test('an empty data object gives the data back to the collectors, and takes the whole layer away when it was all', async () => {
  const { domainId, hand, strong } = await givenWorld()
  await runOnce(db, strong, [[bucket({ id: 'a', data: { a: 1 } })]])
  const id = (await listBuckets(db, domainId))[0]?.cloudServiceId ?? ''
  await hand.update(id, { data: { a: 2, b: 3 } })

  expect((await hand.update(id, { data: {} })).data).toEqual({ a: 1 })
  expect(await db.query('select 1 from contribution where domain_id = $1', [domainId])).toHaveLength(1)
  expect(await runOnce(db, strong, [[bucket({ id: 'a', data: { a: 5 } })]])).toMatchObject({ updated: 1 })
  expect((await hand.get(id)).data).toEqual({ a: 5 })
})

test('an update that says nothing new changes nothing', async () => {
  const { hand } = await givenWorld()
  const { cloud_service_id: id } = await hand.create('a', { name: 'n' })
  const before = await hand.update(id, { name: 'm' })
  expect(await hand.update(id, { name: 'm' })).toEqual(before)
  expect(await hand.update(id, {})).toEqual(before)
  expect(await hand.history(id)).toHaveLength(2)
})

test('who wrote by hand is not listed among those who report', async () => {
  const { domainId, hand, strong } = await givenWorld()
  const { cloud_service_id: id, collection_info } = await hand.create('a')
  expect(collection_info).toEqual([])
  await runOnce(db, strong, [[bucket({ id: 'a' })]])
  expect((await hand.get(id)).collection_info).toMatchObject([{ collector_id: strong.collectorId }])
  expect(await listBuckets(db, domainId)).toHaveLength(1)
})

test('people and collectors that write the same resource at once lose nothing', async () => {
  const { domainId, hand, strong, weak } = await givenWorld()
  const { cloud_service_id: id } = await hand.create('a')
  const names = Array.from({ length: 8 }, (_, at) => `k${at}`)

  await Promise.all([
    ...names.map((name) => hand.update(id, { data: { [name]: 1 } })),
    runOnce(db, strong, [[bucket({ id: 'a', data: { strong: 1 } })]]),
    runOnce(db, weak, [[bucket({ id: 'a', data: { weak: 1 } })]]),
  ])

  const [stored] = await listBuckets(db, domainId)
  expect(Object.keys(stored?.data ?? {}).toSorted()).toEqual([...names, 'strong', 'weak'])
})

async function givenWorld() {
  const domainId = await givenDomain(db)
  const strong = await givenContributor(db, domainId, { priority: 0 })
  const weak = await givenContributor(db, domainId, { priority: 20 })
  return { domainId, strong, weak, hand: byHand(db, domainId) }
}
