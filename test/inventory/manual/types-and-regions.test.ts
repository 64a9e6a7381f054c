import { afterAll, expect, test } from 'vitest'
import {
  createCloudServiceType,
  createRegion,
  deleteCloudServiceType,
  deleteRegion,
  getCloudServiceType,
  getRegion,
  updateCloudServiceType,
  updateRegion,
} from '../../../src/inventory/index.ts'
import { createTestDatabase } from '../../support/database.ts'
import { givenContributor, givenDomain, region, runOnce, serviceType } from '../write/support.ts'
import { byHand } from './support.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

test('a region written by hand wins over its collector, in both orders', async () => {
  for (const first of ['hand', 'collector']) {
    const { domainId, ctx, collector } = await givenWorld()
    const collect = () => runOnce(db, collector, [[region('eu-1', 'collected')]])
    if (first === 'collector') await collect()
    const [stored] = await regionsOf(domainId)
    const regionId =
      stored?.regionId ??
      (await createRegion(ctx, { domainId, given: { name: 'n', region_code: 'eu-1', provider: 'acme' } }))
        .regionId
    const given = { name: 'by hand', tags: { continent: 'Europe' } }
    await updateRegion(ctx, { domainId, regionId: regionId ?? '', given })
    await collect()
    expect(await regionsOf(domainId), first).toMatchObject([{ regionId, ...given }])
    await updateRegion(ctx, { domainId, regionId: regionId ?? '', given: { tags: {} } })
    expect(await regionsOf(domainId), first).toMatchObject([{ name: 'by hand', tags: {} }])
  }
})

test('a type written by hand wins over its collector, field by field, false and empty included', async () => {
  const { domainId, ctx, collector } = await givenWorld()
  await runOnce(db, collector, [[serviceType('Bucket')]])
  const [row] = await db.query<{ id: string }>(
    'select cloud_service_type_id as id from cloud_service_type where domain_id = $1',
    [domainId],
  )
  const key = { domainId, cloudServiceTypeId: row?.id ?? '' }
  const given = { is_primary: false, labels: ['Storage'], metadata: { view: 1 }, service_code: 'S3' }
  await updateCloudServiceType(ctx, { ...key, given })
  await runOnce(db, collector, [[serviceType('Bucket')], [serviceType('Volume')]], {
    revision: 'f'.repeat(32),
  })

  expect(await getCloudServiceType(ctx, key)).toMatchObject({
    isPrimary: false,
    serviceCode: 'S3',
    metadata: { view: 1 },
    resourceType: 'inventory.CloudService',
    labels: { values: [{ kind: { case: 'stringValue', value: 'Storage' } }] },
  })
})

test('a new type has the default of its resource type', async () => {
  const { domainId, ctx } = await givenWorld()
  const given = {
    name: 'Bucket',
    group: 'ObjectStore',
    provider: 'acme',
    is_major: true,
    tags: { icon: 'x' },
  }
  expect(await createCloudServiceType(ctx, { domainId, given })).toMatchObject({
    cloudServiceTypeKey: 'acme.ObjectStore.Bucket',
    resourceType: 'inventory.CloudService',
    isMajor: true,
    tags: { icon: 'x' },
    domainId,
  })
})

test('what was deleted is gone, with all that was said about it, and a collector stores it anew', async () => {
  const { domainId, ctx, collector } = await givenWorld()
  const messages = [region('eu-1'), serviceType('Bucket')]
  await runOnce(db, collector, [messages])
  const [stored] = await regionsOf(domainId)
  const regionId = stored?.regionId ?? ''
  await updateRegion(ctx, { domainId, regionId, given: { name: 'by hand' } })

  await deleteRegion(ctx, { domainId, regionId })
  await expect(getRegion(ctx, { domainId, regionId })).rejects.toMatchObject({ kind: 'not_found' })
  await expect(deleteRegion(ctx, { domainId, regionId })).rejects.toMatchObject({ kind: 'not_found' })
  expect(await db.query('select 1 from contribution where target_id = $1', [regionId])).toEqual([])

  await runOnce(db, collector, [messages])
  expect(await regionsOf(domainId)).toMatchObject([{ name: 'eu-1' }])
  expect(await runOnce(db, collector, [messages])).toMatchObject({ failed: 0, outcome: 'complete' })
  expect(await regionsOf(domainId)).toHaveLength(1)
})

test('ids of another domain are unknown', async () => {
  const here = await givenWorld()
  const there = await givenWorld()
  const given = { name: 'One', region_code: 'eu-1', provider: 'acme' }
  const { regionId = '' } = await createRegion(here.ctx, { domainId: here.domainId, given })
  const type = { name: 'Bucket', group: 'ObjectStore', provider: 'acme' }
  const { cloudServiceTypeId = '' } = await createCloudServiceType(here.ctx, {
    domainId: here.domainId,
    given: type,
  })
  const { ctx, domainId } = there
  for (const attempt of [
    () => updateRegion(ctx, { domainId, regionId, given: { name: 'x' } }),
    () => deleteRegion(ctx, { domainId, regionId }),
    () => updateCloudServiceType(ctx, { domainId, cloudServiceTypeId, given: {} }),
    () => deleteCloudServiceType(ctx, { domainId, cloudServiceTypeId }),
  ]) {
    await expect(attempt()).rejects.toMatchObject({ kind: 'not_found' })
  }
  expect(await regionsOf(here.domainId)).toMatchObject([{ name: 'One' }])
})

async function givenWorld() {
  const domainId = await givenDomain(db)
  const collector = await givenContributor(db, domainId)
  return { domainId, collector, ctx: byHand(db, domainId).ctx }
}

async function regionsOf(domainId: string) {
  return db.query<{ regionId: string }>('select region_id, name, tags from region where domain_id = $1', [
    domainId,
  ])
}
