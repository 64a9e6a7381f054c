import { setImmediate } from 'node:timers/promises'
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
  // As of its creation it has the first name; a change of the same millisecond would be part of that instant.
  const created_at = String(made.created_at)
  while (new Date().toISOString() <= created_at) await setImmediate()
  await world.given(`${CLOUD_SERVICE}.update`, { domain_id, cloud_service_id, name: later })
  return { domain_id, cloud_service_id, name, later, created_at }
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
  answers(
    'list',
    'a page without the number of all',
    async (world) => {
      const { domain_id, later } = await renamed(world)
      const filter = [{ k: 'name', v: later, o: 'eq' }]
      return { domain_id, as_of: 'now', query: { filter, only: ['name'] }, without_total: true }
    },
    { total_count: 0, results: [{ name: expect.stringMatching(/-later$/) }], as_of: MOMENT },
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

  answers(
    'diff',
    'what has come to be called otherwise, with the page and the numbers',
    async (world) => {
      const { domain_id, name, later, created_at } = await renamed(world)
      const filter_or = [name, later].map((v) => ({ k: 'name', v, o: 'eq' }))
      const query = { filter_or, page: { limit: 5 } }
      return { domain_id, from: created_at, to: 'now', difference: 'updated', text: 'type:bucket', query }
    },
    {
      total_count: 1,
      created_count: 0,
      updated_count: 1,
      deleted_count: 0,
      results: [{ difference: 'updated', changes: [{ path: 'name', removed: false }] }],
      kinds: [{ provider: 'acme', cloud_service_type: 'Bucket', updated_count: 1 }],
      from: MOMENT,
      to: MOMENT,
      unknown: [],
    },
  ),
  refuses(
    'diff',
    'an end before the beginning',
    async ({ domain_id }) => ({ domain_id, from: 'now', to: 'now - 1s' }),
    ['invalid', 'ERROR_INVALID_PARAMETER', "'from'"],
  ),
  refuses(
    'diff',
    'a difference that there is not',
    async ({ domain_id }) => ({ domain_id, from: 'now', difference: 'moved' }),
    ['invalid', 'ERROR_INVALID_PARAMETER', 'created, updated, deleted'],
  ),
  refuses(
    'diff',
    'an order, which is its own',
    async ({ domain_id }) => ({ domain_id, from: 'now', query: { sort: { key: 'name' } } }),
    ['invalid', 'ERROR_INVALID_PARAMETER', "'query.sort'"],
  ),
  refuses('diff', 'no beginning', bare, ['invalid', 'ERROR_REQUIRED_PARAMETER', "'from'"]),
  refuses(
    'diff',
    'a beginning before the history',
    async ({ domain_id }) => ({ domain_id, from: '2001-01-01' }),
    ['failed_precondition', 'ERROR_HISTORY_NOT_KEPT', 'the history of the domain begins at'],
  ),

  answers(
    'blame',
    'one value of a resource',
    async (world) => {
      const { domain_id, cloud_service_id } = await renamed(world)
      return { domain_id, cloud_service_id, path: 'name', page: { limit: 10 } }
    },
    {
      total_count: 1,
      results: [{ path: 'name', at: MOMENT, recorded: true, action: 'updated', cause: 'user', job_id: '' }],
      history_since: MOMENT,
    },
  ),
  ...namingCases(SERVICE, 'blame', 'cloud_service_id', async (world) => {
    const { domain_id, cloud_service_id } = await renamed(world)
    return { domain_id, cloud_service_id }
  }),
]
