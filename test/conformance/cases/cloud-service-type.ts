import { expect } from 'vitest'
import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'spaceone.api.inventory.v1.CloudServiceType'
const { answers, refuses } = casesOf(SERVICE)

const WHOLE = {
  provider: 'acme',
  group: 'ObjectStore',
  service_code: 'AcmeOS',
  is_primary: true,
  is_major: true,
  resource_type: 'inventory.CloudService',
  metadata: { view: {} },
  labels: ['Storage'],
  tags: { icon: 'bucket.svg' },
}

const create =
  (fields: object = {}) =>
  async ({ domain_id, unique }: World) => ({ domain_id, name: unique('Bucket'), ...WHOLE, ...fields })

const own = async (world: World) => {
  const made = await world.given(`${SERVICE}.create`, await create()(world))
  return { domain_id: world.domain_id, cloud_service_type_id: String(made.cloud_service_type_id) }
}

const naming = (method: string, rest = {}) => namingCases(SERVICE, method, 'cloud_service_type_id', own, rest)

export const CLOUD_SERVICE_TYPE_CASES = [
  answers('create', 'every field', create(), WHOLE),
  refuses('create', 'no name', create({ name: '' }), ['invalid', 'ERROR_REQUIRED_PARAMETER', "'name'"]),

  answers(
    'update',
    'every field',
    async (world) => ({
      ...(await own(world)),
      service_code: 'AcmeBlob',
      is_primary: true,
      is_major: true,
      resource_type: 'inventory.CloudService',
      metadata: { view: { table: {} } },
      labels: ['Blob'],
      tags: { icon: 'blob.svg' },
    }),
    {
      service_code: 'AcmeBlob',
      labels: ['Blob'],
      tags: { icon: 'blob.svg' },
      metadata: { view: { table: {} } },
    },
  ),
  ...naming('update', { service_code: 'x' }),

  answers('get', 'one type', own, WHOLE),
  answers('get', 'some fields of it', async (world) => ({ ...(await own(world)), only: ['group'] }), {
    group: 'ObjectStore',
  }),
  ...naming('get'),
  answers('delete', 'one type', own, {}),
  ...naming('delete'),

  answers(
    'list',
    'one by each of its fields',
    async (world) => {
      const { name, ...given } = await create()(world)
      const made = await world.given(`${SERVICE}.create`, { name, ...given })
      const { metadata, labels, tags, ...equal } = WHOLE
      return {
        ...equal,
        domain_id: world.domain_id,
        name,
        cloud_service_type_id: String(made.cloud_service_type_id),
        cloud_service_type_key: `acme.ObjectStore.${name}`,
        query: { page: { limit: 5 } },
      }
    },
    { total_count: 1, results: [WHOLE] },
  ),
  answers(
    'stat',
    'the groups there are',
    async (world) => {
      await own(world)
      return { domain_id: world.domain_id, query: { distinct: 'group' } }
    },
    { results: expect.arrayContaining(['ObjectStore']) },
  ),
]
