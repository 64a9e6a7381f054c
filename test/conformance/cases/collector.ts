import { expect } from 'vitest'
import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { COLLECT_CASES } from './collect.ts'
import { naming, own, SERVICE } from './own-collector.ts'

const { answers, refuses, rest } = casesOf(SERVICE)

const LONG_NAME = 'n'.repeat(256)

const create =
  (fields: object = {}) =>
  async ({ domain_id, pluginId }: World) => ({
    domain_id,
    name: 'Acme production',
    plugin_info: { plugin_id: pluginId, options: { count: 20 } },
    ...fields,
  })

export const COLLECTOR_CASES = [
  answers('create', 'a name and a plugin', create(), {
    name: 'Acme production',
    state: 'ENABLED',
    priority: 10,
    is_public: true,
    project_id: '',
    provider: 'acme',
    plugin_info: {
      plugin_id: 'plugin-sample',
      version: '0.1.0',
      upgrade_mode: 'AUTO',
      options: { count: 20 },
    },
  }),
  answers('create', 'tags and a priority', create({ tags: { team: 'shop' }, priority: 99 }), {
    tags: { team: 'shop' },
    priority: 99,
  }),
  rest(answers('create', 'priority 0, which only JSON can say', create({ priority: 0 }), { priority: 0 })),
  answers('create', 'a private collector', create({ project_id: 'project-00000000000a' }), {
    is_public: false,
    project_id: 'project-00000000000a',
  }),
  refuses('create', 'priority 100', create({ priority: 100 }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'priority'",
  ]),
  refuses('create', 'priority -1', create({ priority: -1 }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'priority'",
  ]),
  refuses('create', 'no name', create({ name: '' }), ['invalid', 'ERROR_REQUIRED_PARAMETER', "'name'"]),
  refuses('create', 'a name of 256 characters', create({ name: LONG_NAME }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'name'",
  ]),
  refuses('create', 'no plugin', create({ plugin_info: null }), [
    'invalid',
    'ERROR_REQUIRED_PARAMETER',
    "'plugin_info",
  ]),
  refuses('create', 'an unknown plugin', create({ plugin_info: { plugin_id: 'plugin-none' } }), [
    'not_found',
    'ERROR_PLUGIN_NOT_FOUND',
    'plugin-none',
  ]),
  refuses(
    'create',
    'options that the plugin refuses',
    create({ plugin_info: { plugin_id: 'plugin-sample', options: { count: -1 } } }),
    ['failed_precondition', 'ERROR_VERIFY_PLUGIN_FAILURE', 'count'],
  ),
  refuses(
    'create',
    'everything wrong at once, ids that are not there included',
    create({
      name: '',
      priority: 100,
      tags: { note: 'x'.repeat(70_000) },
      project_id: 'project-ffffffffffff',
      plugin_info: {
        plugin_id: 'plugin-none',
        secret_id: 'secret-ffffffffffff',
        secret_group_id: 'g'.repeat(41),
        service_account_id: 'sa-ffffffffffff',
        provider: 'p'.repeat(41),
      },
    }),
    [
      'invalid',
      'ERROR_REQUIRED_PARAMETER',
      [
        "'name'",
        "'priority'",
        "'tags'",
        "project 'project-ffffffffffff' not found",
        "plugin 'plugin-none' not found",
        "secret 'secret-ffffffffffff' not found",
        "'plugin_info.secret_group_id'",
        "service account 'sa-ffffffffffff' not found",
        "'plugin_info.provider'",
      ],
    ],
  ),
  refuses('create', 'no name and no plugin', create({ name: '', plugin_info: {} }), [
    'invalid',
    'ERROR_REQUIRED_PARAMETER',
    ["'name'", "'plugin_info.plugin_id'"],
  ]),
  rest(
    refuses('create', 'private without a project', create({ is_public: false }), [
      'invalid',
      'ERROR_REQUIRED_PARAMETER',
      "'project_id'",
    ]),
  ),

  answers(
    'update',
    'name, priority and tags',
    own({ name: 'Acme two', priority: 5, tags: { team: 'ops' } }),
    {
      name: 'Acme two',
      priority: 5,
      tags: { team: 'ops' },
    },
  ),
  answers('update', 'the options of the plugin', own({ plugin_info: { options: { count: 7 } } }), {
    name: 'Acme',
    plugin_info: { plugin_id: 'plugin-sample', options: { count: 7 } },
  }),
  answers('update', 'emptied tags and options', own({ tags: {}, plugin_info: { options: {} } }), {
    tags: {},
    plugin_info: { options: {} },
  }),
  refuses('update', 'another plugin', own({ plugin_info: { plugin_id: 'plugin-host' } }), [
    'invalid',
    'ERROR_',
    'plugin_id',
  ]),
  refuses(
    'update',
    'everything wrong at once, ids that are not there included',
    own({
      name: LONG_NAME,
      priority: 100,
      tags: { note: 'x'.repeat(70_000) },
      plugin_info: {
        plugin_id: 'plugin-host',
        version: '9.9.9',
        secret_id: 'secret-ffffffffffff',
        provider: 'p'.repeat(41),
      },
    }),
    [
      'invalid',
      'ERROR_INVALID_PARAMETER',
      [
        "'name'",
        "'priority'",
        "'tags'",
        'plugin_id',
        '9.9.9',
        "secret 'secret-ffffffffffff' not found",
        "'plugin_info.provider'",
      ],
    ],
  ),
  refuses(
    'update',
    'metadata that the plugin did not say, beside a name that is too long',
    own({ name: LONG_NAME, plugin_info: { metadata: { supported_schedules: ['cron'] } } }),
    ['invalid', 'ERROR_INVALID_PARAMETER', ["'name'", "'plugin_info.metadata'"]],
  ),
  ...naming('update', { name: 'x' }),

  answers(
    'update_plugin',
    'version, options and upgrade mode',
    own({ version: '0.1.0', options: { count: 3 }, upgrade_mode: 'MANUAL' }),
    { plugin_info: { version: '0.1.0', options: { count: 3 }, upgrade_mode: 'MANUAL' } },
  ),
  refuses('update_plugin', 'an unknown version', own({ version: '9.9.9', upgrade_mode: 'MANUAL' }), [
    'invalid',
    'ERROR_INVALID_PLUGIN_VERSION',
    '9.9.9',
  ]),
  refuses(
    'update_plugin',
    'a version of 70,000 characters, without repeating it',
    own({ version: '9'.repeat(70_000) }),
    ['invalid', 'ERROR_INVALID_PLUGIN_VERSION', ["'version'", '9…', 'available: 0.1.0']],
  ),
  refuses('update_plugin', 'options that the plugin refuses', own({ options: { count: -1 } }), [
    'failed_precondition',
    'ERROR_INIT_PLUGIN_FAILURE',
    'count',
  ]),
  ...naming('update_plugin', { options: {} }),

  answers('verify_plugin', 'a plugin that needs no secret', own(), {}),
  refuses('verify_plugin', 'a secret outside the selection', own({ secret_id: 'secret-ffffffffffff' }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'secret_id'",
  ]),
  ...naming('verify_plugin'),

  answers('disable', 'an enabled collector', own(), { state: 'DISABLED' }),
  ...naming('disable'),
  answers('enable', 'an enabled collector, again', own(), { state: 'ENABLED' }),
  ...naming('enable'),

  answers('get', 'one collector', own(), { name: 'Acme', state: 'ENABLED' }),
  answers('get', 'some fields of it', own({ only: ['name'] }), { name: 'Acme' }),
  refuses('get', 'an unknown field', own({ only: ['no_such_field'] }), [
    'invalid',
    'ERROR_',
    'no_such_field',
  ]),
  ...naming('get'),

  answers('delete', 'a collector', own(), {}),
  ...naming('delete'),

  answers(
    'list',
    'one by each of its fields',
    async (world) => {
      const named = await world.collector({ name: 'Listed', priority: 33 })
      return {
        ...named,
        name: 'Listed',
        priority: 33,
        state: 'ENABLED',
        plugin_id: world.pluginId,
        query: { minimal: true },
      }
    },
    { total_count: 1, results: [{ name: 'Listed' }] },
  ),
  rest(
    answers(
      'list',
      'those of priority 0, which only JSON can say',
      async (world) => {
        await world.collector({ name: 'First of all', priority: 0 })
        return { domain_id: world.domain_id, name: 'First of all', priority: 0 }
      },
      { total_count: 1, results: [{ name: 'First of all', priority: 0 }] },
    ),
  ),
  rest(
    answers(
      'list',
      'none of priority 0 among others',
      async (world) => ({ ...(await world.collector({ priority: 44 })), priority: 0 }),
      { total_count: 0, results: [] },
    ),
  ),
  answers('list', 'all collectors', async ({ domain_id }) => ({ domain_id }), { results: expect.any(Array) }),
  answers(
    'list',
    'none of another state',
    async (world) => ({ ...(await world.collector()), state: 'DISABLED' }),
    { total_count: 0, results: [] },
  ),

  answers(
    'stat',
    'how many there are',
    async (world) => {
      await world.collector({ name: 'Counted' })
      const filter = [{ k: 'name', v: 'Counted', o: 'eq' }]
      return { domain_id: world.domain_id, query: { filter, distinct: 'name' } }
    },
    { results: ['Counted'] },
  ),

  ...COLLECT_CASES,
]
