import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { createPluginHost, createPluginRegistry, createVersionLister } from '../../../src/plugins/index.ts'
import { parsePackageSpec } from '../../../src/plugins/npm/package-spec.ts'
import { startNpmRegistry } from '../../support/npm-registry.ts'
import { silentLog } from '../../support/silent-log.ts'
import { failureOf, fixture, givenFolder, never, recordOf } from '../support.ts'

const registry = await startNpmRegistry()
afterAll(registry.stop)

// A plugin without packages of its own for gRPC: it answers `init` with an empty message and tells its words
// in the log.
const PROGRAM = `#!/usr/bin/env node
import { createServer } from 'node:http2'
import { words } from 'acme-words'
import { readFileSync } from 'node:fs'
const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'))
const server = createServer()
server.on('stream', (stream, headers) => {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '9', 'grpc-message': 'ERROR_SAID: ' + version + ' ' + words }))
  stream.end()
})
server.listen(0, '127.0.0.1', () => {
  console.log('GLEANER_PLUGIN_READY ' + JSON.stringify({ port: server.address().port, protocol: 1 }))
})
process.stdin.on('end', () => process.exit(0)).resume()
`
registry.publish(
  { name: 'acme-words', version: '1.0.0', type: 'module', main: 'words.js' },
  { 'words.js': "export const words = 'hello'\n" },
)
for (const version of ['1.0.0', '1.1.0', '2.0.0']) {
  registry.publish(
    {
      name: 'acme-plugin',
      version,
      type: 'module',
      bin: 'plugin.js',
      dependencies: { 'acme-words': '^1.0.0' },
      scripts: { install: 'touch ran-a-script' },
    },
    { 'plugin.js': PROGRAM },
  )
}

/** A host with npm plugins only, in a folder that outlives it. */
function givenNpmHost(image: string, { dataDir = givenFolder(), versions = ['latest'] } = {}) {
  const record = recordOf('npm', { image, versions })
  const host = createPluginHost({
    dataDir,
    log: silentLog,
    registry: createPluginRegistry({ records: [record] }),
    settings: {
      dropPrivileges: false,
      stopGraceMs: 2_000,
      startTimeoutMs: 60_000,
      npmRegistry: registry.url,
    },
  })
  onTestFinished(() => host.stop())
  return { host, dataDir, record }
}

/** What the plugin says: its version, and the word of the package it depends on. */
async function saidBy({ host, record }: ReturnType<typeof givenNpmHost>, version = '') {
  const connection = await host.connect({ pluginId: record.pluginId, version }, never)
  return (await failureOf(connection.init({}, never))).message.replace(/^.*\(init\): /, '')
}

function treeOf(dataDir: string): string {
  const trees = join(dataDir, 'packages/trees')
  return join(trees, readdirSync(trees)[0] ?? '')
}

describe('an npm plugin', () => {
  test('is installed in the newest version of its range, with what it depends on, and without running a script', async () => {
    const given = givenNpmHost('npm:acme-plugin@^1.0.0')

    expect(await saidBy(given)).toBe('1.1.0 hello')
    expect(existsSync(join(treeOf(given.dataDir), 'node_modules/acme-plugin/ran-a-script'))).toBe(false)
    const lock = JSON.parse(readFileSync(join(treeOf(given.dataDir), 'package-lock.json'), 'utf8'))
    expect(
      Object.values<{ integrity?: string }>(lock.packages).filter(({ integrity }) => integrity),
    ).toHaveLength(2)
  })

  test('runs in several versions side by side', async () => {
    const given = givenNpmHost('npm:acme-plugin', { versions: ['2.0.0', '1.0.0'] })

    expect(await Promise.all([saidBy(given, '1.0.0'), saidBy(given, '2.0.0')])).toEqual([
      '1.0.0 hello',
      '2.0.0 hello',
    ])
    expect(given.host.counters().running).toBe(2)
  })

  test('is installed once, and runs afterwards without the registry', async () => {
    const first = givenNpmHost('npm:acme-plugin@1.0.0')
    await saidBy(first)
    await first.host.stop()
    const asked = registry.requests.length

    expect(await saidBy(givenNpmHost('npm:acme-plugin@1.0.0', { dataDir: first.dataDir }))).toBe(
      '1.0.0 hello',
    )
    expect(registry.requests).toHaveLength(asked)
  })

  test('whose files are gone is installed again exactly as it was', async () => {
    const first = givenNpmHost('npm:acme-plugin@1.0.0')
    await saidBy(first)
    await first.host.stop()
    rmSync(treeOf(first.dataDir), { recursive: true })

    expect(await saidBy(givenNpmHost('npm:acme-plugin@1.0.0', { dataDir: first.dataDir }))).toBe(
      '1.0.0 hello',
    )
  })

  test('whose files were changed is not run', async () => {
    const first = givenNpmHost('npm:acme-plugin@1.0.0')
    await saidBy(first)
    await first.host.stop()
    appendFileSync(join(treeOf(first.dataDir), 'node_modules/acme-words/words.js'), '// changed\n')

    const { host, record } = givenNpmHost('npm:acme-plugin@1.0.0', { dataDir: first.dataDir })
    const failure = await failureOf(host.connect({ pluginId: record.pluginId }, never))
    expect(failure).toMatchObject({
      code: 'ERROR_PLUGIN_CHANGED',
      kind: 'failed_precondition',
      retryable: false,
    })
    expect(failure.message).toContain('acme-plugin 1.0.0')
  })

  test('that the registry does not have is named', async () => {
    const { host, record } = givenNpmHost('npm:acme-nothing@1.0.0')
    const failure = await failureOf(host.connect({ pluginId: record.pluginId }, never))
    expect(failure).toMatchObject({ code: 'ERROR_PLUGIN_INSTALL', retryable: true })
    expect(failure.message).toContain('acme-nothing')
  })

  test('has the versions that its registry lists, newest first', async () => {
    const settings = { npmRegistry: registry.url, allowedRuntimes: ['npm'] } as const
    const lister = createVersionLister({ dataDir: givenFolder(), settings })
    expect(await lister.list('npm:acme-plugin@{version}', never)).toEqual(['2.0.0', '1.1.0', '1.0.0'])
    expect(await lister.list('npm:acme-plugin@^1.0.0', never)).toEqual(['1.1.0', '1.0.0'])
    expect(lister.canList(`cmd:${fixture('well-behaved')}`)).toBe(false)
    await expect(lister.list('npm:acme-nothing', never)).rejects.toMatchObject({
      code: 'ERROR_PLUGIN_VERSIONS',
      message: expect.stringContaining('acme-nothing'),
    })
  })
})

test.each([
  ['acme', { name: 'acme', range: '' }],
  ['@acme/plugin@^1.2', { name: '@acme/plugin', range: '^1.2' }],
  ['acme@>=1 <2', { name: 'acme', range: '>=1 <2' }],
])('%s is a package', (text, spec) => {
  expect(parsePackageSpec(text)).toEqual(spec)
})

test.each([
  '',
  '../plugin',
  'acme@file:../plugin',
  'acme@https://evil.example/a.tgz',
  'acme@npm:other',
  'github:acme/plugin',
  '--registry=x',
  'Acme',
])('%j is none', (text) => {
  expect(parsePackageSpec(text)).toBeTypeOf('string')
})
