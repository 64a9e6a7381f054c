import { expect, test } from 'vitest'
import { allowanceProblem } from '../../src/plugins/image.ts'
import { builtinPlugins, createPluginRegistry, resolveVersion } from '../../src/plugins/index.ts'
import { failureOf, givenHost, never, recordOf } from './support.ts'

const record = recordOf('demo', { versions: ['2.1.0', '2.0.0', '1.0.0'] })

test('a plugin is found by its id', async () => {
  const registry = createPluginRegistry({ records: [record] })
  expect(await registry.getPlugin({ pluginId: 'plugin-demo' })).toBe(record)
  expect(await registry.findPlugin({ pluginId: 'plugin-none' })).toBeUndefined()
})

test('an unknown id is refused with the known ones', async () => {
  const registry = createPluginRegistry({ records: [record] })
  await expect(registry.getPlugin({ pluginId: 'plugin-none' })).rejects.toMatchObject({
    kind: 'not_found',
    code: 'ERROR_PLUGIN_NOT_FOUND',
    message: "plugin 'plugin-none' not found; with the server come: plugin-demo",
  })
})

test('the host plugin is built in, needs no secret and has a version', () => {
  const host = builtinPlugins().find(({ pluginId }) => pluginId === 'plugin-host')
  expect(host).toMatchObject({ image: 'builtin:host', provider: 'host', capability: {} })
  expect(host?.versions[0]).toMatch(/^\d+\.\d+\.\d+/)
})

test.each([
  [{ upgradeMode: 'AUTO' as const }, '2.1.0'],
  [{ upgradeMode: 'AUTO' as const, version: '1.0.0' }, '2.1.0'],
  [{ upgradeMode: 'AUTO' as const, version: '' }, '2.1.0'],
  [{ upgradeMode: 'MANUAL' as const, version: '1.0.0' }, '1.0.0'],
])('the wish %j runs version %s', (wish, version) => {
  expect(resolveVersion(record, wish)).toBe(version)
})

test.each([{}, { version: '' }])('MANUAL without a version is refused (%j)', (wish) => {
  expect(() => resolveVersion(record, { ...wish, upgradeMode: 'MANUAL' })).toThrow(
    expect.objectContaining({ code: 'ERROR_REQUIRED_PARAMETER' }),
  )
})

test.each(['AUTO', 'MANUAL'] as const)(
  'an unknown version is refused in mode %s, naming those there are',
  (upgradeMode) => {
    expect(() => resolveVersion(record, { version: '3.0.0', upgradeMode })).toThrow(
      expect.objectContaining({
        code: 'ERROR_INVALID_PLUGIN_VERSION',
        message: expect.stringContaining('2.1.0, 2.0.0, 1.0.0'),
      }),
    )
  },
)

test('what was registered while it was allowed no longer runs where it is not', async () => {
  const registration = { domainId: 'domain-1', state: 'ENABLED', projectId: '', isListed: false } as const
  const { host } = givenHost([recordOf('well-behaved', { registration })], { allowedRuntimes: ['grpc'] })
  const failure = await failureOf(host.connect({ pluginId: 'plugin-well-behaved' }, never))
  expect(failure).toMatchObject({ code: 'ERROR_PLUGIN_IMAGE', retryable: false })
  expect(failure.message).toContain('GLEANER_ALLOWED_RUNTIMES')
})

const RUNTIMES = ['npm', 'cmd', 'docker'] as const
const ORIGINS = ['npm:@acme/', 'cmd:/opt/plugins/', 'docker://registry.example/acme/']

test.each([
  ['npm:@acme/cloud@^1.0.0', true],
  ['npm:@evil/cloud', false],
  ['cmd:/opt/plugins/acme --port {port}', true],
  ['cmd:["/opt/plugins/acme"]', true],
  ['cmd:/opt/plugins/../../bin/sh -c true', false],
  ['cmd:["/bin/sh","/opt/plugins/acme"]', false],
  ['docker://registry.example/acme/cloud:1.0', true],
  ['docker://registry.example.evil/acme/cloud', false],
])('where plugins may come from is configured: %s %j', (image, isAllowed) => {
  const problem = allowanceProblem(image, { allowedRuntimes: RUNTIMES, allowedImages: ORIGINS })
  expect(problem === undefined).toBe(isAllowed)
  if (problem !== undefined) expect(problem).toContain('GLEANER_ALLOWED_IMAGES')
})

test('what was registered from where it may no longer come from is not run', async () => {
  const registration = { domainId: 'domain-1', state: 'ENABLED', projectId: '', isListed: false } as const
  const settings = { allowedRuntimes: ['cmd'], allowedImages: ['cmd:/opt/plugins/'] } as const
  const { host } = givenHost([recordOf('well-behaved', { registration })], settings)
  expect(await failureOf(host.connect({ pluginId: 'plugin-well-behaved' }, never))).toMatchObject({
    code: 'ERROR_PLUGIN_IMAGE',
    retryable: false,
  })
})
