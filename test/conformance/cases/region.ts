import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'spaceone.api.inventory.v1.Region'
const { answers, refuses } = casesOf(SERVICE)

const create =
  (fields: object = {}) =>
  async ({ domain_id, unique }: World) => ({
    domain_id,
    name: 'Europe 1',
    region_code: unique('eu'),
    provider: 'acme',
    tags: { continent: 'europe' },
    ...fields,
  })

const own = async (world: World) => {
  const made = await world.given(`${SERVICE}.create`, await create()(world))
  return { domain_id: world.domain_id, region_id: String(made.region_id) }
}

const naming = (method: string, rest = {}) => namingCases(SERVICE, method, 'region_id', own, rest)

export const REGION_CASES = [
  answers('create', 'every field', create(), {
    name: 'Europe 1',
    provider: 'acme',
    tags: { continent: 'europe' },
  }),
  refuses('create', 'no region_code', create({ region_code: '' }), [
    'invalid',
    'ERROR_REQUIRED_PARAMETER',
    "'region_code'",
  ]),

  answers(
    'update',
    'name and tags',
    async (world) => ({ ...(await own(world)), name: 'Europe one', tags: { continent: 'Europe' } }),
    { name: 'Europe one', tags: { continent: 'Europe' } },
  ),
  ...naming('update', { name: 'x' }),
  answers('get', 'one region', own, { name: 'Europe 1', provider: 'acme' }),
  answers('get', 'some fields of it', async (world) => ({ ...(await own(world)), only: ['name'] }), {
    name: 'Europe 1',
  }),
  ...naming('get'),
  answers('delete', 'one region', own, {}),
  ...naming('delete'),

  answers(
    'list',
    'one by each of its fields',
    async (world) => {
      const { tags, ...equal } = await create()(world)
      const made = await world.given(`${SERVICE}.create`, { ...equal, tags })
      const region_key = `acme.${equal.region_code}`
      return { ...equal, region_id: String(made.region_id), region_key, query: { page: { limit: 5 } } }
    },
    { total_count: 1, results: [{ name: 'Europe 1' }] },
  ),
  answers(
    'stat',
    'the providers there are',
    async (world) => {
      await own(world)
      return { domain_id: world.domain_id, query: { distinct: 'provider' } }
    },
    { results: ['acme'] },
  ),
]
