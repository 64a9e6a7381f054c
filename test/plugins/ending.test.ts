import { expect, onTestFinished, test } from 'vitest'
import {
  failureOf,
  fixture,
  givenConnection,
  givenFolder,
  givenProgram,
  isAlive,
  never,
  noSecret,
  until,
} from './support.ts'

test('stop() ends the process', async () => {
  const { host, connection } = await givenConnection('well-behaved')
  const { pid } = await connection.init({}, never)
  await host.stop()
  expect(isAlive(pid)).toBe(false)
  expect(host.counters()).toMatchObject({ running: 0, connections: 0, deaths: 0 })
})

test('a process that ignores SIGTERM, and its child that does too, are killed after the grace time', async () => {
  const { host, connection } = await givenConnection('never-ends', { stopGraceMs: 200 })
  const { pid, childPid } = await connection.init({}, never)
  expect([isAlive(pid), isAlive(childPid)]).toEqual([true, true])
  await host.stop()
  expect([isAlive(pid), isAlive(childPid)]).toEqual([false, false])
})

test('a child that the plugin left behind ends with its group', async () => {
  const { host, connection } = await givenConnection('leaves-a-child')
  const { pid, childPid } = await connection.init({}, never)
  process.kill(Number(pid), 'SIGKILL')
  await until(() => !isAlive(childPid))
  await until(() => host.counters().deaths === 1)
})

test('running calls fail as canceled when the host stops', async () => {
  const { host, connection } = await givenConnection('goes-silent')
  const stream = connection
    .collect({ options: {}, secretData: noSecret, filter: {} }, never)
    [Symbol.asyncIterator]()
  await stream.next()
  const failure = failureOf(Promise.resolve(stream.next()))
  await host.stop()
  expect(await failure).toMatchObject({ code: 'ERROR_PLUGIN_CANCELED', kind: 'canceled' })
})

test.each(['well-behaved', 'never-ends'])(
  'a server killed with -9 leaves no plugin behind (%s)',
  async (name) => {
    const { child, firstLine } = await givenProgram(fixture('parent'), [givenFolder(), fixture(name)])
    const { pid, childPid } = JSON.parse(firstLine)
    onTestFinished(() => {
      if (isAlive(pid)) process.kill(-pid, 'SIGKILL')
    })
    expect(isAlive(pid)).toBe(true)
    child.kill('SIGKILL')
    await until(() => !isAlive(pid) && (childPid === undefined || !isAlive(childPid)))
  },
)

test('a process that died is started again for the next user', async () => {
  const { host, connection } = await givenConnection('well-behaved')
  const { pid } = await connection.init({}, never)
  process.kill(Number(pid), 'SIGKILL')
  await until(() => host.counters().running === 0)
  const failure = await failureOf(connection.init({}, never))
  expect(failure).toMatchObject({ code: 'ERROR_PLUGIN_DIED', retryable: true })
  const again = await host.connect({ pluginId: 'plugin-well-behaved' }, never)
  expect((await again.init({}, never)).pid).not.toBe(pid)
  expect(host.counters()).toMatchObject({ starts: 2, restarts: 1, deaths: 1 })
})

test('a process that eats memory is killed, and its call says so', async () => {
  const { connection, host } = await givenConnection('eats-memory', { maxRssMb: 300, memorySampleMs: 50 })
  const { pid } = await connection.init({}, never)
  const failure = await failureOf(
    readAll(connection.collect({ options: {}, secretData: noSecret, filter: {} }, never)),
  )
  expect(failure).toMatchObject({ code: 'ERROR_PLUGIN_MEMORY', retryable: true })
  expect(failure.message).toMatch(
    /was killed for using \d+ MiB of memory \(GLEANER_PLUGIN_MAX_MEMORY_MB raises the limit\)/,
  )
  expect(isAlive(pid)).toBe(false)
  expect(host.counters().deaths).toBe(1)
})

async function readAll(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}
