import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'spaceone.api.inventory.v1.CollectorRule'
const { answers, refuses } = casesOf(SERVICE)
const INVALID = 'ERROR_INVALID_PARAMETER'

const RULE = {
  name: 'Servers of the shop',
  conditions: [{ key: 'data.labels.app', value: 'shop', operator: 'contain' }],
  conditions_policy: 'ALL',
  actions: {
    match_project: { source: 'data.labels.team', target: 'tags.team' },
    match_service_account: { source: 'account', target: 'data.account_id' },
    add_additional_info: { team: 'shop' },
  },
  options: { stop_processing: true },
  tags: { owner: 'ops' },
}

const create =
  (fields: object = {}) =>
  async (world: World) => ({ ...(await world.collector()), ...RULE, ...fields })

/** A new rule, and the fields that name it. */
async function rule(world: World, collector?: { domain_id: string; collector_id: string }) {
  const made = await world.given(`${SERVICE}.create`, {
    ...(collector ?? (await world.collector())),
    ...RULE,
  })
  return { domain_id: world.domain_id, collector_rule_id: String(made.collector_rule_id) }
}

const own =
  (fields: object = {}) =>
  async (world: World) => ({ ...(await rule(world)), ...fields })

const naming = (method: string, fields = {}) =>
  namingCases(SERVICE, method, 'collector_rule_id', own(), fields)

export const COLLECTOR_RULE_CASES = [
  answers('create', 'all that a rule can say', create(), { ...RULE, order: 1, rule_type: 'CUSTOM' }),
  answers(
    'create',
    'one for all resources',
    create({ conditions: [], conditions_policy: 'ALWAYS', actions: { add_additional_info: { a: 1 } } }),
    {
      conditions: [],
      conditions_policy: 'ALWAYS',
      actions: { change_project: '', add_additional_info: { a: 1 } },
    },
  ),
  refuses('create', 'without anything', async ({ domain_id }) => ({ domain_id }), [
    'invalid',
    'ERROR_REQUIRED_PARAMETER',
    ["'collector_id'", "'conditions_policy'", "'actions'"],
  ]),
  refuses(
    'create',
    'everything wrong at once, the project too',
    create({
      name: 'n'.repeat(256),
      conditions: [{ key: 'nonsense', value: '', operator: 'like' }],
      actions: {
        change_project: 'project-ffffffffffff',
        match_project: { source: 'nonsense', target: 'nonsense' },
      },
      tags: { note: 'x'.repeat(70_000) },
    }),
    [
      'invalid',
      INVALID,
      [
        "'name'",
        "'conditions.0.key'",
        "'conditions.0.value'",
        "'conditions.0.operator'",
        "'actions.match_project.source'",
        "'actions.match_project.target'",
        "'tags'",
        "project 'project-ffffffffffff' not found",
      ],
    ],
  ),
  refuses('create', 'no conditions where some are needed', create({ conditions: [] }), [
    'invalid',
    'ERROR_REQUIRED_PARAMETER',
    "'conditions'",
  ]),
  refuses('create', 'conditions where all are meant', create({ conditions_policy: 'ALWAYS' }), [
    'invalid',
    INVALID,
    "'conditions'",
  ]),
  refuses(
    'create',
    'a comparison that is none',
    create({ conditions: [{ key: 'color', value: '', operator: 'gt' }] }),
    ['invalid', INVALID, "'conditions.0.operator'"],
  ),
  refuses(
    'create',
    'a source and a target that are none',
    create({ actions: { match_project: { source: 'color', target: 'size' } } }),
    ['invalid', INVALID, "'actions.match_project.target'"],
  ),
  refuses('create', 'an unknown project', create({ actions: { change_project: 'project-ffffffffffff' } }), [
    'not_found',
    'ERROR_NOT_FOUND',
    'project-ffffffffffff',
  ]),
  ...namingCases(SERVICE, 'create', 'collector_id', create()),

  answers('update', 'all of it', own({ ...RULE, name: 'Others', options: {}, tags: {} }), {
    ...RULE,
    name: 'Others',
    options: { stop_processing: false },
    tags: {},
  }),
  answers('update', 'the name alone', own({ name: 'Others' }), { ...RULE, name: 'Others' }),
  answers('update', 'to one for all resources', own({ conditions_policy: 'ALWAYS' }), {
    conditions: [],
    conditions_policy: 'ALWAYS',
  }),
  refuses('update', 'to do nothing', own({ actions: {} }), [
    'invalid',
    'ERROR_REQUIRED_PARAMETER',
    "'actions'",
  ]),
  ...naming('update', { name: 'x' }),

  answers(
    'change_order',
    'to the first place',
    async (world) => {
      const collector = await world.collector()
      await rule(world, collector)
      return { ...(await rule(world, collector)), order: 1 }
    },
    { order: 1 },
  ),
  refuses('change_order', 'to a place there is not', own({ order: 2 }), ['invalid', INVALID, "'order'"]),
  refuses('change_order', 'to nowhere', own(), ['invalid', 'ERROR_REQUIRED_PARAMETER', "'order'"]),
  ...naming('change_order', { order: 1 }),

  answers('get', 'one rule', own(), RULE),
  answers('get', 'some fields of it', own({ only: ['name', 'actions.match_project'] }), { name: RULE.name }),
  ...naming('get'),

  answers(
    'list',
    'those of one collector',
    async (world) => {
      const collector = await world.collector()
      const { domain_id, collector_rule_id } = await rule(world, collector)
      const filter = [{ k: 'collector_id', v: collector.collector_id, o: 'eq' }]
      return { domain_id, collector_rule_id, name: RULE.name, query: { filter } }
    },
    { total_count: 1, results: [RULE] },
  ),
  refuses(
    'list',
    'those of a data source',
    async ({ domain_id }) => ({ domain_id, data_source_id: 'ds-1' }),
    ['invalid', INVALID, "'data_source_id'"],
  ),
  answers(
    'stat',
    'how many there are of one collector',
    async (world) => {
      const collector = await world.collector()
      const { domain_id } = await rule(world, collector)
      const filter = [{ k: 'collector_id', v: collector.collector_id, o: 'eq' }]
      return { domain_id, query: { filter, distinct: 'rule_type' } }
    },
    { results: ['CUSTOM'] },
  ),

  answers('delete', 'a rule', own(), {}),
  ...naming('delete'),
]
