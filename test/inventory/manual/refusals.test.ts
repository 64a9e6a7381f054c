import { afterAll, describe, expect, test } from 'vitest'
import {
  createCloudServiceType,
  createRegion,
  updateCloudServiceType,
  updateRegion,
} from '../../../src/inventory/index.ts'
import { createTestDatabase } from '../../support/database.ts'
import { bucket, givenContributor, givenDomain, listBuckets, runOnce } from '../write/support.ts'
import { bucketByHand, byHand } from './support.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

describe('what cannot be stored is refused with its field', () => {
  const REFUSED = [
    ['nothing', { provider: '' }, "field 'provider' is required"],
    ['a name too long', { name: 'x'.repeat(1_021) }, "field 'name' is longer than 1020 bytes"],
    ['an id too long', { reference: { resource_id: 'ä'.repeat(513) } }, "'reference.resource_id' is longer"],
    [
      'a link too long',
      { reference: { resource_id: 'a', external_link: 'x'.repeat(8_193) } },
      'external_link',
    ],
    ['a NUL', { data: { a: ['b\u0000'] } }, "'data.a.0' is invalid"],
    ['half a pair', { name: '\ud800' }, "'name' is invalid"],
    ['too many levels', { data: nested(101) }, 'nests deeper'],
    ['an infinite number', { instance_size: Number.POSITIVE_INFINITY }, "'instance_size' is invalid"],
    ['a number as address', { ip_addresses: [1] }, "'ip_addresses.0' must be text"],
  ] as const

  test.each(REFUSED)('%s', async (_what, given, message) => {
    const domainId = await givenDomain(db)
    await expect(byHand(db, domainId).create('a', { ...given } as never)).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining(message),
    })
    expect(await listBuckets(db, domainId)).toEqual([])
  })

  test.each(REFUSED.slice(1))('%s, in an update', async (_what, given, message) => {
    const domainId = await givenDomain(db)
    const hand = byHand(db, domainId)
    const { cloud_service_id: id } = await hand.create('a')
    await expect(hand.update(id, { ...given } as never)).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining(message),
    })
    expect(await hand.history(id)).toHaveLength(1)
  })
})

test('data is required for a new resource', async () => {
  const domainId = await givenDomain(db)
  const { data: _, ...given } = bucketByHand('a')
  const { createCloudService } = await import('../../../src/inventory/index.ts')
  const created = createCloudService(byHand(db, domainId).ctx, { domainId, given })
  await expect(created).rejects.toMatchObject({ code: 'ERROR_REQUIRED_PARAMETER' })
})

test('many updates cannot pile up what one request could not send', async () => {
  const domainId = await givenDomain(db)
  const hand = byHand(db, domainId)
  const { cloud_service_id: id } = await hand.create('a')
  await hand.update(id, { data: { a: 'x'.repeat(3_000_000) } })
  await expect(hand.update(id, { data: { b: 'x'.repeat(3_000_000) } })).rejects.toMatchObject({
    kind: 'invalid',
    message: expect.stringContaining('bytes would be written by hand'),
  })
})

describe('a natural key is there once', () => {
  test('also against a collector, whose resource is named', async () => {
    const domainId = await givenDomain(db)
    await runOnce(db, await givenContributor(db, domainId), [[bucket({ id: 'a' })]])
    const [stored] = await listBuckets(db, domainId)
    await expect(byHand(db, domainId).create('a')).rejects.toMatchObject({
      kind: 'already_exists',
      message: expect.stringContaining(`'${stored?.cloudServiceId}'`),
    })
  })

  test('also when many write it at once', async () => {
    const domainId = await givenDomain(db)
    const hand = byHand(db, domainId)
    const all = await Promise.allSettled(Array.from({ length: 6 }, () => hand.create('a')))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const each of all) {
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ kind: 'already_exists' })
    }
    expect(await listBuckets(db, domainId)).toHaveLength(1)
  })

  test('also after an update; without the id of a provider there is no key', async () => {
    const domainId = await givenDomain(db)
    const hand = byHand(db, domainId)
    const { cloud_service_id: a } = await hand.create('a')
    const { cloud_service_id: b } = await hand.create('b')
    await expect(hand.update(b, { reference: { resource_id: 'a' } })).rejects.toMatchObject({
      kind: 'already_exists',
      message: expect.stringContaining(`'${a}'`),
    })
    expect(await hand.update(b, { reference: { resource_id: 'c' } })).toMatchObject({
      reference: { resource_id: 'c' },
    })
    await hand.create('', { name: 'one' })
    await hand.create('', { name: 'two' })
    expect(await listBuckets(db, domainId)).toHaveLength(4)
  })

  test('and belongs to the collectors of a collected resource', async () => {
    const domainId = await givenDomain(db)
    await runOnce(db, await givenContributor(db, domainId), [[bucket({ id: 'a' })]])
    const [stored] = await listBuckets(db, domainId)
    const hand = byHand(db, domainId)
    const id = stored?.cloudServiceId ?? ''
    await expect(hand.update(id, { account: 'other' })).rejects.toMatchObject({
      code: 'ERROR_COLLECTED_RESOURCE',
    })
    expect(await hand.update(id, { account: '40017', name: 'n' })).toMatchObject({ name: 'n' })
  })
})

