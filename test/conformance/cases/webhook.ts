import type { JsonObject } from '@bufbuild/protobuf'
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
  kind: 'acme/ObjectStore/Bucket',
  statuses: ['ERROR'],
}

/** In a domain of its own, so that a list holds what its case has made. */
const create =
  (fields: object = {}) =>
  async (world: World) => {
    const { domain_id } = await world.given('gleaner.v1.Domain.create', { name: 'With webhooks' })
    return { domain_id: String(domain_id), ...WHOLE, ...fields }
  }

/** For what one collector does. */
const ofCollector =
  (method: (world: World) => Promise<JsonObject>, fields: object = {}) =>
  async (world: World) => {
    const request = await method(world)
    const { collector_id } = await world.given('spaceone.api.inventory.v1.Collector.create', {
      domain_id: String(request.domain_id),
      name: 'Heard of',
      plugin_info: { plugin_id: world.pluginId },
    })
    return { ...request, collector_id: String(collector_id), ...fields }
  }

const own =
  (fields: object = {}) =>
  async (world: World) => {
    const { domain_id, webhook_id } = await world.given(`${SERVICE}.create`, await create()(world))
    return { domain_id: String(domain_id), webhook_id: String(webhook_id), ...fields }
  }

const naming = (method: string, fields = {}) => namingCases(SERVICE, method, 'webhook_id', own(), fields)

export const WEBHOOK_CASES = [
  answers('create', 'for some of what happens', ofCollector(create()), {
    ...WHOLE,
    collector_id: expect.stringMatching(/^collector-/),
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
  refuses('create', 'a status that is none', create({ statuses: ['SAD'] }), ['invalid', INVALID, 'SAD']),
  refuses('create', 'a name of 256 characters', create({ name: 'n'.repeat(256) }), [
    'invalid',
    INVALID,
    "'name'",
  ]),
  refuses('create', 'a collector that is not there', create({ collector_id: 'collector-ffffffffffff' }), [
    'not_found',
    'ERROR_NOT_FOUND',
    "collector 'collector-ffffffffffff' not found",
  ]),
  refuses(
    'create',
    'a collector of another domain',
    async (world) => ({ ...(await create()(world)), collector_id: world.foreign.collector_id }),
    ['not_found', 'ERROR_NOT_FOUND', 'collector'],
  ),
  refuses(
    'create',
    'everything wrong at once',
    create({ name: ' ', url: '', types: ['weather'], collector_id: 'c'.repeat(41), kind: 'k'.repeat(1_001) }),
    ['invalid', 'ERROR_REQUIRED_PARAMETER', ["'name'", "'url'", "'types'", "'collector_id'", "'kind'"]],
  ),

  answers(
    'update',
    'all that can be changed',
    ofCollector(
      own({
        name: 'Two',
        url: 'https://two.example.org/',
        types: ['region'],
        kind: 'acme/Compute/Server',
        statuses: ['TIMEOUT', 'ERROR'],
        enabled: false,
      }),
    ),
    {
      name: 'Two',
      url: 'https://two.example.org/',
      types: ['region'],
      collector_id: expect.stringMatching(/^collector-/),
      kind: 'acme/Compute/Server',
      statuses: ['TIMEOUT', 'ERROR'],
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
  refuses(
    'update',
    'an empty name and a collector that is not there',
    own({ name: '', collector_id: 'collector-ffffffffffff' }),
    ['invalid', 'ERROR_REQUIRED_PARAMETER', ["'name'", "collector 'collector-ffffffffffff' not found"]],
  ),
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
