import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SecretData } from '../../src/core/secret-data.ts'
import { patiently } from '../support/patiently.ts'
import { collectNames, failureOf, givenConnection, givenFolder, never, noSecret, until } from './support.ts'

const call = (options = {}) => ({ options, secretData: noSecret, filter: {} })

test('every resource arrives once and in order', async () => {
  const { connection } = await givenConnection('well-behaved')
  const names = await collectNames(connection, { count: 5_000, bytes: 500 })
  expect(names).toEqual(Array.from({ length: 5_000 }, (_, number) => `r-${number}`))
})

test('an empty stream ends well', async () => {
  const { connection } = await givenConnection('well-behaved')
  expect(await collectNames(connection, { count: 0 })).toEqual([])
})

test('many messages come at one pull when they come fast', async () => {
  const { connection } = await givenConnection('well-behaved')
  let largest = 0
  for await (const messages of connection.collect(call({ count: 20_000, bytes: 10 }), never)) {
    largest = Math.max(largest, messages.length)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  expect(largest).toBeGreaterThan(50)
})

test('a plugin cannot send ahead of a reader who does not pull', async () => {
  const countFile = `${givenFolder()}/count`
  const { connection } = await givenConnection('well-behaved', {
    maxBufferedBytes: 200_000,
    windowBytes: 262_144,
  })
  const stream = connection
    .collect(call({ count: 1_000_000, bytes: 10_000, countFile }), never)
    [Symbol.asyncIterator]()
  await stream.next()
  const read = () => Number(readFileSync(countFile, 'utf8'))
  await until(() => readOr(read, 0) > 10)
  expect(await settled(read)).toBeLessThan(300)
  await stream.return?.()
})

test('leaving the loop cancels the call in the plugin', async () => {
  const countFile = `${givenFolder()}/count`
  const { connection } = await givenConnection('well-behaved')
  for await (const messages of connection.collect(
    call({ count: 1_000_000, bytes: 10_000, countFile }),
    never,
  )) {
    if (messages.length > 0) break
  }
  await until(() => readFileSync(countFile, 'utf8') === 'canceled')
  expect(await connection.init({}, never)).toMatchObject({ options: {} })
})

test('a signal ends a stream that is silent', async () => {
  const { connection } = await givenConnection('goes-silent')
  const caller = new AbortController()
  const stream = connection.collect(call(), caller.signal)[Symbol.asyncIterator]()
  await stream.next()
  const failure = failureOf(Promise.resolve(stream.next()))
  caller.abort()
  expect(await failure).toMatchObject({ code: 'ERROR_PLUGIN_CANCELED', during: 'collect' })
})

test('a signal that was already over starts no call', async () => {
  const { connection } = await givenConnection('well-behaved')
  const stream = connection.collect(call(), AbortSignal.abort())[Symbol.asyncIterator]()
  expect(await failureOf(Promise.resolve(stream.next()))).toMatchObject({ kind: 'canceled' })
})

test('a silence longer than allowed ends the stream, retryable', async () => {
  const { connection } = await givenConnection('goes-silent', { silenceTimeoutMs: 150 })
  const failure = await failureOf(collectNames(connection))
  expect(failure).toMatchObject({ code: 'ERROR_PLUGIN_TIMEOUT', kind: 'deadline', retryable: true })
  expect(failure.message).toContain('sent nothing for 0.15 s')
})

test('a slow reader is not taken for a silent plugin', async () => {
  await patiently(1_000, async (silenceTimeoutMs) => {
    const { connection } = await givenConnection('well-behaved', { silenceTimeoutMs })
    const stream = connection.collect(call({ count: 3 }), never)[Symbol.asyncIterator]()
    let received = (await stream.next()).value?.length ?? 0
    await new Promise((resolve) => setTimeout(resolve, silenceTimeoutMs * 1.25))
    for (let next = await stream.next(); !next.done; next = await stream.next()) received += next.value.length
    expect(received).toBe(3)
  })
})

test('what came before a plugin died is delivered, then the death is told; its last words may speak of another domain and are for the log alone', async () => {
  const { connection, logged } = await givenConnection('dies-mid-stream')
  const secretData = new SecretData({ token: 'hunter2hunter2' })
  let received = 0
  const reading = (async () => {
    for await (const messages of connection.collect({ ...call(), secretData }, never))
      received += messages.length
  })()
  const failure = await failureOf(reading)
  expect(received).toBe(5)
  expect(failure).toMatchObject({ code: 'ERROR_PLUGIN_DIED', kind: 'unavailable', retryable: true })
  expect(failure.message).toContain('exited with code 7')
  expect(failure.message).not.toContain('last word')
  expect(logged.join()).toContain('last word with [secret]')
})

test('a message over the limit ends the stream and is not retried', async () => {
  const { connection } = await givenConnection('sends-big-message', { maxMessageBytes: 1_000_000 })
  const failure = await failureOf(collectNames(connection))
  expect(failure).toMatchObject({ code: 'ERROR_PLUGIN_MESSAGE_SIZE', retryable: false })
})

test('a stream that ends inside a message is no success', async () => {
  const { connection } = await givenConnection('answers-junk')
  let received = 0
  const reading = (async () => {
    for await (const messages of connection.collect(call(), never)) received += messages.length
  })()
  expect(await failureOf(reading)).toMatchObject({ code: 'ERROR_PLUGIN_FRAME', retryable: false })
  expect(received).toBe(1)
})

test('a message larger than the window and the buffer arrives whole', async () => {
  const { connection } = await givenConnection('sends-big-message', {
    maxBufferedBytes: 1_000,
    windowBytes: 65_535,
  })
  expect(await collectNames(connection, { bytes: 20_000_000 })).toEqual(['r-0', 'r-1'])
})

test('calls side by side on one process do not hold each other up', async () => {
  const { host, connection } = await givenConnection('well-behaved')
  const stalled = connection.collect(call({ count: 100_000, bytes: 10_000 }), never)[Symbol.asyncIterator]()
  await stalled.next()
  const other = await host.connect({ pluginId: 'plugin-well-behaved' }, never)
  expect(await collectNames(other, { count: 1_000, bytes: 1_000 })).toHaveLength(1_000)
  expect(await connection.init({}, never)).toMatchObject({ options: {} })
  await stalled.return?.()
})

/** Reads a number until it has stopped changing. */
async function settled(read: () => number): Promise<number> {
  let last = -1
  let steadySince = performance.now()
  await until(() => {
    const now = readOr(read, last)
    if (now !== last) steadySince = performance.now()
    last = now
    return last >= 0 && performance.now() - steadySince > 500
  })
  return last
}

function readOr(read: () => number, otherwise: number): number {
  try {
    return read()
  } catch {
    return otherwise
  }
}
