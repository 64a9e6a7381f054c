import type { Database } from '../../src/storage/index.ts'
import { givenDomain } from '../inventory/read/given.ts'

/** The domain that the guides speak of, which is also the one `gleaner` works in. */
export const GUIDE_DOMAIN = 'domain-000000000001'

/** A small shop in two clouds; what the examples of the guides find. */
export async function givenSampleInventory(db: Database): Promise<void> {
  const { cloudService } = await givenDomain(db, GUIDE_DOMAIN)
  for (const row of RESOURCES) await cloudService({ created_seq: 40, ...row })
  await givenHistory(db)
}

/** What happened to them before, as collectors and people leave it. */
async function givenHistory(db: Database): Promise<void> {
  await db.query(
    `update domain set created_at = '2025-10-01', history_since = '2025-11-01' where domain_id = $1`,
    [GUIDE_DOMAIN],
  )
  for (const [seq, endedAt] of TASKS) {
    await db.query(
      `insert into past_task (domain_id, job_task_id, seq, job_id, collector_id, provider, service_account_id, ended_at)
       values ($1, $2, $3, $4, 'collector-0000000000aa', 'aws', '', $5)`,
      [GUIDE_DOMAIN, `job-task-0000000000${seq}`, seq, `job-0000000000${seq}`, endedAt],
    )
  }
  for (const { id, at, action = 'UPDATE', seq = null, evidence = null, ...change } of CHANGES) {
    await db.query(
      `insert into change_record (domain_id, cloud_service_id, action, task_seq, changes, evidence, created_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [GUIDE_DOMAIN, `cloud-svc-0000000000${id}`, action, seq, JSON.stringify([change]), evidence, at],
    )
  }
}

const TASKS = [
  [40, '2025-11-03T08:00:00.000Z'],
  [41, '2025-12-15T06:00:00.000Z'],
  [42, '2025-12-16T06:00:00.000Z'],
  [43, '2025-12-18T06:00:00.000Z'],
  [44, '2025-12-22T06:00:00.000Z'],
  [45, '2026-01-01T12:00:00.000Z'],
] as const

type PastChange = {
  readonly id: string
  readonly at: string
  readonly action?: string
  readonly seq?: number
  readonly evidence?: object
  readonly p: string
  readonly b: unknown
  readonly a: unknown
}

const CHANGES: readonly PastChange[] = [
  { id: 'a1', at: '2025-12-15T06:00:00.000Z', seq: 41, p: 'data.cores', b: 2, a: 4 },
  { id: 'b1', at: '2025-12-16T06:00:00.000Z', seq: 42, p: 'data.gib', b: 700, a: 650 },
  { id: 'b1', at: '2025-12-18T06:00:00.000Z', seq: 43, p: 'data.gib', b: 650, a: 700 },
  {
    id: 'a2',
    at: '2025-12-20T10:00:00.000Z',
    evidence: { kind: 'user', by: 'api-key-00000000007a' },
    p: 'tags.aws.stage',
    b: 'prod',
    a: 'test',
  },
  { id: 'b1', at: '2025-12-22T06:00:00.000Z', seq: 44, p: 'data.gib', b: 700, a: 812 },
  {
    id: 'd1',
    at: '2026-01-01T12:00:00.000Z',
    action: 'DELETE',
    seq: 45,
    p: 'state',
    b: 'ACTIVE',
    a: 'DELETED',
  },
]

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
    updated_at: '2026-01-01T12:00:00.000Z',
    resource_id: 'i-0a0',
    data: { cores: 2, os: 'linux' },
  },
]
