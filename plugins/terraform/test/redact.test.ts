import { expect, test } from 'vitest'
import { redactAttributes, redactOutput } from '../src/redact.ts'

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
