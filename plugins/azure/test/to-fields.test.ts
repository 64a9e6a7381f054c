import { expect, test } from 'vitest'
import { pauseOf } from '../src/arm-api.ts'
import { cloudOf } from '../src/clouds.ts'
import { kindOf, nameOf } from '../src/kinds.ts'
import { regionOf } from '../src/regions.ts'
import { chosenSubscriptions, sharesOf } from '../src/tasks.ts'
import { toFields } from '../src/to-fields.ts'
import { PROD, RESOURCES, VM } from './estate.ts'

const PORTAL = 'https://portal.azure.com'
const named = (name: string) => {
  const row = RESOURCES.find((each) => each.name === name)
  if (row === undefined) throw new Error(`no ${name}`)
  return toFields(row, PROD, PORTAL)
}

test('a machine is known by its id in lower case, with its place, tags, size and page', () => {
  expect(toFields(VM, PROD, PORTAL)).toMatchObject({
    resourceId: `/subscriptions/${PROD}/resourcegroups/shop/providers/microsoft.compute/virtualmachines/web-1`,
    account: PROD,
    regionCode: 'westeurope',
    name: 'web-1',
    tags: { team: 'shop' },
    instanceType: 'Standard_D2s_v5',
    launchedAt: new Date('2026-04-01T10:00:00.123Z'),
    externalLink: `${PORTAL}/#resource${VM.id}`,
    data: {
      type: 'microsoft.compute/virtualmachines',
      resourceGroup: 'shop',
      zones: ['1'],
      properties: { extended: { instanceView: { powerState: { displayStatus: 'VM running' } } } },
    },
  })
})

test.each([
  ['web-1-os', { instanceType: 'Premium_LRS', instanceSize: 128 }],
  ['web-1-nic', { ipAddresses: ['10.0.0.4'] }],
  ['web-1-ip', { ipAddresses: ['20.1.2.3'], instanceType: 'Standard' }],
  ['job', { ipAddresses: ['20.9.8.7'] }],
  [
    'orders',
    {
      regionCode: 'westeurope',
      instanceType: 'GP_S_Gen5',
      instanceSize: 2,
      launchedAt: new Date('2025-01-01'),
    },
  ],
  ['shoppictures', { launchedAt: new Date('2025-03-04T05:06:07Z'), data: { kind: 'StorageV2' } }],
  ['Shop', { tags: { owner: 'ann' }, regionCode: 'global' }],
])('%s tells what its columns have', (name, fields) => {
  expect(named(name)).toMatchObject(fields)
})

test('columns that say nothing are left out', () => {
  expect(Object.keys(named('web-1-nic').data).toSorted()).toEqual(['properties', 'resourceGroup', 'type'])
})

test.each([
  ['Microsoft.Compute/virtualMachines', 'VirtualMachines/Instance'],
  ['microsoft.compute/galleries/images', 'Compute/galleries/images'],
  ['microsoft.netapp/netappaccounts', 'Netapp/netappaccounts'],
  ['contoso.things/widgets', 'contoso.things/widgets'],
])('%s is of the kind %s', (type, kind) => {
  expect(nameOf(kindOf(type))).toBe(kind)
})

test.each([
  ['West Europe', 'westeurope'],
  ['eastus2', 'eastus2'],
  ['Global', 'global'],
  ['', 'global'],
  [undefined, 'global'],
])('the location %s is the region %s', (location, region) => {
  expect(regionOf(location)).toBe(region)
})

const OPTIONS = {
  subscriptions: [],
  exclude: [],
  cloud: 'public',
  check_permissions: true,
  check_index: true,
  page_size: 1,
  request_timeout_seconds: 1,
} as const
const SECRET = { tenant_id: 't', client_id: 'c', client_secret: 's' }

test('each Azure has addresses of its own, and tokens are for its own address wherever it is called', () => {
  expect(cloudOf({ ...OPTIONS, cloud: 'china' })).toMatchObject({
    scope: 'https://management.chinacloudapi.cn/.default',
  })
  const cloud = cloudOf({
    ...OPTIONS,
    cloud: 'us_government',
    management_endpoint: 'https://link.example/arm',
  })
  expect(cloud.scope).toBe('https://management.usgovcloudapi.net/.default')
  expect(cloud.management.href).toBe('https://link.example/arm')
})

test('options choose subscriptions before the secret does, each once', () => {
  const chosen = (subscriptions: readonly string[], subscription_id?: string) =>
    chosenSubscriptions({
      options: { ...OPTIONS, subscriptions },
      secretData: subscription_id === undefined ? SECRET : { ...SECRET, subscription_id },
    })
  expect(chosen(['B', 'a', 'b'], 'x')).toEqual(['a', 'b'])
  expect(chosen([], 'X')).toEqual(['x'])
  expect(chosen([], '')).toBeUndefined()
})

test.each([0, 1, 800, 801, 2_001])(
  '%d subscriptions become at most 800 tasks, and none is left out',
  (count) => {
    const ids = Array.from({ length: count }, (_, at) => `id-${at}`)
    const shares = sharesOf(ids)
    expect(shares.length).toBeLessThanOrEqual(800)
    expect(shares.length).toBeGreaterThan(0)
    expect(shares.flat()).toEqual(ids)
  },
)

test.each([
  ['0', '00:00:05', 5_000],
  ['0', '00:01:03', 63_000],
  ['0', '99:02:03', 120_000],
  ['3', '00:00:05', undefined],
  ['0', 'soon', undefined],
])('%s queries left for %s is a pause of %s ms', (remaining, resets, pause) => {
  const headers = new Headers({
    'x-ms-user-quota-remaining': remaining,
    'x-ms-user-quota-resets-after': resets,
  })
  expect(pauseOf(headers)).toBe(pause)
})
