import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { toJavaScript } from '../../src/plugin-kit/to-javascript.ts'
import { gleaner } from '../cli/gleaner.ts'

async function givenPlugin(): Promise<string> {
  const folder = join(mkdtempSync(join(tmpdir(), 'gleaner-build-')), 'acme')
  onTestFinished(() => rmSync(join(folder, '..'), { recursive: true, force: true }))
  await gleaner('', ['plugins', 'new', 'acme', folder])
  return folder
}

test('a plugin is built into JavaScript and a manifest for others, without tests, recordings and hidden files', async () => {
  const folder = await givenPlugin()
  mkdirSync(join(folder, 'src'))
  writeFileSync(join(folder, 'src/words.ts'), "export const words: string = 'hello'\n")
  writeFileSync(join(folder, '.env'), 'TOKEN=hunter2')
  // What a build has left that was killed, and a file that lies elsewhere.
  mkdirSync(join(folder, 'dist.4711'))
  writeFileSync(join(folder, 'dist.4711/plugin.js'), '')
  writeFileSync(join(folder, '../regions.json'), '{}')
  symlinkSync(join(folder, '../regions.json'), join(folder, 'src/regions.json'))
  writeFileSync(
    join(folder, 'plugin.ts'),
    `import './src/words.ts'\n${readFileSync(join(folder, 'plugin.ts'), 'utf8')}`,
  )

  const built = await gleaner('', ['plugins', 'build', folder])

  expect(built).toMatchObject({
    code: 0,
    notices: '',
    out: expect.stringContaining('--image npm:acme@0.1.0'),
  })
  const dist = join(folder, 'dist')
  expect(readdirSync(dist).toSorted()).toEqual(['package.json', 'plugin.js', 'src'])
  expect(readdirSync(join(dist, 'src')).toSorted()).toEqual(['regions.json', 'words.js'])
  expect(lstatSync(join(dist, 'src/regions.json')).isFile()).toBe(true)
  const source = readFileSync(join(dist, 'plugin.js'), 'utf8')
  expect(source).toMatch(/^import '\.\/src\/words\.js'\n/)
  expect(source).not.toContain('type Server')
  expect(JSON.parse(readFileSync(join(dist, 'package.json'), 'utf8'))).toEqual({
    name: 'acme',
    version: '0.1.0',
    type: 'module',
    main: 'plugin.js',
    engines: { node: '>=24' },
    dependencies: { '@gleaner/sdk': '0.1.0' },
  })
})

test('what cannot be built is told with its file, and what was built before stays', async () => {
  const folder = await givenPlugin()
  await gleaner('', ['plugins', 'build', folder])
  writeFileSync(join(folder, 'odd.ts'), 'export enum Odd { a }\n')

  const odd = await gleaner('', ['plugins', 'build', folder])
  const none = await gleaner('', ['plugins', 'build', join(folder, 'recordings')])

  expect(odd).toMatchObject({
    code: 1,
    notices: expect.stringMatching(/odd\.ts holds more than Node can strip/),
  })
  expect(existsSync(join(folder, 'dist/plugin.js'))).toBe(true)
  expect(readdirSync(folder).filter((name) => name.startsWith('dist.'))).toEqual([])
  expect(none).toMatchObject({ code: 1, notices: expect.stringContaining('package.json does not say') })
})

test('lines and columns stay, and only own modules are imported by another name', () => {
  const source = [
    "import type { A } from './a.ts'",
    "import { b, type B } from '../b.ts'",
    "const thread: URL = new URL('./c.ts', import.meta.url); later(await import('./d.ts'))",
    "const text = 'gleaner plugins check plugin.ts' as const, kept = /[.]ts$/",
  ].join('\n')
  const built = toJavaScript(source).split('\n')
  expect(built).toHaveLength(4)
  expect(built[1]).toMatch(/^import \{ b,\s* \} from '\.\.\/b\.js'$/)
  expect(built[2]).toMatch(
    /^const thread {6}= new URL\('\.\/c\.js', import\.meta\.url\); later\(await import\('\.\/d\.js'\)\)$/,
  )
  expect(built[3]).toContain("'gleaner plugins check plugin.ts'")
  expect(built[3]?.indexOf('kept')).toBe(source.split('\n')[3]?.indexOf('kept'))
})
