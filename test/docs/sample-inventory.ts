import type { Database } from '../../src/storage/index.ts'
import { givenDomain } from '../inventory/read/given.ts'

/** The domain that the guides speak of, which is also the one `gleaner` works in. */
export const GUIDE_DOMAIN = 'domain-000000000001'

/** A small shop in two clouds; what the examples of the guides find. */
export async function givenSampleInventory(db: Database): Promise<void> {
  const { cloudService } = await givenDomain(db, GUIDE_DOMAIN)
  for (const row of RESOURCES) await cloudService(row)
}

const INSTANCE = {
  cloud_service_group: 'EC2',
  cloud_service_type: 'Instance',
  account: '111122223333',
  region_code: 'eu-central-1',
  created_at: '2025-11-03T08:00:00.000Z',
}

const RESOURCES = [
  {
    ...INSTANCE,
    cloud_service_id: 'cloud-svc-0000000000a1',
    name: 'web-1',
    resource_id: 'i-0a1',
    ip_addresses: ['10.0.1.11', '203.0.113.7'],
    tags: { aws: { team: 'shop', stage: 'prod' } },
    data: { cores: 4, os: 'linux', disks: [{ device: 'sda', gib: 100 }] },
  },
  {
    ...INSTANCE,
    cloud_service_id: 'cloud-svc-0000000000a2',
    name: 'web-2',
    resource_id: 'i-0a2',
    region_code: 'eu-west-1',
    ip_addresses: ['10.1.1.12'],
    tags: { aws: { team: 'shop', stage: 'test' } },
    data: { cores: 4, os: 'linux', disks: [{ device: 'sda', gib: 50 }] },
  },
  {
    ...INSTANCE,
    cloud_service_id: 'cloud-svc-0000000000a3',
    name: 'build',
    resource_id: 'i-0a3',
    created_at: '2025-12-10T08:00:00.000Z',
    tags: { aws: { team: 'platform' } },
    data: {
      cores: 16,
      os: 'windows',
      disks: [
        { device: 'sda', gib: 100 },
        { device: 'sdb', gib: 900 },
      ],
    },
  },
  {
    ...INSTANCE,
    cloud_service_id: 'cloud-svc-0000000000b1',
    name: 'shop-images',
    cloud_service_group: 'S3',
    cloud_service_type: 'Bucket',
    resource_id: 'shop-images',
    tags: { aws: { team: 'shop' } },
    data: { gib: 812 },
  },
  {
    cloud_service_id: 'cloud-svc-0000000000c1',
    name: 'shop web',
    provider: 'azure',
    cloud_service_group: 'Compute',
    cloud_service_type: 'VirtualMachine',
    account: 'sub-77',
    region_code: 'westeurope',
    resource_id: 'vm-77',
    created_at: '2025-12-20T08:00:00.000Z',
    tags: { azure: { team: 'shop' } },
    data: { cores: 8, os: 'linux' },
  },
  {
    ...INSTANCE,
    cloud_service_id: 'cloud-svc-0000000000d1',
    name: 'web-0',
    state: 'DELETED',
    deleted_at: '2026-01-01T12:00:00.000Z',
    resource_id: 'i-0a0',
    data: { cores: 2, os: 'linux' },
  },
]
