import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import { matchValue, normalizeResource } from '../../src/inventory/decode/index.ts'
import { applyRules, type Directory, type RuleOutcome } from '../../src/rules/apply-rules.ts'
import { FIELD_KEYS } from '../../src/rules/index.ts'
import { meetsConditions } from '../../src/rules/meets-conditions.ts'
import type { Actions, Condition, Operator, Rule } from '../../src/rules/rule.ts'
import { OPERATORS, POLICIES } from '../../src/rules/rule.ts'
import { Random } from '../inventory/decode/support/random.ts'

const PROJECTS = new Map([
  ['project_id:p-1', 'p-1'],
  ['project_id:p-2', 'p-2'],
  ['name:Shop', 'p-3'],
])
const directory: Directory = {
  findProject: (target, value) => PROJECTS.get(`${target}:${value}`),
  findServiceAccount: (target, value) =>
    target === 'data.account_id' && value === '1234'
      ? { serviceAccountId: 'sa-1', projectId: 'p-4' }
      : undefined,
}

const values: Readonly<Record<string, JsonValue>> = {
  name: 'Web server',
  account: '1234',
  project_id: 'own',
  instance_size: 4,
  ip_addresses: ['10.0.0.1', '10.0.0.2'],
  'data.is_public': true,
  'data.owner': { name: 'Ann' },
  'data.nothing': null,
  'data.empty': '',
  'data.shop': 'Shop',
}
const read = (key: string) => (Object.hasOwn(values, key) ? values[key] : undefined)

const rule = (fields: Partial<Rule>): Rule => ({
  id: 'rule-1',
  type: 'CUSTOM',
  conditions: [],
  conditions_policy: 'ALWAYS',
  actions: {},
  options: { stop_processing: false },
  ...fields,
})
const apply = (...rules: Partial<Rule>[]): RuleOutcome => applyRules(rules.map(rule), read, directory)
const on = (key: string, operator: Operator, value: string): Condition => ({ key, operator, value })

describe('a condition', () => {
  test.each<[string, Operator, string, boolean]>([
    ['name', 'eq', 'Web server', true],
    ['name', 'eq', 'web server', false],
    ['name', 'not', 'Web server', false],
    ['name', 'not', 'Other', true],
    ['name', 'contain', 'SERVER', true],
    ['name', 'not_contain', 'SERVER', false],
    ['name', 'not_contain', 'database', true],
    ['instance_size', 'eq', '4', true],
    ['data.is_public', 'eq', 'true', true],
    ['ip_addresses', 'eq', '10.0.0.2', true],
    ['ip_addresses', 'not', '10.0.0.2', false],
    ['ip_addresses', 'contain', '10.0.', true],
    ['ip_addresses', 'not_contain', '192.168', true],
    ['data.missing', 'not', 'x', false],
    ['data.nothing', 'not_contain', 'x', false],
    ['data.owner', 'not', 'x', false],
    ['data.empty', 'not', 'x', true],
  ])('%s %s %s is %s', (key, operator, value, expected) => {
    const conditions = [on(key, operator, value)]
    expect(meetsConditions({ conditions, conditions_policy: 'ALL' }, read)).toBe(expected)
  })

  test('is combined with others by the policy', () => {
    const conditions = [on('name', 'contain', 'web'), on('account', 'eq', '9')]
    const meets = (conditions_policy: Rule['conditions_policy']) =>
      meetsConditions({ conditions, conditions_policy }, read)
    expect([meets('ALL'), meets('ANY'), meets('ALWAYS')]).toEqual([false, true, true])
  })

  test('may name every field of a cloud service, and reads it', () => {
    const resource = normalizeResource({
      state: 0,
      message: '',
      resourceType: 'inventory.CloudService',
      matchRules: { '1': ['reference.resource_id'] },
      resource: {
        name: 'n',
        provider: 'p',
        account: 'a',
        cloud_service_group: 'g',
        cloud_service_type: 't',
        region_code: 'r',
        instance_type: 'i',
        instance_size: 1,
        ip_addresses: ['10.0.0.1'],
        project_id: 'project-1',
        reference: { resource_id: 'x', external_link: 'y' },
        data: {},
      },
      options: {},
    })
    if (resource.kind !== 'cloud_service') throw new Error(`it became ${resource.kind}`)
    expect(FIELD_KEYS.filter((key) => matchValue(resource, key) === undefined)).toEqual([])
  })
})

describe('an action', () => {
  test.each<[string, Actions, Partial<RuleOutcome>]>([
    ['gives a project', { change_project: 'p-1' }, { projectId: 'p-1' }],
    ['gives no project that is not there', { change_project: 'p-9' }, { projectId: undefined }],
    ['finds a project', { match_project: { source: 'data.shop', target: 'name' } }, { projectId: 'p-3' }],
    [
      'finds none where there is none',
      { match_project: { source: 'name', target: 'name' } },
      { projectId: undefined },
    ],
    [
      'finds none by an object',
      { match_project: { source: 'data.owner', target: 'name' } },
      { projectId: undefined },
    ],
    [
      'finds a service account, and its project',
      { match_service_account: { source: 'account', target: 'data.account_id' } },
      { projectId: 'p-4', additionalInfo: { service_account_id: 'sa-1' } },
    ],
    [
      'adds information',
      { add_additional_info: { team: 'ops', n: 1 } },
      { projectId: undefined, additionalInfo: { team: 'ops', n: 1 } },
    ],
    [
      'that finds wins over one that gives',
      { change_project: 'p-1', match_project: { source: 'data.shop', target: 'name' } },
      { projectId: 'p-3' },
    ],
  ])('%s', (_, actions, expected) => {
    expect(apply({ actions })).toMatchObject(expected)
  })
})

