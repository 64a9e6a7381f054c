import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'spaceone.api.secret.v1.Secret'
const { answers, refuses } = casesOf(SERVICE)

const INVALID = 'ERROR_INVALID_PARAMETER'
const PROJECT = 'project-00000000000a'
const SHOWN = {
  name: 'Acme production',
  schema: 'acme_key',
  tags: { team: 'shop' },
  secret_type: 'CREDENTIALS',
}
const WHOLE = { ...SHOWN, data: { token: 'of-the-shop' } }

const create =
  (fields: object = {}) =>
  async ({ domain_id }: World) => ({ domain_id, ...WHOLE, ...fields })

const own =
  (fields: object = {}) =>
  async (world: World) => ({ ...(await world.secret(WHOLE)), ...fields })

const naming = (method: string, fields = {}) => namingCases(SERVICE, method, 'secret_id', own(), fields)

export const SECRET_CASES = [
  answers(
    'create',
    'one of a service account, whose provider it takes over',
    async (world) => {
      const { service_account_id } = await world.serviceAccount()
      return { domain_id: world.domain_id, ...WHOLE, service_account_id, project_id: PROJECT }
    },
    { ...SHOWN, provider: 'acme', project_id: PROJECT },
  ),
  answers('create', 'one of no account', create(), {
    ...SHOWN,
    provider: '',
    service_account_id: '',
    project_id: '',
  }),
  refuses('create', 'without anything', async ({ domain_id }) => ({ domain_id }), [
    'invalid',
    'ERROR_REQUIRED_PARAMETER',
    ["'name'", "'data'"],
  ]),
  refuses(
    'create',
    'everything wrong at once, the references too',
    create({
      schema: 's'.repeat(41),
      trusted_secret_id: 'trusted-1',
      service_account_id: 'sa-ffffffffffff',
      project_id: 'project-ffffffffffff',
    }),
    [
      'invalid',
      INVALID,
      [
        "'schema'",
        "'trusted_secret_id'",
        "service account 'sa-ffffffffffff' not found",
        "project 'project-ffffffffffff' not found",
      ],
    ],
  ),
  refuses('create', 'an unknown account', create({ service_account_id: 'sa-ffffffffffff' }), [
    'not_found',
    'ERROR_NOT_FOUND',
    'sa-ffffffffffff',
  ]),

  answers('update', 'name, tags and project', own({ name: 'Two', tags: {}, project_id: PROJECT }), {
    name: 'Two',
    tags: {},
    project_id: PROJECT,
    schema: 'acme_key',
  }),
  answers(
    'update',
    'out of its project',
    async (world) => ({ ...(await world.secret({ project_id: PROJECT })), release_project: true }),
    { project_id: '' },
  ),
  refuses('update', 'out of its project and into one', own({ release_project: true, project_id: PROJECT }), [
    'invalid',
    INVALID,
    "'release_project'",
  ]),
  refuses('update', 'to an unknown project', own({ project_id: 'project-ffffffffffff' }), [
    'not_found',
    'ERROR_NOT_FOUND',
    'project-ffffffffffff',
  ]),
  ...naming('update', { name: 'x' }),

  answers('update_data', 'data of another schema', own({ data: { key: 'new' }, schema: 'acme_token' }), {}),
  refuses('update_data', 'no data', own({ data: {} }), ['invalid', 'ERROR_REQUIRED_PARAMETER', "'data'"]),
  refuses('update_data', 'a schema of 41 characters', own({ data: { a: 1 }, schema: 's'.repeat(41) }), [
    'invalid',
    INVALID,
    "'schema'",
  ]),
  ...naming('update_data', { data: { a: 1 } }),

  refuses('get_data', 'what only plugins are handed', own(), [
    'forbidden',
    'ERROR_PERMISSION_DENIED',
    'are not shown',
  ]),
  ...naming('get_data'),

  answers('get', 'one secret, without its data', own(), SHOWN),
  answers('get', 'some fields of it', own({ only: ['name'] }), { name: SHOWN.name }),
  refuses('get', 'its data as a field', own({ only: ['data'] }), ['invalid', 'ERROR_', 'data']),
  ...naming('get'),

  answers(
    'list',
    'one by each of its fields',
    async (world) => {
      const { service_account_id } = await world.serviceAccount()
      const secret = await world.secret({ ...WHOLE, service_account_id })
      const { name, schema, secret_type } = SHOWN
      const query = { only: ['name', 'provider'] }
      return { ...secret, name, schema, secret_type, provider: 'acme', service_account_id, query }
    },
    { total_count: 1, results: [{ name: SHOWN.name, provider: 'acme' }] },
  ),
  answers('list', 'none of another schema', own({ schema: 'other' }), { total_count: 0, results: [] }),
  refuses('list', 'combined ones', own({ trusted_secret_id: 'trusted-1' }), [
    'invalid',
    INVALID,
    "'trusted_secret_id'",
  ]),
  refuses(
    'list',
    'by what is in its data',
    async ({ domain_id }) => ({
      domain_id,
      query: { filter: [{ k: 'data.token', v: 'of', o: 'contain' }] },
    }),
    ['invalid', 'ERROR_', 'data.token'],
  ),
  answers(
    'stat',
    'the schemas of one name',
    async (world) => {
      const name = world.unique('counted')
      await world.secret({ ...WHOLE, name })
      const filter = [{ k: 'name', v: name, o: 'eq' }]
      return { domain_id: world.domain_id, query: { filter, distinct: 'schema' } }
    },
    { results: ['acme_key'] },
  ),

  answers('delete', 'a secret that nobody selects', own(), {}),
  refuses(
    'delete',
    'one that is in a group',
    async (world) => {
      const secret = await world.secret()
      const group = await world.secretGroup()
      await world.given('spaceone.api.secret.v1.SecretGroup.add_secret', { ...group, ...secret })
      return secret
    },
    ['failed_precondition', 'ERROR_SECRET_IN_USE', "secret group 'All keys'"],
  ),
  ...naming('delete'),
]