test('unknown ids, missing ids and ids of another domain are told apart from nothing else', async () => {
  const [here, there] = [await givenDomain(db), await givenDomain(db)]
  const { cloud_service_id: id } = await byHand(db, here).create('a')
  const hand = byHand(db, there)
  for (const wrong of [id, 'nope']) {
    await expect(hand.update(wrong, { name: 'x' })).rejects.toMatchObject({ kind: 'not_found' })
    await expect(hand.delete(wrong)).rejects.toMatchObject({ kind: 'not_found' })
  }
  await expect(hand.update('', {})).rejects.toMatchObject({ code: 'ERROR_REQUIRED_PARAMETER' })
  await expect(hand.delete('')).rejects.toMatchObject({ code: 'ERROR_REQUIRED_PARAMETER' })
  expect(await byHand(db, here).get(id)).toMatchObject({ state: 'ACTIVE', name: '' })
  await byHand(db, there).create('a')
})

test('a project cannot be given and released at once', async () => {
  const domainId = await givenDomain(db)
  const hand = byHand(db, domainId)
  await db.query(
    `insert into project (domain_id, project_id, name, created_at) values ($1, 'p', 'Shop', now())`,
    [domainId],
  )
  const { cloud_service_id: id } = await hand.create('a', { project_id: 'p' })
  const both = hand.update(id, { project_id: 'q' }, { releaseProject: true })
  await expect(both).rejects.toMatchObject({ key: 'project_id' })
  expect(await hand.update(id, {}, { releaseProject: true })).toMatchObject({ project_id: '' })
})

test('a project that is not there is refused, and nothing is written', async () => {
  const domainId = await givenDomain(db)
  const hand = byHand(db, domainId)
  const unknown = { kind: 'not_found', message: expect.stringContaining("project 'p'") }
  await expect(hand.create('a', { project_id: 'p' })).rejects.toMatchObject(unknown)
  const { cloud_service_id: id } = await hand.create('a')
  await expect(hand.update(id, { name: 'x', project_id: 'p' })).rejects.toMatchObject(unknown)
  expect(await hand.get(id)).toMatchObject({ name: '', project_id: '' })
})

test('types and regions refuse what they lack and what they hold twice', async () => {
  const domainId = await givenDomain(db)
  const { ctx } = byHand(db, domainId)
  const region = { name: 'One', region_code: 'eu-1', provider: 'acme' }
  const type = { name: 'Bucket', group: 'ObjectStore', provider: 'acme' }
  const { regionId = '' } = await createRegion(ctx, { domainId, given: region })
  const { cloudServiceTypeId = '' } = await createCloudServiceType(ctx, { domainId, given: type })
  await expect(createRegion(ctx, { domainId, given: region })).rejects.toMatchObject({
    kind: 'already_exists',
    message: expect.stringContaining(`'${regionId}'`),
  })
  await expect(createCloudServiceType(ctx, { domainId, given: type })).rejects.toMatchObject({
    kind: 'already_exists',
    message: expect.stringContaining(`'${cloudServiceTypeId}'`),
  })
  await expect(createRegion(ctx, { domainId, given: { name: 'x' } })).rejects.toMatchObject({
    kind: 'invalid',
  })
  await expect(updateRegion(ctx, { domainId, regionId, given: { name: '' } })).rejects.toMatchObject({
    kind: 'invalid',
  })
  await expect(
    updateCloudServiceType(ctx, { domainId, cloudServiceTypeId, given: { labels: [{}] } }),
  ).rejects.toMatchObject({ kind: 'invalid' })
})

function nested(levels: number) {
  let value: Record<string, unknown> = {}
  for (let level = 1; level < levels; level++) value = { a: value }
  return value
}
