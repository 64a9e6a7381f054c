import { expect } from 'vitest'
import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'spaceone.api.identity.v1.Project'
const { answers, refuses } = casesOf(SERVICE)

const INVALID = 'ERROR_INVALID_PARAMETER'
const NO_MEMBERS = ['unimplemented', 'ERROR_UNIMPLEMENTED', 'API keys'] as const

const create =
  (fields: object = {}) =>
  async ({ domain_id }: World) => ({ domain_id, name: 'Shop', ...fields })

const own =
  (fields: object = {}) =>
  async (world: World) => ({ ...(await world.project()), ...fields })

const naming = (method: string, fields = {}) => namingCases(SERVICE, method, 'project_id', own(), fields)

export const PROJECT_CASES = [
  answers('create', 'a name and tags', create({ tags: { team: 'shop' } }), {
    name: 'Shop',
    tags: { team: 'shop' },
    created_by: expect.stringMatching(/^api-key-/),
  }),
  refuses('create', 'everything wrong at once', create({ name: '', project_group_id: 'pg-1' }), [
    'invalid',
    'ERROR_REQUIRED_PARAMETER',
    "'project_group_id'",
  ]),
  refuses('create', 'a name of 256 characters', create({ name: 'n'.repeat(256) }), [
    'invalid',
    INVALID,
    "'name'",
  ]),

  answers('update', 'name and tags', own({ name: 'Store', tags: { a: 'b' } }), {
    name: 'Store',
    tags: { a: 'b' },
  }),
  answers('update', 'the tags alone, emptied', own({ tags: {} }), { name: 'Shop', tags: {} }),
  refuses('update', 'a project group', own({ project_group_id: 'pg-1' }), [
    'invalid',
    INVALID,
    "'project_group_id'",
  ]),
  ...naming('update', { name: 'x' }),

  answers('get', 'one project', own(), { name: 'Shop' }),
  answers('get', 'some fields of it', own({ only: ['name'] }), { name: 'Shop' }),
  refuses('get', 'an unknown field', own({ only: ['no_such_field'] }), [
    'invalid',
    'ERROR_',
    'no_such_field',
  ]),
  ...naming('get'),

  answers('list', 'one by id and name', own({ name: 'Shop', query: { only: ['name'] } }), {
    total_count: 1,
    results: [{ name: 'Shop' }],
  }),
  answers('list', 'none of another name', own({ name: 'Store' }), { total_count: 0, results: [] }),
  refuses(
    'list',
    'of a user in a group',
    async ({ domain_id }) => ({
      domain_id,
      project_group_id: 'pg-1',
      user_id: 'me',
    }),
    ['invalid', INVALID, "'user_id'"],
  ),
  answers(
    'stat',
    'how many there are of a name',
    async (world) => {
      const name = world.unique('counted')
      await world.project({ name })
      const filter = [{ k: 'name', v: name, o: 'eq' }]
      return { domain_id: world.domain_id, query: { filter, distinct: 'name' } }
    },
    { results: [expect.stringMatching(/^counted/)] },
  ),
  refuses('stat', 'nothing', async ({ domain_id }) => ({ domain_id, query: {} }), [
    'invalid',
    'ERROR_REQUIRED_PARAMETER',
    "'query.aggregate'",
  ]),

  refuses(
    'add_member',
    'a user',
    own({ user_id: 'me', role_id: 'r', labels: ['x'], tags: { a: 1 }, is_external_user: true }),
    NO_MEMBERS,
  ),
  refuses('modify_member', 'a user', own({ user_id: 'me', labels: ['x'], tags: { a: 1 } }), NO_MEMBERS),
  refuses('remove_member', 'a user', own({ user_id: 'me' }), NO_MEMBERS),
  answers(
    'list_members',
    'there are none',
    own({ user_id: 'me', role_id: 'r', include_parent_member: true, query: {} }),
    { total_count: 0, results: [] },
  ),
  ...naming('list_members'),

  answers('delete', 'a project that nothing belongs to', own(), {}),
  refuses(
    'delete',
    'one that a secret, an account and a collector belong to',
    async (world) => {
      const project = await world.project()
      const { project_id } = project
      await world.secret({ project_id })
      await world.serviceAccount({ project_id })
      await world.collector({ project_id })
      return project
    },
    ['failed_precondition', 'ERROR_PROJECT_IN_USE', "service account 'Acme account'"],
  ),
  ...naming('delete'),
]
