import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'spaceone.api.secret.v1.SecretGroup'
const { answers, refuses } = casesOf(SERVICE)

const GROUP = { name: 'Production', tags: { team: 'shop' } }

const own =
  (fields: object = {}) =>
  async (world: World) => ({ ...(await world.secretGroup(GROUP)), ...fields })

/** A group and a secret that is not in it. */
const apart = async (world: World) => ({ ...(await world.secretGroup(GROUP)), ...(await world.secret()) })

/** A group and the secret that is in it. */
async function together(world: World) {
  const both = await apart(world)
  await world.given(`${SERVICE}.add_secret`, both)
  return both
}

const naming = (method: string, fields = {}) => namingCases(SERVICE, method, 'secret_group_id', own(), fields)

export const SECRET_GROUP_CASES = [
  answers('create', 'a name and tags', async ({ domain_id }) => ({ domain_id, ...GROUP }), GROUP),
  refuses('create', 'no name', async ({ domain_id }) => ({ domain_id }), [
    'invalid',
    'ERROR_REQUIRED_PARAMETER',
    "'name'",
  ]),

  answers('update', 'name and tags', own({ name: 'Others', tags: {} }), { name: 'Others', tags: {} }),
  answers('update', 'the name alone', own({ name: 'Others' }), { ...GROUP, name: 'Others' }),
  ...naming('update', { name: 'x' }),

  answers('add_secret', 'a secret', apart, {
    secret_group_info: GROUP,
    secret_info: { name: 'Acme key' },
  }),
  refuses('add_secret', 'one that is in it already', together, [
    'already_exists',
    'ERROR_NOT_UNIQUE',
    'already',
  ]),
  ...namingCases(SERVICE, 'add_secret', 'secret_group_id', apart).slice(0, 2),
  ...namingCases(SERVICE, 'add_secret', 'secret_id', apart).slice(0, 2),
  refuses(
    'add_secret',
    'group and secret of another domain, in one answer',
    async (world) => ({ ...(await apart(world)), domain_id: world.foreign.domain_id }),
    ['invalid', 'ERROR_', 'secret group'],
  ),

  answers('remove_secret', 'a secret', together, {}),
  refuses('remove_secret', 'one that is not in it', apart, ['not_found', 'ERROR_NOT_FOUND', 'secret group']),
  ...namingCases(SERVICE, 'remove_secret', 'secret_group_id', together),
  ...namingCases(SERVICE, 'remove_secret', 'secret_id', together),

  answers('get', 'one group', own(), GROUP),
  answers('get', 'some fields of it', own({ only: ['tags'] }), { tags: GROUP.tags }),
  ...naming('get'),

  answers(
    'list',
    'those that a secret is in',
    async (world) => ({ ...(await together(world)), name: GROUP.name, query: { only: ['name'] } }),
    { total_count: 1, results: [{ name: GROUP.name }] },
  ),
  answers('list', 'none that a secret is in', apart, { total_count: 0, results: [] }),
  answers(
    'stat',
    'the names of one group',
    async (world) => {
      const { domain_id, secret_group_id } = await world.secretGroup(GROUP)
      const filter = [{ k: 'secret_group_id', v: secret_group_id, o: 'eq' }]
      return { domain_id, query: { filter, distinct: 'name' } }
    },
    { results: [GROUP.name] },
  ),

  answers('delete', 'a group, whose secrets stay', own(), {}),
  ...naming('delete'),
]
