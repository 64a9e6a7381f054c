import { expect } from 'vitest'
import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'gleaner.v1.Webhook'
const { answers, refuses } = casesOf(SERVICE)

const INVALID = 'ERROR_INVALID_PARAMETER'
const WHOLE = {
  name: 'Chat of the shop',
  url: 'https://hooks.example.org/gleaner',
  types: ['job'],
  collector_id: 'collector-000000000001',
  kind: 'acme/ObjectStore/Bucket',
}

/** In a domain of its own, so that a list holds what its case has made. */
const create =
  (fields: object = {}) =>
  async (world: World) => {
    const { domain_id } = await world.given('gleaner.v1.Domain.create', { name: 'With webhooks' })
    return { domain_id: String(domain_id), ...WHOLE, ...fields }
  }

const own =
  (fields: object = {}) =>
  async (world: World) => {
    const { domain_id, webhook_id } = await world.given(`${SERVICE}.create`, await create()(world))
    return { domain_id: String(domain_id), webhook_id: String(webhook_id), ...fields }
  }

const naming = (method: string, fields = {}) => namingCases(SERVICE, method, 'webhook_id', own(), fields)

export const WEBHOOK_CASES = [
  answers('create', 'for some of what happens', create(), {
    ...WHOLE,
    enabled: true,
    failures: 0,
    signing_key: expect.stringMatching(/./),
  }),
  refuses('create', 'an address in the network of the server', create({ url: 'https://10.0.0.1/' }), [
    'invalid',
    INVALID,
    'private',
  ]),
  refuses('create', 'an address without TLS', create({ url: 'http://hooks.example.org/' }), [
    'invalid',
    INVALID,
    'https',
  ]),
  refuses('create', 'a type that is none', create({ types: ['weather'] }), ['invalid', INVALID, 'weather']),
  refuses('create', 'a name of 256 characters', create({ name: 'n'.repeat(256) }), [
    'invalid',
    INVALID,
    "'name'",
  ]),

  answers(
    'update',
    'all that can be changed',
    own({
      name: 'Two',
      url: 'https://two.example.org/',
      types: ['region'],
      collector_id: 'collector-000000000002',
      kind: 'acme/Compute/Server',
      enabled: false,
    }),
    {
      name: 'Two',
      url: 'https://two.example.org/',
      types: ['region'],
      collector_id: 'collector-000000000002',
      kind: 'acme/Compute/Server',
      enabled: false,
      signing_key: '',
    },
  ),
  answers('update', 'the name alone', own({ name: 'Two' }), { ...WHOLE, name: 'Two' }),
  refuses('update', 'a name of 256 characters', own({ name: 'n'.repeat(256) }), [
    'invalid',
    INVALID,
    "'name'",
  ]),
  ...naming('update', { name: 'x' }),

  answers('get', 'one webhook, without its key', own(), { ...WHOLE, signing_key: '', attempts: [] }),
  ...naming('get'),
  answers('list', 'all of a domain', async (world) => ({ domain_id: (await own()(world)).domain_id }), {
    total_count: 1,
    results: [WHOLE],
  }),
  answers('delete', 'a webhook', own(), {}),
  ...naming('delete'),
  ...naming('test'),
]
