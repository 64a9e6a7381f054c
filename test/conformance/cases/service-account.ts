import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'spaceone.api.identity.v1.ServiceAccount'
const { answers, refuses } = casesOf(SERVICE)

const INVALID = 'ERROR_INVALID_PARAMETER'
const PROJECT = 'project-00000000000a'
const ACCOUNT = { name: 'Acme production', provider: 'acme', data: { account_id: '40017' } }
const WHOLE = { ...ACCOUNT, tags: { team: 'shop' }, service_account_type: 'GENERAL' }

const create =
  (fields: object = {}) =>
  async ({ domain_id }: World) => ({ domain_id, ...WHOLE, ...fields })

const own =
  (fields: object = {}) =>
  async (world: World) => ({ ...(await world.serviceAccount(WHOLE)), ...fields })

const naming = (method: string, fields = {}) =>
  namingCases(SERVICE, method, 'service_account_id', own(), fields)

export const SERVICE_ACCOUNT_CASES = [
  answers('create', 'an account of a project', create({ project_id: PROJECT }), {
    ...WHOLE,
    scope: 'PROJECT',
    project_info: { project_id: PROJECT, name: 'Shop' },
  }),
  answers('create', 'an account of the whole domain', create(), { ...WHOLE, scope: 'DOMAIN' }),
  refuses('create', 'without anything', async ({ domain_id }) => ({ domain_id }), [
    'invalid',
    'ERROR_REQUIRED_PARAMETER',
    ["'name'", "'data'", "'provider'"],
  ]),
  refuses(
    'create',
    'everything wrong at once',
    create({
      provider: 'p'.repeat(41),
      service_account_type: 'TRUSTED',
      trusted_service_account_id: 'sa-1',
      project_id: 'project-ffffffffffff',
    }),
    [
      'invalid',
      INVALID,
      [
        "'provider'",
        "'service_account_type'",
        "'trusted_service_account_id'",
        "project 'project-ffffffffffff' not found",
      ],
    ],
  ),
  refuses('create', 'an unknown project', create({ project_id: 'project-ffffffffffff' }), [
    'not_found',
    'ERROR_NOT_FOUND',
    'project-ffffffffffff',
  ]),

  answers(
    'update',
    'all that can be changed',
    own({ name: 'Two', data: { account_id: '2' }, tags: {}, project_id: PROJECT }),
    {
      name: 'Two',
      data: { account_id: '2' },
      tags: {},
      provider: 'acme',
      project_info: { project_id: PROJECT },
    },
  ),
  refuses(
    'update',
    'what this server does not have',
    own({ trusted_service_account_id: 'sa-1', release_trusted_service_account: true }),
    ['invalid', INVALID, "'release_trusted_service_account'"],
  ),
  refuses('update', 'to an unknown project', own({ project_id: 'project-ffffffffffff' }), [
    'not_found',
    'ERROR_NOT_FOUND',
    'project-ffffffffffff',
  ]),
  ...naming('update', { name: 'x' }),

  answers('get', 'one account', own(), { ...WHOLE, scope: 'DOMAIN' }),
  answers('get', 'some fields of it', own({ only: ['name'] }), { name: WHOLE.name }),
  ...naming('get'),

  answers(
    'list',
    'one by each of its fields',
    async (world) => {
      const account = await world.serviceAccount({ ...WHOLE, project_id: PROJECT })
      const { name, provider, service_account_type } = WHOLE
      return {
        ...account,
        name,
        provider,
        service_account_type,
        project_id: PROJECT,
        scope: 'PROJECT',
        query: { only: ['name'] },
      }
    },
    { total_count: 1, results: [{ name: WHOLE.name }] },
  ),
  answers('list', 'none of another scope', own({ scope: 'PROJECT' }), { total_count: 0, results: [] }),
  answers('list', 'none of another provider', own({ provider: 'aws' }), { total_count: 0, results: [] }),
  refuses(
    'list',
    'combined ones',
    async ({ domain_id }) => ({
      domain_id,
      trusted_service_account_id: 'sa-1',
    }),
    ['invalid', INVALID, "'trusted_service_account_id'"],
  ),
  answers(
    'stat',
    'the providers of all',
    async (world) => {
      await world.serviceAccount()
      return { domain_id: world.domain_id, query: { distinct: 'provider' } }
    },
    { results: ['acme'] },
  ),

  answers('delete', 'an account that nothing belongs to', own(), {}),
  refuses(
    'delete',
    'one that a secret belongs to',
    async (world) => {
      const account = await world.serviceAccount()
      await world.secret({ service_account_id: account.service_account_id })
      return account
    },
    ['failed_precondition', 'ERROR_SERVICE_ACCOUNT_IN_USE', "secret 'Acme key'"],
  ),
  ...naming('delete'),
]
