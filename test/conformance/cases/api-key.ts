import { expect } from 'vitest'
import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'gleaner.v1.ApiKey'
const { answers, refuses } = casesOf(SERVICE)

const create =
  (fields: object = {}) =>
  async ({ domain_id }: World) => ({ domain_id, name: 'Nightly report', role: 'VIEWER', ...fields })

const own =
  (fields: object = {}) =>
  async (world: World) => {
    const { info } = await world.given(`${SERVICE}.create`, await create()(world))
    return { domain_id: world.domain_id, api_key_id: String(Object(info).api_key_id), ...fields }
  }

const naming = (method: string) => namingCases(SERVICE, method, 'api_key_id', own())

export const API_KEY_CASES = [
  answers(
    'create',
    'one that reads a project for a while',
    async (world) => {
      const { project_id } = await world.project()
      return create({ projects: [project_id], expires_at: '2099-12-31T00:00:00.000Z' })(world)
    },
    {
      api_key: expect.stringMatching(/^glnr_/),
      info: {
        name: 'Nightly report',
        role: 'VIEWER',
        state: 'ENABLED',
        expires_at: '2099-12-31T00:00:00.000Z',
      },
    },
  ),
  refuses(
    'create',
    'everything wrong at once, projects too',
    create({
      name: '',
      role: 'ROLE_NONE',
      projects: ['no project', 'project-ffffffffffff', 'project-eeeeeeeeeeee'],
      expires_at: 'tomorrow',
    }),
    [
      'invalid',
      'ERROR_REQUIRED_PARAMETER',
      [
        "'name'",
        "'role'",
        "'projects'",
        "project 'project-ffffffffffff' not found",
        "project 'project-eeeeeeeeeeee' not found",
        "'expires_at'",
      ],
    ],
  ),
  refuses('create', 'no name', create({ name: '' }), ['invalid', 'ERROR_REQUIRED_PARAMETER', "'name'"]),
  refuses('create', 'no role', create({ role: 'ROLE_NONE' }), [
    'invalid',
    'ERROR_REQUIRED_PARAMETER',
    "'role'",
  ]),
  refuses('create', 'one that has expired already', create({ expires_at: '2020-01-01T00:00:00.000Z' }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'expires_at'",
  ]),
  refuses('create', 'a project that does not exist', create({ projects: ['project-ffffffffffff'] }), [
    'not_found',
    'ERROR_NOT_FOUND',
    'project-ffffffffffff',
  ]),

  answers('get', 'one key, which is never shown again', own(), { name: 'Nightly report', role: 'VIEWER' }),
  ...naming('get'),
  answers('disable', 'a key', own(), { state: 'DISABLED' }),
  ...naming('disable'),
  answers('enable', 'a key, again', own(), { state: 'ENABLED' }),
  ...naming('enable'),
  answers('delete', 'a key', own(), {}),
  ...naming('delete'),

  answers(
    'list',
    'one by each of its fields',
    async (world) => {
      const name = world.unique('listed key')
      await world.given(`${SERVICE}.create`, await create({ name })(world))
      return { domain_id: world.domain_id, name, state: 'ENABLED', query: { page: { limit: 5 } } }
    },
    { total_count: 1, results: [{ role: 'VIEWER', projects: [] }] },
  ),
]
