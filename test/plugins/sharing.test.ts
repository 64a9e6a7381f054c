import { expect, test } from 'vitest'
import {
  failureOf,
  fixture,
  givenConnection,
  givenHost,
  givenProgram,
  givenRelay,
  isAlive,
  never,
  noSecret,
  recordOf,
  until,
} from './support.ts'

const ref = { pluginId: 'plugin-well-behaved' }

test('users who come at the same time share one process', async () => {
  const { host } = givenHost([recordOf('well-behaved')])
  const connections = await Promise.all(Array.from({ length: 8 }, () => host.connect(ref, never)))
  const pids = await Promise.all(connections.map(async (one) => (await one.init({}, never)).pid))
  expect(new Set(pids).size).toBe(1)
  expect(host.counters()).toMatchObject({ starts: 1, running: 1, connections: 8 })
})

test('a process is reused after its user has left', async () => {
  const { host, connection } = await givenConnection('well-behaved')
  const { pid } = await connection.init({}, never)
  connection.release()
  const again = await host.connect(ref, never)
  expect((await again.init({}, never)).pid).toBe(pid)
})

test('two versions of a plugin run side by side', async () => {
  const { host } = givenHost([recordOf('well-behaved', { versions: ['2.0.0', '1.0.0'] })])
  const newest = await host.connect(ref, never)
  const pinned = await host.connect({ ...ref, version: '1.0.0' }, never)
  expect([newest.version, pinned.version]).toEqual(['2.0.0', '1.0.0'])
  expect((await newest.init({}, never)).env).toMatchObject({ GLEANER_PLUGIN_VERSION: '2.0.0' })
  expect(host.counters().running).toBe(2)
})

test('a version that is not registered is refused before anything starts', async () => {
  const { host } = givenHost([recordOf('well-behaved')])
  await expect(host.connect({ ...ref, version: '9.9.9' }, never)).rejects.toMatchObject({
    code: 'ERROR_INVALID_PLUGIN_VERSION',
  })
  expect(host.counters().starts).toBe(0)
})

test('a process nobody uses is stopped after the idle time, and started again when it is wanted', async () => {
  const { host, connection } = await givenConnection('well-behaved', { idleMs: 50 })
  const { pid } = await connection.init({}, never)
  connection.release()
  await until(() => !isAlive(pid))
  expect(host.counters()).toMatchObject({ running: 0, deaths: 0 })
  const again = await host.connect(ref, never)
  expect((await again.init({}, never)).pid).not.toBe(pid)
  expect(host.counters()).toMatchObject({ starts: 2, restarts: 1 })
})

test('a process in use is not idle, however long its call is silent', async () => {
  const { connection } = await givenConnection('goes-silent', { idleMs: 20 })
  const stream = connection.collect({ options: {}, secretData: noSecret, filter: {} }, never)
  const reader = stream[Symbol.asyncIterator]()
  await reader.next()
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(await connection.init({}, never)).toEqual({})
  await reader.return?.()
})

test('releasing twice gives back one use only', async () => {
  const { host, connection } = await givenConnection('well-behaved')
  await host.connect(ref, never)
  connection.release()
  connection.release()
  expect(host.counters().connections).toBe(1)
})

test('one who stops waiting for a start leaves it to the others', async () => {
  const { host } = givenHost([recordOf('well-behaved')])
  const impatient = new AbortController()
  const first = host.connect(ref, impatient.signal)
  const second = host.connect(ref, never)
  impatient.abort()
  await expect(first).rejects.toMatchObject({ kind: 'canceled' })
  expect(await (await second).init({}, never)).toMatchObject({ options: {} })
})

test('a plugin that somebody else runs is called at its address and survives the host', async () => {
  const { child, firstLine } = await givenProgram(fixture('well-behaved'))
  const { port } = JSON.parse(firstLine.slice(firstLine.indexOf('{')))
  const { host } = givenHost([recordOf('remote', { image: `grpc://127.0.0.1:${port}` })])
  const remote = await host.connect({ pluginId: 'plugin-remote' }, never)
  expect((await remote.init({}, never)).pid).toBe(child.pid)
  await host.stop()
  expect(isAlive(child.pid)).toBe(true)
})

test('a connection that broke is opened again at the next call', async () => {
  const { firstLine } = await givenProgram(fixture('well-behaved'))
  const relay = await givenRelay(JSON.parse(firstLine.slice(firstLine.indexOf('{'))).port)
  const { host } = givenHost([recordOf('remote', { image: `grpc://127.0.0.1:${relay.port}` })])
  const connection = await host.connect({ pluginId: 'plugin-remote' }, never)
  const stream = connection.collect(
    { options: { count: 1_000_000 }, secretData: noSecret, filter: {} },
    never,
  )
  const reading = (async () => {
    for await (const _ of stream) relay.cut()
  })()
  expect(await failureOf(reading)).toMatchObject({ kind: 'unavailable', retryable: true })
  expect(await connection.init({}, never)).toMatchObject({ options: {} })
})
