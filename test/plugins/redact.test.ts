import { expect, test } from 'vitest'
import { createRedactor } from '../../src/plugins/index.ts'
import { SecretShield } from '../../src/plugins/secret-shield.ts'

const password = 'p@ss wörd/+100%"x"'

test.each([
  ['as it is', password],
  ['URL-encoded', encodeURIComponent(password)],
  ['form-encoded', encodeURIComponent(password).replaceAll('%20', '+')],
  ['in JSON', JSON.stringify(password).slice(1, -1)],
  ['in Base64', Buffer.from(password).toString('base64')],
  ['in Base64 for URLs', Buffer.from(password).toString('base64url')],
])('a secret is cut out of a text %s', (_form, printed) => {
  expect(createRedactor({ password })(`before ${printed} after`)).toBe('before [secret] after')
})

test.each(['a', 'ab', 'abc', 'abcd'])(
  'a secret inside a longer Base64 text is cut out (%s before it)',
  (user) => {
    const secret = 'correct-horse-battery'
    const basic = Buffer.from(`${user}:${secret}:rest`).toString('base64')
    const text = createRedactor({ nested: [{ secret }] })(`Authorization: Basic ${basic}`)
    const left = Buffer.from(text.split(' ')[2]?.split('[secret]')[0] ?? '', 'base64').toString()
    expect(text).toContain('[secret]')
    expect(`${user}:`).toContain(left.slice(0, user.length + 1))
  },
)

test('a key printed over several lines is cut out line by line', () => {
  const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n'
  expect(createRedactor({ key })('  MIIEvQIBADANBg\r\n  kqhkiG9w0BAQEF')).toBe('  [secret]\r\n  [secret]')
})

test('the longer of two secrets goes first, so that no tail of it is left', () => {
  expect(createRedactor({ a: 'token', b: 'token-with-tail' })('token-with-tail token')).toBe(
    '[secret] [secret]',
  )
})

test('values too short to be secrets leave a text alone', () => {
  expect(createRedactor({ a: 'eu', b: '', c: 7, d: null })('in eu, 7 times')).toBe('in eu, 7 times')
})

test('characters that mean something in a pattern are only characters', () => {
  expect(createRedactor({ a: '.*+?^$(){}|[]\\' })('x .*+?^$(){}|[]\\ y')).toBe('x [secret] y')
})

test('a document nested deeper than the call stack is searched', () => {
  let nested: unknown = 'deep-secret'
  for (let depth = 0; depth < 100_000; depth++) nested = [nested]
  expect(createRedactor(nested)('the deep-secret')).toBe('the [secret]')
})

test('a shield cuts out the secrets of all calls that run, and of one that has just ended', () => {
  const shield = new SecretShield()
  shield.guard(createRedactor({ a: 'alpha-secret' }))
  const end = shield.guard(createRedactor({ b: 'bravo-secret' }))
  end()
  expect(shield.redact('alpha-secret bravo-secret charlie')).toBe('[secret] [secret] charlie')
})
