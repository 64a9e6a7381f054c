import { expect, test } from 'vitest'
import { redactAttributes, redactOutput } from '../src/redact.ts'
import { parseState } from '../src/state.ts'

const of = (type: string, attributes: Parameters<typeof redactAttributes>[1]) =>
  redactAttributes(type, attributes, [])

test.each([
  ['kubernetes_secret', { id: 'shop/db', data: { user: 'needle' } }, { id: 'shop/db', data: '(sensitive)' }],
  ['aws_ssm_parameter', { name: '/db', value: 'needle' }, { name: '/db', value: '(sensitive)' }],
  ['azurerm_key_vault_secret', { value: 'needle' }, { value: '(sensitive)' }],
  ['local_sensitive_file', { content: 'needle', filename: 'f' }, { content: '(sensitive)', filename: 'f' }],
  ['aws_secretsmanager_secret', { name: 'db', description: 'of the shop' }, undefined],
  ['kubernetes_config_map', { data: { a: 'b' } }, undefined],
  ['local_file', { content: 'a' }, undefined],
])('an unmarked %s with %j does not give away what it holds', (type, attributes, expected) => {
  expect(of(type, attributes)).toEqual(expected ?? attributes)
})

test('what is marked in one place is found in no other, in whatever text it stands', () => {
  const state = (unmarked: object) =>
    JSON.stringify({
      version: 4,
      lineage: 'l',
      resources: [
        {
          mode: 'data',
          type: 'vault',
          name: 'a',
          provider: '',
          instances: [
            { attributes: { a: 'needle-1' }, sensitive_attributes: [[{ type: 'get_attr', value: 'a' }]] },
          ],
        },
        { mode: 'managed', type: 'x', name: 'b', provider: '', instances: [{ attributes: unmarked }] },
      ],
      outputs: { a: { value: 'needle-22', sensitive: true }, zone: { value: 'eu', sensitive: true } },
    })
  const { resources } = parseState(state({ script: 'run --as needle-22', list: [{ 'needle-1': 'eu' }] }))
  expect(resources[0]?.instances[0]?.attributes).toEqual({
    script: 'run --as (sensitive)',
    list: [{ '(sensitive)': 'eu' }],
  })
})

test('entries that are named like a credential lose their value, and others keep it', () => {
  const set = [
    { name: 'auth.password', value: 'needle' },
    { name: 'replicas', value: '3' },
  ]
  expect(of('helm_release', { set })).toEqual({
    set: [
      { name: 'auth.password', value: '(sensitive)' },
      { name: 'replicas', value: '3' },
    ],
  })
})

test('a document in a text is searched, and one without anything stays to the last space', () => {
  const definitions = (value: string) =>
    JSON.stringify([{ environment: [{ name: 'DB_PASSWORD', value }], options: { apiKey: value } }])
  const policy = '{ "Statement": [] }'
  expect(
    of('aws_ecs_task_definition', {
      container_definitions: definitions('needle'),
      policy,
      broken: '{needle',
    }),
  ).toEqual({ container_definitions: definitions('(sensitive)'), policy, broken: '{needle' })
})

test('a document that goes too deep for anybody is no end of the run', () => {
  const deep = '['.repeat(400_000)
  expect(of('x', { deep })).toEqual({ deep })
  const whole = `${deep}{"password":"needle"}${']'.repeat(400_000)}`
  expect(of('x', { whole })).toEqual({ whole: '(sensitive)' })
})

test('the password of an address shows nowhere, in attributes and outputs', () => {
  const address = 'postgres://shop:needle@db/shop'
  const clean = 'postgres://shop:(sensitive)@db/shop'
  expect(of('aws_lambda_function', { environment: [{ variables: { DB: address } }] })).toEqual({
    environment: [{ variables: { DB: clean } }],
  })
  expect(redactOutput('database', address, false)).toBe(clean)
  expect(redactOutput('count', 3, false)).toBe(3)
})
