import { casesOf } from '../case.ts'
import type { World } from '../world.ts'

const SERVICE = 'gleaner.v1.Domain'
const SETTINGS = 'gleaner.v1.DomainSettings'
const { answers, refuses } = casesOf(SERVICE)
const settings = casesOf(SETTINGS)

const DOMAIN = { name: 'Warehouse', tags: { stage: 'test' } }
const DEFAULTS = {
  job_days: 90,
  run_days: 30,
  event_days: 7,
  history_days: 0,
  opening_days: 365,
  deleted_days: 0,
  max_age: 'auto',
}
const OTHERS = {
  job_days: 10,
  run_days: 11,
  event_days: 12,
  history_days: 13,
  opening_days: 14,
  deleted_days: 15,
  max_age: '36h',
}

const own =
  (fields: object = {}) =>
  async (world: World) => {
    const made = await world.given(`${SERVICE}.create`, DOMAIN)
    return { domain_id: String(made.domain_id), ...fields }
  }

const unknown = async () => ({ domain_id: 'domain-ffffffffffff' })
const NOT_FOUND = ['not_found', 'ERROR_NOT_FOUND', 'domain-ffffffffffff'] as const

export const DOMAIN_CASES = [
  answers('create', 'a name and tags', async () => DOMAIN, DOMAIN),
  refuses('create', 'no name', async () => ({ tags: {} }), ['invalid', 'ERROR_REQUIRED_PARAMETER', "'name'"]),
  refuses('create', 'a name of 256 characters', async () => ({ name: 'n'.repeat(256) }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'name'",
  ]),

  answers('update', 'name and tags', own({ name: 'Store', tags: {} }), { name: 'Store', tags: {} }),
  answers('update', 'the tags alone', own({ tags: { a: 'b' } }), { name: DOMAIN.name, tags: { a: 'b' } }),
  refuses('update', 'an unknown domain', unknown, NOT_FOUND),

  answers('get', 'one domain', own(), DOMAIN),
  refuses('get', 'an unknown domain', unknown, NOT_FOUND),

  answers(
    'list',
    'those of one name',
    async (world) => {
      const name = world.unique('listed')
      await world.given(`${SERVICE}.create`, { name })
      return { name, query: { page: { limit: 10 } } }
    },
    { total_count: 1 },
  ),
  answers('list', 'none of a name that nobody has', async () => ({ name: 'Nobody' }), {
    total_count: 0,
    results: [],
  }),

  settings.answers('get', 'a domain that was never told anything', own(), DEFAULTS),
  settings.refuses('get', 'an unknown domain', unknown, NOT_FOUND),
  settings.answers('update', 'everything', own(OTHERS), OTHERS),
  settings.answers('update', 'one of them, and the others stay', own({ event_days: 3 }), {
    ...DEFAULTS,
    event_days: 3,
  }),
  settings.refuses('update', 'longer than a century', own({ job_days: 36_501, opening_days: 36_501 }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    ["'job_days'", "'opening_days'"],
  ]),
  settings.refuses('update', 'an age that is none', own({ max_age: '3w' }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'max_age'",
  ]),
  settings.refuses('update', 'an unknown domain', unknown, NOT_FOUND),

  answers('delete', 'a domain that holds nothing', own(), {}),
  refuses(
    'delete',
    'one that holds a project',
    async (world) => {
      const domain = await own()(world)
      await world.given('spaceone.api.identity.v1.Project.create', { ...domain, name: 'Shop' })
      return domain
    },
    ['failed_precondition', 'ERROR_DOMAIN_IN_USE', 'project'],
  ),
  refuses('delete', 'an unknown domain', unknown, NOT_FOUND),
]
