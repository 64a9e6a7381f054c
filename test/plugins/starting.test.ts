import { expect, test } from 'vitest'
import { patiently } from '../support/patiently.ts'
import { failureOf, givenHost, never, recordOf } from './support.ts'

function connectTo(name: string, settings = {}, args: readonly string[] = []) {
  const { host } = givenHost([recordOf(name, { args })], settings)
  return { host, connecting: host.connect({ pluginId: `plugin-${name}` }, never) }
}

test('a plugin that exits at once is reported with its code and its last words, control bytes made visible', async () => {
  const { host, connecting } = connectTo('exits-at-once')
  const failure = await failureOf(connecting)
  expect(failure).toMatchObject({
    code: 'ERROR_PLUGIN_START',
    kind: 'unavailable',
    retryable: true,
    pluginId: 'plugin-exits-at-once',
  })
  expect(failure.message).toContain('exited with code 3')
  expect(failure.message).toContain('first words | cannot find \\x1b[31mthe answer')
  expect(host.counters()).toMatchObject({ failedStarts: 1, running: 0 })
})

test('a plugin that never says it is ready is given up after the start time', async () => {
  const image = 'cmd:["/bin/sh","-c","echo still warming up; exec sleep 600"]'
  await patiently(500, async (startTimeoutMs) => {
    const { host } = givenHost([recordOf('never-ready', { image })], { startTimeoutMs })
    const failure = await failureOf(host.connect({ pluginId: 'plugin-never-ready' }, never))
    expect(failure.code).toBe('ERROR_PLUGIN_START')
    expect(failure.message).toContain(`did not say that it is ready within ${startTimeoutMs / 1_000} s`)
    // Where the program has come so far in that time.
    expect(failure.message).toContain('still warming up')
  })
})

test('a plugin that speaks another start protocol is refused', async () => {
  const failure = await failureOf(connectTo('other-protocol').connecting)
  expect(failure.message).toContain('speaks start protocol 99')
})

test.each([[], ['silently']])(
  'a port that does not speak gRPC is found out before the first call (%j)',
  async (...args) => {
    const { host, connecting } = connectTo('serves-garbage', { connectTimeoutMs: 500 }, args)
    const failure = await failureOf(connecting)
    expect(failure).toMatchObject({ kind: 'unavailable', retryable: true })
    expect(failure.message).toMatch(/nothing spoke gRPC on 127\.0\.0\.1:\d+/)
    expect(host.counters()).toMatchObject({ running: 0, failedStarts: 1 })
  },
)

test.each([
  ['cmd:/nonexistent/program', 'ERROR_PLUGIN_START', "there is no program '/nonexistent/program'"],
  ['cmd:/etc', 'ERROR_PLUGIN_START', "may not run '/etc'"],
  ['cmd:', 'ERROR_PLUGIN_IMAGE', 'names no program'],
  ['cmd:["a",1]', 'ERROR_PLUGIN_IMAGE', 'array of strings'],
  ['cmd:["a"', 'ERROR_PLUGIN_IMAGE', 'begins like a JSON array'],
  ['grpc://nowhere', 'ERROR_PLUGIN_IMAGE', 'expected grpc://host:port'],
  ['builtin:../host', 'ERROR_PLUGIN_IMAGE', 'built in are: aws, '],
  ['docker://No Image', 'ERROR_PLUGIN_IMAGE', 'expected docker://IMAGE:TAG'],
  ['ftp://image', 'ERROR_PLUGIN_IMAGE', 'must begin with one of builtin: npm: docker:// cmd: grpc://'],
])('the image %s fails with %s and says why', async (image, code, words) => {
  const { host } = givenHost([recordOf('broken', { image })])
  const failure = await failureOf(host.connect({ pluginId: 'plugin-broken' }, never))
  expect(failure.code).toBe(code)
  expect(failure.message).toContain(words)
})

test('an address where nobody listens fails within the connect time', async () => {
  const { host } = givenHost([recordOf('remote', { image: 'grpc://127.0.0.1:1' })], { connectTimeoutMs: 300 })
  const failure = await failureOf(host.connect({ pluginId: 'plugin-remote' }, never))
  expect(failure).toMatchObject({ kind: 'unavailable', retryable: true })
})

test('a plugin that cannot start answers from its last failure while it pauses', async () => {
  const { host } = givenHost([recordOf('exits-at-once')], { backoffMs: 60_000 })
  const ref = { pluginId: 'plugin-exits-at-once' }
  await failureOf(host.connect(ref, never))
  const second = await failureOf(host.connect(ref, never))
  expect(second.code).toBe('ERROR_PLUGIN_START')
  expect(second.message).toContain('exited with code 3')
  expect(second.message).toMatch(/may be started again in \d+ s/)
  expect(host.counters().starts).toBe(1)
})

test('a plugin that could not start is tried again after the pause', async () => {
  const { host } = givenHost([recordOf('exits-at-once')], { backoffMs: 1 })
  const ref = { pluginId: 'plugin-exits-at-once' }
  await failureOf(host.connect(ref, never))
  await new Promise((resolve) => setTimeout(resolve, 20))
  await failureOf(host.connect(ref, never))
  expect(host.counters()).toMatchObject({ starts: 2, restarts: 1, failedStarts: 2 })
})

test('a plugin sees nothing of the server: environment, folder and memory of its own', async () => {
  process.env.GLEANER_TEST_CANARY = 'canary'
  const { host, dataDir } = givenHost([recordOf('well-behaved')])
  const connection = await host.connect({ pluginId: 'plugin-well-behaved' }, never)
  const { env, cwd } = await connection.init({}, never)
  delete process.env.GLEANER_TEST_CANARY
  const folder = `${dataDir}/plugins/plugin-well-behaved`
  expect(cwd).toBe(folder)
  expect(env).toEqual({
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: folder,
    TMPDIR: folder,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    GLEANER_PLUGIN_PORT: '0',
    MALLOC_ARENA_MAX: '1',
    GLEANER_PLUGIN_REACH: 'private',
    GLEANER_PLUGIN_ALLOW: '',
    GLEANER_PLUGIN_ID: 'plugin-well-behaved',
    GLEANER_PLUGIN_VERSION: '1.0.0',
  })
})

test('stop() during a start leaves no process and refuses those who wait', async () => {
  const { host, connecting } = connectTo('never-ready')
  const failure = failureOf(connecting)
  await new Promise((resolve) => setTimeout(resolve, 200))
  await host.stop()
  expect(await failure).toMatchObject({ kind: 'canceled', retryable: true })
  await expect(host.connect({ pluginId: 'plugin-never-ready' }, never)).rejects.toMatchObject({
    kind: 'canceled',
  })
})
