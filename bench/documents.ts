import { createHash } from 'node:crypto'
import { create, type JsonObject, type JsonValue, toBinary } from '@bufbuild/protobuf'
import {
  ResourceInfo_State,
  ResourceInfoSchema,
} from '../src/gen/spaceone/api/inventory/plugin/collector_pb.ts'

/** How a benchmark document may differ from the first time it was sent. */
export type Variation = {
  /** Raises one number inside every n-th document; 0 changes none. */
  readonly changeEvery?: number
  /** Writes all maps in the opposite key order: other bytes, same content. */
  readonly isReordered?: boolean
}

/**
 * Deterministic synthetic resources of about 2 KB, with the keys, tags and references that instances of
 * clouds have.
 */
export function* makeMessages(count: number, variation: Variation = {}): Generator<Uint8Array> {
  for (let at = 0; at < count; at++) yield toMessage(makeResource(at, variation), variation)
}

/** One resource as a plugin would yield it. */
export function makeResource(at: number, { changeEvery = 0 }: Variation = {}): JsonObject {
  const revision = changeEvery > 0 && at % changeEvery === 0 ? 2 : 1
  const id = hex(`instance ${at}`, 17)
  const region = `eu-${(at % 6) + 1}`
  return {
    name: `web-${at % 500}-${id.slice(0, 6)}`,
    provider: 'bench',
    account: String(400_000_000_000 + (at % 20)),
    cloud_service_group: 'Compute',
    cloud_service_type: TYPES[at % TYPES.length] ?? 'Instance',
    region_code: region,
    instance_type: `m7.${['small', 'large', 'xlarge'][at % 3]}`,
    instance_size: 2 ** (at % 6),
    ip_addresses: [`10.${at % 250}.${(at >> 8) % 250}.${(at >> 16) % 250}`],
    reference: {
      resource_id: `bench:compute:${region}:${400_000_000_000 + (at % 20)}:instance/i-${id}`,
      external_link: `https://console.bench.example/compute/${region}/i-${id}`,
    },
    tags: {
      team: `team-${at % 40}`,
      stage: ['dev', 'test', 'prod'][at % 3] ?? 'dev',
      'cost-center': String(at % 900),
      Name: `web-${at % 500}`,
    },
    metadata: { view: { sub_data: { layouts: [] } } },
    data: makeData(at, id, region, revision),
  }
}

const TYPES = ['Instance', 'Volume', 'Interface', 'Snapshot', 'Gateway']

function makeData(at: number, id: string, region: string, revision: number): JsonObject {
  return {
    instance_id: `i-${id}`,
    image_id: `ami-${hex(`image ${at % 60}`, 17)}`,
    revision,
    launched_at: `2026-0${(at % 9) + 1}-1${at % 9}T0${at % 9}:12:45.000Z`,
    state: { code: 16, name: 'running' },
    placement: { zone: `${region}${'abc'[at % 3]}`, tenancy: 'default', group: '' },
    monitoring: { enabled: at % 2 === 0, interval_s: 60 },
    network: {
      vpc: { id: `vpc-${hex(`vpc ${at % 30}`, 17)}`, cidr: '10.0.0.0/8' },
      subnet: { id: `subnet-${hex(`subnet ${at % 90}`, 17)}`, zone: `${region}a` },
      interfaces: [0, 1].map((nic) => ({
        id: `eni-${hex(`nic ${at} ${nic}`, 17)}`,
        mac: `0a:${hex(`mac ${at} ${nic}`, 10).match(/../g)?.join(':')}`,
        private_ip: `10.${at % 250}.${(at >> 8) % 250}.${nic + 4}`,
        source_dest_check: true,
        security_groups: [0, 1].map((sg) => ({
          id: `sg-${hex(`sg ${at % 70} ${sg}`, 17)}`,
          name: `web-${sg}`,
        })),
      })),
    },
    volumes: [0, 1, 2].map((disk) => ({
      id: `vol-${hex(`disk ${at} ${disk}`, 17)}`,
      device: `/dev/sd${'abc'[disk]}`,
      size_gb: 20 * (disk + 1),
      encrypted: true,
      iops: 3_000,
      kind: 'gp3',
    })),
    owner: {
      arn: `arn:bench:iam::${at % 20}:role/${hex(`role ${at % 35}`, 20)}`,
      contact: `team-${at % 40}@bench.example`,
    },
    notes: hex(`notes ${at}`, 160),
  }
}

function toMessage(resource: JsonObject, { isReordered = false }: Variation): Uint8Array {
  return toBinary(
    ResourceInfoSchema,
    create(ResourceInfoSchema, {
      state: ResourceInfo_State.SUCCESS,
      resourceType: 'inventory.CloudService',
      matchRules: {
        '1': ['reference.resource_id', 'provider', 'cloud_service_type', 'cloud_service_group', 'account'],
      },
      resource: isReordered ? reorder(resource) : resource,
    }),
  )
}

function reorder<T extends JsonValue>(value: T): T
function reorder(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((each) => reorder(each))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, reorder(each)]),
  )
}

function hex(seed: string, length: number): string {
  let text = ''
  for (let part = 0; text.length < length; part++)
    text += createHash('sha256').update(`${seed} ${part}`).digest('hex')
  return text.slice(0, length)
}
