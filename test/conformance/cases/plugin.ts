import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'spaceone.api.repository.v1.Plugin'
const VERSIONS = 'gleaner.v1.PluginVersion'
const { answers, refuses } = casesOf(SERVICE)
const PROCESSES = 'gleaner.v1.PluginProcess'
const version = casesOf(VERSIONS)
const processes = casesOf(PROCESSES)

const register =
  (fields: object = {}) =>
  async ({ domain_id }: World) => ({
    domain_id,
    name: 'Acme cloud',
    service_type: 'inventory.Collector',
    image: 'grpc://plugins.example.org:50051',
    ...fields,
  })

const NEW = {
  provider: 'acme',
  registry_config: { versions: ['1.0.0', '1.10.0', '1.9.0'] },
  capability: { supported_schema: ['acme_key'] },
  template: { options: { depth: 2 } },
  labels: ['acme', 'cloud'],
  tags: { team: 'shop' },
}

/** A new plugin, and the fields that name it. */
async function plugin(world: World, fields: object = NEW) {
  const made = await world.given(`${SERVICE}.register`, await register(fields)(world))
  return { domain_id: world.domain_id, plugin_id: String(made.plugin_id) }
}

const own =
  (fields: object = {}) =>
  async (world: World) => ({ ...(await plugin(world)), ...fields })

const builtin =
  (fields: object = {}) =>
  async ({ domain_id }: World) => ({ domain_id, plugin_id: 'plugin-host', ...fields })

const BUILT_IN = ['failed_precondition', 'ERROR_PLUGIN_BUILT_IN', 'comes with the server'] as const
const INVALID = 'ERROR_INVALID_PARAMETER'

const naming = (method: string, fields = {}) => namingCases(SERVICE, method, 'plugin_id', own(), fields)

