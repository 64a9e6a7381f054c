import { expect } from 'vitest'
import { type Case, casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'gleaner.v1.History'
const { answers, refuses } = casesOf(SERVICE)
const CLOUD_SERVICE = 'spaceone.api.inventory.v1.CloudService'

/** A bucket that was made and then given another name. */
async function renamed(world: World) {
  const { domain_id } = world
  const name = world.unique('past')
  const kind = { provider: 'acme', cloud_service_group: 'ObjectStore', cloud_service_type: 'Bucket' }
  const made = await world.given(`${CLOUD_SERVICE}.create`, { domain_id, ...kind, name, data: {} })
  const cloud_service_id = String(made.cloud_service_id)
  const later = `${name}-later`
  await world.given(`${CLOUD_SERVICE}.update`, { domain_id, cloud_service_id, name: later })
  return { domain_id, cloud_service_id, name, later, created_at: String(made.created_at) }
}

const MOMENT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

/** Instants that nobody can ask about, of any method that takes one. */
function wrongInstants(method: string, request: (world: World) => Promise<object>): readonly Case[] {
  const asOf = (as_of: string) => async (world: World) => ({ ...(await request(world)), as_of })
  return [
    refuses(method, 'no instant', asOf(''), ['invalid', 'ERROR_REQUIRED_PARAMETER', "'as_of'"]),
    refuses(method, 'what is no instant', asOf('yesterday'), [
      'invalid',
      'ERROR_INVALID_PARAMETER',
      "'as_of'",
    ]),
    refuses(method, 'an instant in the future', asOf('now + 1d'), [
      'invalid',
      'ERROR_INVALID_PARAMETER',
      'lies in the future',
    ]),
    refuses(method, 'an instant before the history begins', asOf('2001-01-01'), [
      'failed_precondition',
      'ERROR_HISTORY_NOT_KEPT',
      'the history of the domain begins at',
    ]),
  ]
}

const bare = async ({ domain_id }: World) => ({ domain_id })

export const HISTORY_CASES: readonly Case[] = [
  answers(
    'list',
    'what there was, by a text and a query',
    async (world) => {
      const { domain_id, later } = await renamed(world)
      const filter = [{ k: 'name', v: later, o: 'eq' }]
      return { domain_id, as_of: 'now', text: 'type:bucket', query: { filter, only: ['name', 'provider'] } }
    },
    {
      total_count: 1,
      results: [{ provider: 'acme' }],
      as_of: MOMENT,
      history_since: MOMENT,
      unknown: [],
    },
  ),
  refuses(
    'list',
    'how they were shown, which history does not keep',
    async ({ domain_id }) => ({ domain_id, as_of: 'now', query: { only: ['metadata'] } }),
    ['invalid', 'ERROR_DB_QUERY', "no field 'metadata'"],
  ),
  refuses(
    'list',
    'alternatives in the text and in the query',
    async ({ domain_id }) => ({
      domain_id,
      as_of: 'now',
      text: '"two words"',
      query: { filter_or: [{ k: 'name', v: 'x', o: 'eq' }] },
    }),
    ['invalid', 'ERROR_INVALID_PARAMETER', "'text'"],
  ),
  ...wrongInstants('list', bare),

  answers(
    'get',
    'some fields of one resource',
    async (world) => {
      const { domain_id, cloud_service_id } = await renamed(world)
      return { domain_id, cloud_service_id, as_of: 'now', only: ['name', 'state'] }
    },
    { resource: { state: 'ACTIVE' }, as_of: MOMENT, history_since: MOMENT, unknown_paths: [] },
  ),
  refuses(
    'get',
    'one that was not there yet',
    async (world) => {
      const { domain_id, cloud_service_id, created_at } = await renamed(world)
      const before = new Date(Date.parse(created_at) - 1).toISOString()
      return { domain_id, cloud_service_id, as_of: before }
    },
    ['not_found', 'ERROR_NOT_FOUND', 'not found as of'],
  ),
  ...namingCases(
    SERVICE,
    'get',
    'cloud_service_id',
    async (world) => {
      const { domain_id, cloud_service_id } = await renamed(world)
      return { domain_id, cloud_service_id }
    },
    { as_of: 'now' },
  ),
  ...wrongInstants('get', async ({ domain_id }) => ({
    domain_id,
    cloud_service_id: 'cloud-svc-ffffffffffff',
  })),

  answers(
    'stat',
    'a group by provider',
    async (world) => {
      const { domain_id, later } = await renamed(world)
      const keys = [{ key: 'provider', name: 'provider' }]
      const aggregate = [{ group: { keys, fields: [{ name: 'total', operator: 'count' }] } }]
      return { domain_id, as_of: 'now', text: `name=${later}`, query: { aggregate } }
    },
    { results: [{ provider: 'acme', total: 1 }] },
  ),
  ...wrongInstants('stat', async ({ domain_id }) => ({ domain_id, query: { distinct: 'provider' } })),
]
