import { expect, test } from 'vitest'
import { SecretData } from '../../src/core/secret-data.ts'
import { failureOf, givenConnection, never, noSecret, until } from './support.ts'

const token = 'tok/en+with=odd chars'

test('init answers the metadata of the plugin', async () => {
  const { connection } = await givenConnection('well-behaved')
  expect(
    await connection.init({ regions: ['eu-1'], deep: { n: 1.5, ok: true, none: null } }, never),
  ).toMatchObject({
    options: { regions: ['eu-1'], deep: { n: 1.5, ok: true, none: null } },
  })
})

test('empty Structs are sent, because plugins look whether they are there', async () => {
  const { connection } = await givenConnection('well-behaved')
  await expect(connection.verify({ options: {}, secretData: noSecret }, never)).resolves.toBeUndefined()
})

test('a plugin without a Job service is one task', async () => {
  const { connection } = await givenConnection('well-behaved')
  expect(await connection.getTasks({ options: {}, secretData: noSecret, filter: {} }, never)).toBeUndefined()
})

test('a plugin with a Job service splits the work as it says', async () => {
  const { connection } = await givenConnection('splits-work')
  expect(
    await connection.getTasks(
      { options: { regions: ['eu-1', 'eu-2'] }, secretData: noSecret, filter: {} },
      never,
    ),
  ).toEqual([{ region: 'eu-1' }, { region: 'eu-2' }])
})

test.each([
  [
    16,
    'ERROR_AUTHENTICATE_FAILURE: token is wrong:',
    'ERROR_AUTHENTICATE_FAILURE',
    'failed_precondition',
    false,
  ],
  [7, 'ERROR_PERMISSION: may not list:', 'ERROR_PERMISSION', 'failed_precondition', false],
  [3, 'ERROR_INVALID_PARAMETER: no such region:', 'ERROR_INVALID_PARAMETER', 'invalid', false],
  [14, 'ERROR_PROVIDER: try later:', 'ERROR_PROVIDER', 'unavailable', true],
  [8, 'slow down:', 'ERROR_PLUGIN', 'exhausted', true],
  [2, 'something broke:', 'ERROR_PLUGIN', 'internal', false],
])('status %i with "%s" becomes %s', async (status, words, code, kind, retryable) => {
  const { connection } = await givenConnection('well-behaved')
  const call = { options: { fail: words, status }, secretData: new SecretData({ token }) }
  const failure = await failureOf(connection.verify(call, never))
  expect(failure).toMatchObject({ code, kind, retryable, during: 'verify' })
  expect(failure.message).toBe(
    `plugin 'plugin-well-behaved' (verify): ${words.replace(/^ERROR_\w+: /, '')} [secret]`,
  )
})

test('a plugin that never answers is given up after the deadline, which the message names', async () => {
  const { connection } = await givenConnection('hangs-in-init', { initTimeoutMs: 200 })
  const failure = await failureOf(connection.init({}, never))
  expect(failure).toMatchObject({
    code: 'ERROR_PLUGIN_TIMEOUT',
    kind: 'deadline',
    retryable: true,
    during: 'init',
  })
  expect(failure.message).toContain('did not answer within 0.2 s')
})

test('a plugin that meets the deadline a moment before the host does is given up for the same reason', async () => {
  const { connection } = await givenConnection('well-behaved')
  const call = { options: { fail: 'Deadline exceeded', status: 4 }, secretData: noSecret }
  const failure = await failureOf(connection.verify(call, never))
  expect(failure).toMatchObject({ code: 'ERROR_PLUGIN_TIMEOUT', kind: 'deadline', retryable: true })
})

test('a caller who leaves ends the call at once', async () => {
  const { connection } = await givenConnection('hangs-in-init')
  const caller = new AbortController()
  const failure = failureOf(connection.init({}, caller.signal))
  caller.abort(new Error('gone'))
  expect(await failure).toMatchObject({ code: 'ERROR_PLUGIN_CANCELED', kind: 'canceled', retryable: false })
})

test("a caller's own deadline is told from a cancellation", async () => {
  const { connection } = await givenConnection('hangs-in-init')
  const failure = await failureOf(connection.init({}, AbortSignal.timeout(100)))
  expect(failure).toMatchObject({ code: 'ERROR_PLUGIN_TIMEOUT', kind: 'deadline', retryable: true })
})

test('a reply that is no message is refused with its size', async () => {
  const { connection } = await givenConnection('answers-junk')
  const failure = await failureOf(connection.init({}, never))
  expect(failure).toMatchObject({ code: 'ERROR_PLUGIN_REPLY', retryable: false })
  expect(failure.message).toContain('7 bytes that are no PluginInfo message')
})

test('a secret reaches neither the log nor an error, also when it cannot be sent', async () => {
  const { connection, logged } = await givenConnection('well-behaved')
  const secretData = new SecretData({ token })
  for await (const _ of connection.collect({ options: { log: 'using' }, secretData, filter: {} }, never));
  await until(() => logged.some((line) => line.includes('using')))
  const unfit = failureOf(
    connection.verify({ options: {}, secretData: new SecretData({ token, odd: nested(100_000) }) }, never),
  )
  const all = [...logged, (await unfit).message, String((await unfit).stack)].join('\n')
  expect(all).toContain('using [secret]')
  expect(all).not.toContain(token)
})

test('a plugin that writes too much to its log stays bounded, and its last words are kept', async () => {
  const { connection, logged } = await givenConnection('talks-much')
  const failure = await failureOf(connection.verify({ options: {}, secretData: noSecret }, never))
  expect(failure.code).toBe('ERROR_PLUGIN_DIED')
  expect(failure.message).toContain('exited with code 4')
  expect(failure.message.length).toBeLessThan(3_000)
  expect(Math.max(...logged.map((line) => line.length))).toBeLessThan(2_500)
  expect(logged.some((line) => line.endsWith(' a banner'))).toBe(true)
})

function nested(depth: number): unknown {
  let value: unknown = 'core'
  for (let level = 0; level < depth; level++) value = [value]
  return value
}