export const PLUGIN_CASES = [
  refuses(
    'register',
    'everything wrong at once, the project too',
    register({
      name: ' ',
      service_type: 'monitoring.Metric',
      image: 'ftp://x',
      provider: 'p'.repeat(41),
      registry_config: { versions: [] },
      capability: { supported_schema: 'acme_key' },
      labels: ['l'.repeat(256)],
      tags: { note: 'x'.repeat(70_000) },
      template: { note: 'x'.repeat(70_000) },
      project_id: 'project-ffffffffffff',
    }),
    [
      'invalid',
      'ERROR_REQUIRED_PARAMETER',
      [
        "'name'",
        "'service_type'",
        "'image'",
        "'provider'",
        "'registry_config.versions'",
        "'capability.supported_schema'",
        "'labels.0'",
        "'tags'",
        "'template'",
        "project 'project-ffffffffffff' not found",
      ],
    ],
  ),
  refuses(
    'update',
    'everything wrong at once',
    own({
      name: 'n'.repeat(256),
      capability: { supported_schema: [1] },
      labels: [1],
      tags: { x: 'x'.repeat(70_000) },
    }),
    ['invalid', INVALID, ["'name'", "'capability.supported_schema'", "'labels'", "'tags'"]],
  ),
  answers('register', 'a plugin that runs elsewhere, with all that can be said about it', register(NEW), {
    name: 'Acme cloud',
    image: 'grpc://plugins.example.org:50051',
    state: 'ENABLED',
    registry_type: 'NONE_REGISTRY_TYPE',
    repository_info: { repository_id: 'repo-local', repository_type: 'local' },
    project_id: '',
    service_type: 'inventory.Collector',
    ...NEW,
  }),
  answers(
    'register',
    'one for the collectors of a project',
    register({ project_id: 'project-00000000000a' }),
    {
      project_id: 'project-00000000000a',
      capability: {},
      labels: [],
    },
  ),
  refuses(
    'register',
    'everything wrong at once',
    register({ name: '', service_type: 'a', image: 'ftp://x' }),
    ['invalid', 'ERROR_REQUIRED_PARAMETER', "'image'"],
  ),
  refuses('register', 'an image that is none', register({ image: 'grpc://nowhere' }), [
    'invalid',
    'ERROR_PLUGIN_IMAGE',
    'grpc://host:port',
  ]),
  refuses('register', 'a program, which this server does not allow', register({ image: 'cmd:/bin/true' }), [
    'invalid',
    'ERROR_PLUGIN_IMAGE',
    'allowedRuntimes',
  ]),
  refuses(
    'register',
    'a container registry for what is no container',
    register({ registry_type: 'HARBOR' }),
    ['invalid', INVALID, "'registry_type'"],
  ),
  refuses('register', 'settings of a container registry', register({ registry_config: { url: 'x' } }), [
    'invalid',
    INVALID,
    "'registry_config.url'",
  ]),
  refuses('register', 'a version that is a path', register({ registry_config: { versions: ['../x'] } }), [
    'invalid',
    INVALID,
    "'registry_config.versions.0'",
  ]),
  refuses('register', 'a label that is no text', register({ labels: [1] }), ['invalid', INVALID, "'labels'"]),
  refuses('register', 'schemas that are none', register({ capability: { supported_schema: 'x' } }), [
    'invalid',
    INVALID,
    "'capability.supported_schema'",
  ]),

  answers(
    'update',
    'all that can be changed',
    own({ name: 'Ajax', capability: {}, template: {}, labels: ['x'], tags: { a: 'b' } }),
    { name: 'Ajax', provider: 'acme', capability: {}, template: {}, labels: ['x'], tags: { a: 'b' } },
  ),
  answers('update', 'the name alone', own({ name: 'Ajax' }), { ...NEW, name: 'Ajax' }),
  refuses('update', 'a plugin that comes with the server', builtin({ name: 'x' }), BUILT_IN),
  ...naming('update', { name: 'x' }),

  answers('disable', 'a plugin', own(), { state: 'DISABLED' }),
  refuses('disable', 'a plugin that comes with the server', builtin(), BUILT_IN),
  ...naming('disable'),
  answers('enable', 'an enabled plugin, again', own(), { state: 'ENABLED' }),
  ...naming('enable'),

  answers('deregister', 'a plugin that nobody runs', own(), {}),
  refuses('deregister', 'a plugin that comes with the server', builtin(), BUILT_IN),
  ...naming('deregister'),

  answers('get_versions', 'newest first', own(), {
    results: ['1.10.0', '1.9.0', '1.0.0'],
    version: ['1.10.0', '1.9.0', '1.0.0'],
    total_count: 3,
  }),
  answers('get_versions', 'of a plugin registered without', async (world) => plugin(world, {}), {
    results: ['latest'],
  }),
  refuses('get_versions', 'in another repository', own({ repository_id: 'repo-builtin' }), [
    'not_found',
    'ERROR_NOT_FOUND',
    'not found',
  ]),
  ...naming('get_versions'),

  answers('get', 'one plugin', own(), NEW),
  answers(
    'get',
    'some fields of one that comes with the server',
    builtin({ only: ['name', 'repository_info'] }),
    {
      name: 'Host',
      repository_info: { repository_id: 'repo-builtin', repository_type: 'builtin' },
    },
  ),
  refuses('get', 'in another repository', builtin({ repository_id: 'repo-local' }), [
    'not_found',
    'ERROR_NOT_FOUND',
    'not found',
  ]),
  ...naming('get'),

  answers(
    'list',
    'one that comes with the server',
    async ({ domain_id }) => ({
      domain_id,
      plugin_id: 'plugin-host',
      name: 'Host',
      state: 'ENABLED',
      service_type: 'inventory.Collector',
      provider: 'host',
      repository_id: 'repo-builtin',
      query: { only: ['plugin_id'] },
    }),
    { total_count: 1, results: [{ plugin_id: 'plugin-host' }] },
  ),
  answers(
    'list',
    'none of a container registry',
    async ({ domain_id }) => ({ domain_id, registry_type: 'DOCKER_HUB' }),
    { total_count: 0, results: [] },
  ),
  answers(
    'stat',
    'the plugins that come with the server',
    async ({ domain_id }) => ({ domain_id, repository_id: 'repo-builtin', query: { distinct: 'provider' } }),
    {
      results: [
        'acme',
        'aws',
        'azure',
        'docker',
        'google_cloud',
        'host',
        'http-json',
        'kubernetes',
        'postgresql',
        'terraform',
      ],
    },
  ),

  processes.answers(
    'list',
    'those of a plugin that nobody has run',
    own({ version: '1.0.0', state: 'RUNNING', query: { only: ['plugin_id', 'state', 'health'] } }),
    { results: [], total_count: 0 },
  ),
  processes.answers('get_log', 'of a plugin that nobody has run', own({ version: '1.0.0' }), { results: [] }),
  ...namingCases(PROCESSES, 'get_log', 'plugin_id', own()),

  version.answers('add', 'a newer version', own({ version: '2.0.0' }), { version: '2.0.0' }),
  version.refuses('add', 'a version that is known', own({ version: '1.0.0' }), [
    'already_exists',
    'ERROR_NOT_UNIQUE',
    '1.0.0',
  ]),
  version.refuses('add', 'a version that is a path', own({ version: 'a/b' }), [
    'invalid',
    INVALID,
    "'version'",
  ]),
  version.refuses('add', 'to a plugin that comes with the server', builtin({ version: '9.0.0' }), BUILT_IN),
  ...namingCases(VERSIONS, 'add', 'plugin_id', own(), { version: '3.0.0' }),

  version.refuses('refresh', 'what no registry lists', own(), [
    'failed_precondition',
    'ERROR_PLUGIN_VERSIONS_TOLD',
    'one by one',
  ]),
  version.refuses('refresh', 'a plugin that comes with the server', builtin(), BUILT_IN),
  ...namingCases(VERSIONS, 'refresh', 'plugin_id', own()),

  version.answers('get_listing', 'of told versions', own(), { is_listed: false, due_at: '', error: '' }),
  version.answers('get_listing', 'of a plugin that comes with the server', builtin(), {
    plugin_id: 'plugin-host',
    is_listed: false,
  }),
  ...namingCases(VERSIONS, 'get_listing', 'plugin_id', own()),

  version.answers('remove', 'an old version', own({ version: '1.0.0' }), {}),
  version.refuses('remove', 'an unknown version', own({ version: '7.0.0' }), [
    'not_found',
    'ERROR_NOT_FOUND',
    '7.0.0',
  ]),
  version.refuses(
    'remove',
    'the only version',
    async (world) => ({ ...(await plugin(world, {})), version: 'latest' }),
    ['failed_precondition', 'ERROR_PLUGIN_IN_USE', 'Deregister'],
  ),
  ...namingCases(VERSIONS, 'remove', 'plugin_id', own(), { version: '1.0.0' }),
]
