import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startRecordedProvider } from '../../sdk/src/testing/index.ts'
import { listLeftovers, makeDataDir, portsOf, startServer } from '../e2e/server-process.ts'
import { startNpmRegistry } from '../support/npm-registry.ts'
import { type Installed, installPackages, ROOT } from './installed.ts'

const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
const { version: VERSION }: { version: string } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

let it: Installed
beforeAll(async () => {
  it = await installPackages()
})
afterAll(() => it.remove())

/** In a clone this would be TypeScript. */
const PLUGIN = `import { definePlugin } from '@gleaner/sdk'
export default definePlugin({
  name: 'packed', version: '1.0.0', provider: 'packed',
  options: { type: 'object', properties: { count: { type: 'integer', default: 3 } } },
  resourceTypes: { thing: { group: 'Things', type: 'Thing' } },
  async *collect(ctx) {
    async function* things() {
      for (let i = 0; i < ctx.options.count; i++) yield ctx.cloudService('thing', { resourceId: 't-' + i, data: { i } })
    }
    yield* ctx.list({ type: 'thing' }, things())
  },
})
`

test('what is built has the checksums that are written beside it, and is the same when it is built again', async () => {
  await it.run('sh', ['-c', `cd '${it.built}' && sha256sum --check --strict SHA256SUMS`])
  const again = join(it.folder, 'again')
  const script = join(ROOT, 'scripts/pack/main.ts')

  await it.run(process.execPath, ['--disable-warning=ExperimentalWarning', script, again])

  const sums = readFileSync(join(again, 'SHA256SUMS'), 'utf8')
  expect(sums.split('\n')).toHaveLength(5)
  expect(sums).toBe(readFileSync(join(it.built, 'SHA256SUMS'), 'utf8'))
})

test('the programs know their version and how they are started', async () => {
  expect(await it.run('gleaner', ['--version'])).toBe(`${VERSION}\n`)
  expect(await it.run('gleaner-server', ['--version'])).toBe(`${VERSION}\n`)
  expect(await it.run('gleaner-server', ['--help'])).toMatch(/^Usage: gleaner-server \[options\]\n/)
  expect(await it.run('gleaner-server', ['backup', '--help'])).toMatch(
    /^Usage: gleaner-server backup FOLDER /,
  )
})

describe('the SDK', () => {
  test('runs a plugin in JavaScript, which the installed command line finds to be a good one', {
    // It judges by the clock as well.
    retry: 2,
  }, async () => {
    writeFileSync(join(it.folder, 'plugin.js'), PLUGIN)
    const out = await it.run('gleaner', ['plugins', 'check', 'plugin.js', '--messages', '0'])
    expect(out).toContain('does what a server expects of it')
  })

  test('brings the kit for tests along', async () => {
    writeFileSync(join(it.folder, 'plugin.js'), PLUGIN)
    writeFileSync(
      join(it.folder, 'try.mjs'),
      `import { collectFrom, startPlugin } from '@gleaner/sdk/testing'
       const plugin = await startPlugin(new URL('plugin.js', import.meta.url).pathname)
       const { resources } = await collectFrom(plugin.port)
       await plugin.stop()
       console.log(JSON.stringify(resources.map(({ resourceType }) => resourceType)))`,
    )
    const printed = await it.run(process.execPath, ['--no-experimental-strip-types', 'try.mjs'])
    const [type, ...others] = JSON.parse(printed)
    expect([type, others.length]).toEqual(['inventory.CloudServiceType', 3])
  })

  test('has the types of its source, for the strictest of callers', () => {
    const declaration = (resourceId: string) => `
      import { definePlugin } from '@gleaner/sdk'
      import { startPlugin } from '@gleaner/sdk/testing'
      export const started = startPlugin('plugin.js')
      export const plugin = definePlugin({
        name: 'typed', version: '1.0.0', provider: 'typed',
        options: { type: 'object', properties: { count: { type: 'integer', default: 1 } } },
        resourceTypes: { thing: { group: 'Things', type: 'Thing' } },
        async *collect(ctx) { yield ctx.cloudService('thing', { resourceId: ${resourceId}, data: {} }) },
      })`
    writeFileSync(join(it.folder, 'right.ts'), declaration('String(ctx.options.count)'))
    writeFileSync(join(it.folder, 'wrong.ts'), declaration('ctx.options.count'))
    const types = join(ROOT, 'node_modules/@types')
    const options = { noEmit: true, strict: true, exactOptionalPropertyTypes: true, typeRoots: [types] }
    const compilerOptions = { ...options, module: 'nodenext', target: 'esnext', types: ['node'] }
    const complaints = (file: string): string => {
      const project = join(it.folder, `${file}.json`)
      writeFileSync(project, JSON.stringify({ compilerOptions, files: [file] }))
      return spawnSync(process.execPath, [TSC, '-p', project], { encoding: 'utf8' }).stdout
    }
    expect(complaints('right.ts')).toBe('')
    expect(complaints('wrong.ts')).toContain("Type 'number' is not assignable to type 'string'")
  })
})

test('the installed server collects this machine and a plugin from a registry, shows its console, and ends on SIGTERM', async () => {
  const registry = await startNpmRegistry()
  onTestFinished(registry.stop)
  const provider = await startRecordedProvider(join(ROOT, 'sdk/template/recordings/servers.json'))
  onTestFinished(() => provider.stop())
  // An author makes a plugin, has a package built of it, and publishes it beside the SDK.
  await it.run('gleaner', ['plugins', 'new', 'acme'])
  await it.run('sh', [
    '-c',
    'cd acme && node --test test.ts && gleaner plugins build && npm pack --ignore-scripts ./dist',
  ])
  registry.publishArchive(join(it.folder, 'acme/acme-0.1.0.tgz'))
  registry.publishArchive(join(it.built, 'gleaner-sdk-0.1.0.tgz'))

  const { dataDir, remove } = makeDataDir()
  onTestFinished(remove)
  const key = randomBytes(32).toString('hex')
  const server = startServer(dataDir, {
    program: [join(it.folder, 'node_modules/.bin/gleaner-server')],
    flags: [
      '--allowed-runtimes',
      'builtin,npm',
      '--plugin-drop-privileges',
      'false',
      '--npm-registry',
      registry.url,
    ],
    env: { GLEANER_FIRST_API_KEY: key },
  })
  const { http } = await portsOf(server)
  expect(server.output()).toMatch(/Found \d+ resources of \d+ kinds on this machine/)
  const page = await fetch(`http://127.0.0.1:${http}/`)
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('/assets/')])

  const caller = {
    GLEANER_URL: `http://127.0.0.1:${http}`,
    GLEANER_API_KEY: key,
    GLEANER_DOMAIN: 'domain-000000000001',
    ACME: JSON.stringify({ url: provider.url }),
  }
  const lines = [
    'set -e',
    'id=$(gleaner --json plugins register Acme --image npm:acme --provider acme | grep -o "plugin-[0-9a-f]\\{12\\}" | head -1)',
    'echo \'{"token":"a token"}\' | gleaner secrets create Acme --provider acme --data-file -',
    'gleaner collectors create Acme --plugin "$id" --provider acme --options "$ACME"',
    'gleaner collect Acme --watch',
  ]
  expect(await it.run('sh', ['-c', lines.join('\n')], caller)).toMatch(
    /^SUCCESS: 'Acme' was collected.*\b3 created/m,
  )
  server.child.kill('SIGTERM')
  expect(await server.exited).toBe(0)
  expect(listLeftovers(dataDir)).toEqual([])
})
