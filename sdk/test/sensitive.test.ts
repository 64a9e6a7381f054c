import { expect, test } from 'vitest'
import { isSecretName, withoutPasswords, withoutSecretFlags } from '../src/sensitive.ts'

test.each([
  ['DB_PASSWORD', true],
  ['--auth-token', true],
  ['apiKey', true],
  ['secretName', false],
  ['tokenExpirationSeconds', false],
  ['keyboard', false],
])('%s names a credential: %s', (name, isSecret) => {
  expect(isSecretName(name)).toBe(isSecret)
})

test('an address keeps all but its password', () => {
  expect(withoutPasswords('to amqp://me:hunter22@host:5672/v from http://host:80/a@b')).toBe(
    'to amqp://me:(sensitive)@host:5672/v from http://host:80/a@b',
  )
})

test('a flag named like a credential loses its value, wherever that is', () => {
  expect(
    withoutSecretFlags(['serve', '--token=a=b', '--password', 'hunter22', '--api-key', '--port', '80']),
  ).toEqual(['serve', '--token=(sensitive)', '--password', '(sensitive)', '--api-key', '--port', '80'])
})