describe('several rules', () => {
  const give = (projectId: string, fields: Partial<Rule> = {}) => ({
    actions: { change_project: projectId },
    ...fields,
  })

  test('are applied in their order, the last word counts', () => {
    expect(apply(give('p-1'), give('p-2')).projectId).toBe('p-2')
    expect(
      apply(
        { actions: { add_additional_info: { a: 1, b: 1 } } },
        { actions: { add_additional_info: { b: 2 } } },
      ),
    ).toMatchObject({ additionalInfo: { a: 1, b: 2 } })
  })

  test('of the plugin come first, wherever they stand', () => {
    expect(apply(give('p-2'), give('p-1', { type: 'MANAGED' })).projectId).toBe('p-2')
  })

  test('end where one says so, for its own type alone', () => {
    const stop = { options: { stop_processing: true } }
    expect(apply(give('p-1', stop), give('p-2')).projectId).toBe('p-1')
    expect(apply(give('p-1', { ...stop, type: 'MANAGED' }), give('p-2')).projectId).toBe('p-2')
    const unmet = { conditions_policy: 'ALL', conditions: [on('name', 'eq', 'x')] } as const
    expect(apply(give('p-1', { ...stop, ...unmet }), give('p-2')).projectId).toBe('p-2')
  })

  test('see the project that an earlier one gave', () => {
    const inShop = { conditions_policy: 'ALL', conditions: [on('project_id', 'eq', 'p-1')] } as const
    expect(apply(give('p-1'), give('p-2', inShop)).projectId).toBe('p-2')
    expect(apply(give('p-2', inShop)).projectId).toBeUndefined()
  })
})

describe('whatever a resource and the rules hold', () => {
  const random = new Random(20_260)
  const KEYS = ['name', 'project_id', 'data.a', 'data.b', 'tags.c', 'ip_addresses']
  const PLAIN: readonly JsonValue[] = ['', 'a', 'A', 'p-1', 'Shop', '1234', 0, 1.5, -1, true, false, null]

  function anyValue(depth = 0): JsonValue {
    if (depth > 2 || random.chance(0.7)) return random.pick(PLAIN)
    if (random.chance(0.5)) return Array.from({ length: random.below(4) }, () => anyValue(depth + 1))
    return { a: anyValue(depth + 1), __proto__: null } as JsonObject
  }

  function anyRule(): Rule {
    const conditions = Array.from({ length: random.below(4) }, () =>
      on(random.pick(KEYS), random.pick(OPERATORS), random.pick(['a', 'A', 'p-1', '1', 'true', 'Shop'])),
    )
    const match = {
      source: random.pick(KEYS),
      target: random.pick(['name', 'project_id', 'data.account_id']),
    }
    return rule({
      type: random.pick(['MANAGED', 'CUSTOM']),
      conditions,
      conditions_policy: random.pick(POLICIES),
      options: { stop_processing: random.chance(0.2) },
      actions: {
        ...(random.chance(0.3) && { change_project: random.pick(['p-1', 'p-2', 'p-9']) }),
        ...(random.chance(0.3) && { match_project: match }),
        ...(random.chance(0.3) && { match_service_account: match }),
        ...(random.chance(0.3) && { add_additional_info: { k: random.below(9) } }),
      },
    })
  }

  test('the outcome is one that the rules can give, is the same each time, and changes neither', () => {
    for (let round = 0; round < 2_000; round++) {
      const found = Object.fromEntries(KEYS.map((key) => [key, anyValue()]))
      const rules = Array.from({ length: random.below(6) }, anyRule)
      const before = JSON.stringify([found, rules])
      const readFound = (key: string) => found[key]

      const outcome = applyRules(rules, readFound, directory)

      expect([undefined, 'p-1', 'p-2', 'p-3', 'p-4']).toContain(outcome.projectId)
      expect(applyRules(rules, readFound, directory)).toEqual(outcome)
      expect(JSON.stringify([found, rules])).toBe(before)
      const custom = rules.filter(({ type }) => type === 'CUSTOM')
      const managed = rules.filter(({ type }) => type === 'MANAGED')
      expect(applyRules([...custom, ...managed], readFound, directory)).toEqual(outcome)
    }
  })

  test('a rule whose conditions are not met might as well not be there', () => {
    for (let round = 0; round < 500; round++) {
      const found = Object.fromEntries(KEYS.map((key) => [key, anyValue()]))
      const rules = Array.from({ length: random.below(5) }, anyRule)
      const unmet = rule({ ...anyRule(), conditions: [], conditions_policy: 'ANY' })
      const at = random.below(rules.length + 1)
      const more = [...rules.slice(0, at), unmet, ...rules.slice(at)]
      const readFound = (key: string) => found[key]
      expect(applyRules(more, readFound, directory)).toEqual(applyRules(rules, readFound, directory))
    }
  })
})
