import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const committed = join(root, 'src/gen')
let base = ''

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'gleaner-gen-test-'))
  execFileSync(process.execPath, [join(root, 'scripts/generate.ts'), base], { stdio: 'pipe' })
})

afterAll(() => rmSync(base, { recursive: true, force: true }))

test('src/gen is what proto/ generates: after a change there, run npm run gen and commit both', () => {
  const fresh = readTree(join(base, 'src/gen'))
  const stored = readTree(committed)
  expect([...stored.keys()]).toEqual([...fresh.keys()])
  const stale = [...fresh].filter(([name, text]) => stored.get(name) !== text).map(([name]) => name)
  expect(stale).toEqual([])
})

test('the copy of the plugin protocol in the SDK is the one the server speaks', () => {
  const folder = 'src/gen/spaceone/api/inventory/plugin'
  const server = readTree(join(base, folder))
  const sdk = readTree(join(root, 'sdk', folder))
  expect([...sdk.keys()]).toEqual([...server.keys()])
  for (const [name, text] of sdk)
    expect(embeddedDescriptor(text), name).toBe(embeddedDescriptor(server.get(name)))
})

test('generated code imports nothing but the protobuf runtime and itself', () => {
  const imports = [...readTree(committed)]
    .filter(([name]) => name.endsWith('.ts'))
    .flatMap(([, text]) => [...text.matchAll(/from ["']([^"']+)["']/g)].map(([, source = '']) => source))
  const foreign = imports.filter((source) => !/^(@bufbuild\/protobuf(\/|$)|\.\.?\/.*\.ts$)/.test(source))
  expect(imports.length).toBeGreaterThan(0)
  expect(foreign).toEqual([])
})

/**
 * The serialized descriptor inside generated code: all that matters on the wire, however the file is
 * formatted.
 */
function embeddedDescriptor(text = ''): string {
  const [, descriptor] = /fileDesc\(\s*["']([^"']+)["']/.exec(text) ?? []
  if (descriptor === undefined) throw new Error('generated file holds no descriptor')
  return descriptor
}

function readTree(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
  return new Map(names.map((name) => [name.slice(folder.length + 1), readFileSync(name, 'utf8')]))
}
