import { expect, test } from 'vitest'
import { kindOf, nameOf, RESOURCE_TYPES } from '../src/kinds.ts'
import { linkTo } from '../src/links.ts'
import { regionOf } from '../src/regions.ts'
import { toFields } from '../src/to-fields.ts'
import { ASSETS, VM } from './estate.ts'

const of = (assetType: string) => {
  const asset = ASSETS.find((each) => each.assetType === assetType)
  if (asset === undefined) throw new Error(`no ${assetType}`)
  return toFields(asset, 'shop-prod')
}

test('a machine is known by its full name, with its place, labels, size, addresses and page', () => {
  expect(toFields(VM, 'shop-prod')).toMatchObject({
    resourceId: '//compute.googleapis.com/projects/shop-prod/zones/europe-west3-a/instances/web-1',
    account: 'shop-prod',
    regionCode: 'europe-west3',
    name: 'web-1',
    tags: { team: 'shop', stage: 'prod' },
    instanceType: 'e2-medium',
    ipAddresses: ['10.156.0.2', '34.89.1.2'],
    launchedAt: new Date('2026-05-01T08:02:03.456Z'),
    externalLink:
      'https://console.cloud.google.com/compute/instancesDetail/zones/europe-west3-a/instances/web-1?project=shop-prod',
    data: {
      status: 'RUNNING',
      asset: { type: 'compute.googleapis.com/Instance', location: 'europe-west3-a' },
    },
  })
})

test.each([
  ['compute.googleapis.com/Disk', { instanceType: 'pd-balanced', instanceSize: 50 }],
  [
    'sqladmin.googleapis.com/Instance',
    {
      instanceType: 'db-custom-2-8192',
      instanceSize: 100,
      ipAddresses: ['35.1.2.3'],
      tags: { team: 'orders' },
    },
  ],
  ['storage.googleapis.com/Bucket', { regionCode: 'eu', instanceType: 'STANDARD', tags: { team: 'shop' } }],
  ['pubsub.googleapis.com/Subscription', { regionCode: 'global', name: 'mail', tags: {} }],
  [
    'run.googleapis.com/Service',
    { name: 'api', tags: { tier: 'front' }, launchedAt: new Date('2026-01-01') },
  ],
  ['cloudresourcemanager.googleapis.com/Folder', { name: 'Shops', regionCode: 'global' }],
])('%s tells what its documents have', (assetType, fields) => {
  expect(of(assetType)).toMatchObject(fields)
})

test('an asset without a document is known all the same', () => {
  const asset = { name: '//x.googleapis.com/projects/1/things/t', assetType: 'x.googleapis.com/Thing' }
  expect(toFields(asset, 'p')).toMatchObject({
    name: 't',
    regionCode: 'global',
    data: { asset: { ancestors: [] } },
  })
})

test.each([
  ['compute.googleapis.com/Instance', 'ComputeEngine/Instance'],
  ['compute.googleapis.com/Network', 'Networking/VPCNetwork'],
  ['compute.googleapis.com/NodeGroup', 'ComputeEngine/NodeGroup'],
  ['netapp.googleapis.com/Volume', 'netapp/Volume'],
  ['apps.k8s.io/Deployment', 'apps.k8s.io/Deployment'],
  ['Odd', 'Other/Odd'],
])('%s is of the kind %s', (assetType, kind) => {
  expect(nameOf(kindOf(assetType))).toBe(kind)
})

test('no rule gives an asset type the name of a well-known kind of another', () => {
  const hosts = [
    'compute',
    'networking',
    'loadbalancing',
    'redis',
    'memcache',
    'cloudfunctions',
    'run',
    'iam',
  ]
  const names = [...new Set(Object.values(RESOURCE_TYPES).map(({ type }) => type))]
  const kinds = hosts.flatMap((host) => names.map((name) => nameOf(kindOf(`${host}.googleapis.com/${name}`))))
  expect(kinds.length - new Set(kinds).size).toBe(0)
})

test.each([
  ['us-central1-a', 'us-central1'],
  ['northamerica-northeast1-c', 'northamerica-northeast1'],
  ['us-central1-ai1a', 'us-central1'],
  ['us-south1-ai1b', 'us-south1'],
  ['europe-west10', 'europe-west10'],
  ['US', 'us'],
  ['nam4', 'nam4'],
  ['global', 'global'],
  ['', 'global'],
  [undefined, 'global'],
])('the location %s lies in the region %s', (location, region) => {
  expect(regionOf(location)).toBe(region)
})

test('a link has nothing of a name that is none of its parts', () => {
  const bucket = { assetType: 'storage.googleapis.com/Bucket', name: '//storage.googleapis.com/a b?c' }
  expect(linkTo(bucket, 'p&q')).toBe(
    'https://console.cloud.google.com/storage/browser/a%20b%3Fc?project=p%26q',
  )
  expect(linkTo({ assetType: 'x.googleapis.com/Thing', name: '//x' }, 'p')).toBeUndefined()
})
