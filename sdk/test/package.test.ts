import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')

// Below node_modules, where Node strips no types and finds what the package depends on.
mkdirSync(join(ROOT, 'node_modules/.cache'), { recursive: true })
const folder = mkdtempSync(join(ROOT, 'node_modules/.cache/sdk-package-'))
const installed = join(folder, 'node_modules/@gleaner/sdk')
afterAll(() => rmSync(folder, { recursive: true }))

const run = (program: string, args: readonly string[]) =>
  execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

beforeAll(() => {
  const built = join(folder, 'built')
  run(process.execPath, [join(ROOT, 'sdk/build.ts'), built])
  const [packed] = JSON.parse(run('npm', ['pack', built, '--json', '--ignore-scripts']))
  mkdirSync(installed, { recursive: true })
  run('tar', ['-xzf', packed.filename, '-C', installed, '--strip-components=1'])
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(folder, 'plugin.js'),
    `import { definePlugin } from '@gleaner/sdk'
     export default definePlugin({
       name: 'packed', version: '1.0.0', provider: 'packed',
       resourceTypes: { thing: { group: 'Things', type: 'Thing' } },
       async *collect(ctx) { yield ctx.cloudService('thing', { resourceId: 't-1', data: {} }) },
     })`,
  )
})

test('the package runs in plain Node, and its plugins are started and read by its own test kit', () => {
  writeFileSync(
    join(folder, 'try.js'),
    `import { collectFrom, startPlugin } from '@gleaner/sdk/testing'
     const plugin = await startPlugin(new URL('plugin.js', import.meta.url).pathname)
     const { resources } = await collectFrom(plugin.port)
     await plugin.stop()
     console.log(JSON.stringify(resources.map(({ resourceType }) => resourceType)))`,
  )
  const printed = run(process.execPath, ['--no-experimental-strip-types', join(folder, 'try.js')])
  expect(JSON.parse(printed)).toEqual(['inventory.CloudServiceType', 'inventory.CloudService'])
})

test('its types are those of the source', () => {
  const declaration = (resourceId: string) => `
    import { definePlugin } from '@gleaner/sdk'
    export const plugin = definePlugin({
      name: 'typed', version: '1.0.0', provider: 'typed',
      options: { type: 'object', properties: { count: { type: 'integer', default: 1 } } },
      resourceTypes: { thing: { group: 'Things', type: 'Thing' } },
      async *collect(ctx) { yield ctx.cloudService('thing', { resourceId: ${resourceId}, data: {} }) },
    })`
  writeFileSync(join(folder, 'right.ts'), declaration('String(ctx.options.count)'))
  writeFileSync(join(folder, 'wrong.ts'), declaration('ctx.options.count'))
  const complaints = (file: string): string => {
    const compilerOptions = {
      noEmit: true,
      strict: true,
      module: 'nodenext',
      target: 'esnext',
      types: ['node'],
    }
    const project = join(folder, `${file}.json`)
    writeFileSync(project, JSON.stringify({ compilerOptions, files: [file] }))
    return spawnSync(process.execPath, [TSC, '-p', project], { encoding: 'utf8' }).stdout
  }
  expect(complaints('right.ts')).toBe('')
  expect(complaints('wrong.ts')).toContain("Type 'number' is not assignable to type 'string'")
})
