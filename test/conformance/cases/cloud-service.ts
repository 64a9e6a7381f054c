import { expect } from 'vitest'
import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'spaceone.api.inventory.v1.CloudService'
const { answers, refuses } = casesOf(SERVICE)

const BUCKET = { provider: 'acme', cloud_service_group: 'ObjectStore', cloud_service_type: 'Bucket' }
const WHOLE = {
  ...BUCKET,
  name: 'logs-eu',
  account: '40017',
  instance_type: 'standard',
  instance_size: 12.5,
  ip_addresses: ['10.0.0.7'],
  data: { versioning: true, objects: 42 },
  metadata: { view: {} },
  tags: { team: 'shop' },
  region_code: 'eu-1',
}

const create =
  (fields: object = {}) =>
  async ({ domain_id, unique }: World) => ({
    domain_id,
    ...WHOLE,
    reference: { resource_id: unique('acme:os'), external_link: 'https://console.acme.example/logs-eu' },
    ...fields,
  })

const own = async (world: World) => {
  const made = await world.given(`${SERVICE}.create`, await create()(world))
  return { domain_id: world.domain_id, cloud_service_id: String(made.cloud_service_id) }
}

const naming = (method: string, rest = {}) => namingCases(SERVICE, method, 'cloud_service_id', own, rest)

export const CLOUD_SERVICE_CASES = [
  answers('create', 'every field', create(), {
    ...WHOLE,
    state: 'ACTIVE',
    metadata: { acme: { view: {} } },
    tags: { acme: { team: 'shop' } },
    tag_keys: { acme: ['team'] },
    collection_info: [],
  }),
  refuses(
    'create',
    'neither type nor group nor provider',
    async ({ domain_id }) => ({ domain_id, data: {} }),
    ['invalid', 'ERROR_REQUIRED_PARAMETER', "'provider'"],
  ),
  answers(
    'create',
    'one of a project',
    async (world) => ({ ...(await create()(world)), project_id: (await world.project()).project_id }),
    { project_id: expect.stringMatching(/^project-/) },
  ),
  refuses('create', 'an unknown project', create({ project_id: 'project-fffffffffff0' }), [
    'not_found',
    'ERROR_NOT_FOUND',
    'project-fffffffffff0',
  ]),
  refuses(
    'create',
    'a second one of the same key',
    async (world) => {
      const twin = await create()(world)
      await world.given(`${SERVICE}.create`, twin)
      return twin
    },
    ['already_exists', 'ERROR_NOT_UNIQUE', 'cloud-svc-'],
  ),

  answers(
    'update',
    'every field but the project',
    async (world) => ({
      ...(await own(world)),
      name: 'logs',
      account: '40018',
      instance_type: 'cold',
      instance_size: 1.5,
      ip_addresses: ['10.0.0.8'],
      data: { owner: 'ops' },
      metadata: { note: 1 },
      reference: { external_link: 'https://console.acme.example/logs' },
      tags: { stage: 'prod' },
      region_code: 'eu-2',
    }),
    {
      name: 'logs',
      account: '40018',
      instance_type: 'cold',
      instance_size: 1.5,
      ip_addresses: ['10.0.0.8'],
      data: { versioning: true, objects: 42, owner: 'ops' },
      tags: { acme: { team: 'shop' }, custom: { stage: 'prod' } },
      region_code: 'eu-2',
    },
  ),
  answers(
    'update',
    'into a project',
    async (world) => ({ ...(await own(world)), project_id: (await world.project()).project_id }),
    { project_id: expect.stringMatching(/^project-/) },
  ),
  refuses(
    'update',
    'into an unknown project',
    async (world) => ({ ...(await own(world)), project_id: 'project-fffffffffff0' }),
    ['not_found', 'ERROR_NOT_FOUND', 'project-fffffffffff0'],
  ),
  answers(
    'update',
    'without a region and a project from now on',
    async (world) => ({ ...(await own(world)), release_region: true, release_project: true }),
    { region_code: '', project_id: '' },
  ),
  ...naming('update', { name: 'x' }),

  answers('get', 'one resource', own, { ...BUCKET, name: 'logs-eu', state: 'ACTIVE' }),
  answers('get', 'some fields of it', async (world) => ({ ...(await own(world)), only: ['name'] }), {
    name: 'logs-eu',
  }),
  ...naming('get'),

  answers('delete', 'one resource', own, {}),
  ...naming('delete'),

  answers(
    'list',
    'one by each of its fields',
    async (world) => {
      const name = world.unique('listed')
      const { ip_addresses, data, metadata, tags, instance_size, ...equal } = WHOLE
      await world.given(`${SERVICE}.create`, await create({ name })(world))
      return { ...equal, domain_id: world.domain_id, name, state: 'ACTIVE', ip_address: '10.0.0.7' }
    },
    { total_count: 1, results: [BUCKET] },
  ),
  answers('list', 'one by its id', own, { total_count: 1 }),
  answers(
    'list',
    'how many a query finds, of one project',
    async (world) => ({
      domain_id: world.domain_id,
      project_id: 'project-ffffffffffff',
      query: { filter: [{ k: 'provider', v: 'acme', o: 'eq' }], count_only: true },
    }),
    { total_count: 0, results: [] },
  ),
  refuses(
    'list',
    'a resource group, which this server does not have',
    async ({ domain_id }) => ({ domain_id, resource_group_id: 'rg-1' }),
    ['invalid', 'ERROR_INVALID_PARAMETER', "'resource_group_id'"],
  ),
  refuses(
    'list',
    'a project group, which this server does not have',
    async ({ domain_id }) => ({ domain_id, project_group_id: 'pg-1' }),
    ['invalid', 'ERROR_INVALID_PARAMETER', "'project_group_id'"],
  ),

  answers(
    'stat',
    'a group by provider',
    async (world) => {
      await own(world)
      const keys = [{ key: 'provider', name: 'provider' }]
      const aggregate = [{ group: { keys, fields: [{ name: 'total', operator: 'count' }] } }]
      return { domain_id: world.domain_id, query: { aggregate } }
    },
    { results: [{ provider: 'acme', total: expect.any(Number) }] },
  ),
  answers(
    'analyze',
    'a group by provider',
    async (world) => {
      await own(world)
      const query = { group_by: ['provider'], fields: { total: { operator: 'count' } } }
      return { domain_id: world.domain_id, query }
    },
    { results: [{ provider: 'acme', total: expect.any(Number) }] },
  ),
]
