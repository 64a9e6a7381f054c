import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'

const SCRIPT = join(import.meta.dirname, '../../scripts/strip-types.mjs')
const folder = mkdtempSync(join(tmpdir(), 'gleaner-types-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('types are stripped once, in a process of its own, and again when a source has changed', async () => {
  const root = givenProgram('one')
  writeFileSync(join(root, 'src/beside.ts'), 'export const beside: number = 1')

  expect(await run(root)).toBe('main one 4:24, thread one 4:24')
  const files = listKept(root)
  expect(files).toHaveLength(2)
  const writtenAt = files.map((file) => statSync(file).mtimeMs)
  expect(await run(root)).toBe('main one 4:24, thread one 4:24')
  expect(listKept(root).map((file) => statSync(file).mtimeMs)).toEqual(writtenAt)

  writeProgram(root, 'two')
  expect(await run(root)).toBe('main two 4:24, thread two 4:24')
  expect(listKept(root)).toHaveLength(3)
})

test('what was kept and is damaged is made anew', async () => {
  const root = givenProgram('one')
  await run(root)
  for (const length of [0, 100]) {
    for (const file of listKept(root)) truncateSync(file, length)
    expect(await run(root)).toBe('main one 4:24, thread one 4:24')
    for (const file of listKept(root)) expect(statSync(file).size).toBeGreaterThan(100)
  }
})

test('what no source of today has become is removed after a week, when something has to be stripped', async () => {
  const root = givenProgram('one')
  writeFileSync(join(root, 'src/beside.ts'), 'export const beside: number = 1')
  await run(root)
  const [used = '', beside = ''] = listKept(root)
  const [days6 = '', days8 = '', days8OfNode = ''] = ['a.js', 'b.js.17-0', '../v24.0.1/c.js'].map((name) =>
    join(keptIn(root), name),
  )
  mkdirSync(join(keptIn(root), '../v24.0.1'))
  for (const file of [days6, days8, days8OfNode]) writeFileSync(file, '')
  age(days6, 6)
  for (const file of [used, beside, days8, days8OfNode]) age(file, 8)

  writeProgram(root, 'two')
  await run(root)
  expect([days6, days8, days8OfNode].map((file) => existsSync(file))).toEqual([true, false, false])
  // That of the first program, and not that of the source beside it.
  expect([used, beside].filter((file) => existsSync(file))).toHaveLength(1)
})

test('a source outside the usual folders is stripped as well', async () => {
  const root = givenProgram('one')
  writeFileSync(join(folder, 'far.ts'), "process.stdout.write('far' as string)")
  writeFileSync(join(root, 'src/program.ts'), "import '../../far.ts'")

  expect(await run(root)).toBe('far')
})

test('a program runs where nothing can be written', async () => {
  const root = givenProgram('one')
  writeFileSync(join(root, 'node_modules'), 'is no folder')

  expect(await run(root)).toBe('main one 4:24 compiler, thread one 4:24 compiler')
})

test('what cannot be stripped is told with its place', async () => {
  const root = givenProgram('one')
  writeFileSync(join(root, 'src/program.ts'), '\nenum Odd { a }')

  await expect(run(root)).rejects.toThrow(/program\.ts:2\n[\s\S]*ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX/)
})

// A function tells its text as V8 keeps it, one byte a character if all of them are ASCII.
test('sources become ASCII, and mean what they meant', async () => {
  const root = givenProgram('one')
  const code = (type: string) =>
    `const größe${type} = 'é…😀' + \`–\${/^[—…]$/u.test('…')}\` // …
const show = () => { /* é…😀 */ return größe }
process.stdout.write([show(), /^[\\0-\\x7f]+$/.test(show.toString())].join(' ') + '\\n')
`
  writeFileSync(
    join(root, 'src/program.ts'),
    `import './module.mjs'\nimport './old.cjs'\n${code(': string')}`,
  )
  writeFileSync(join(root, 'src/module.mjs'), code(''))
  writeFileSync(join(root, 'src/old.cjs'), `require('./older.cjs')\n${code('')}`)
  writeFileSync(join(root, 'src/older.cjs'), code(''))

  expect(await run(root)).toBe('é…😀–true true\n'.repeat(4))
})

test('a source in which an escape would mean something else stays as it is', async () => {
  const root = givenProgram('one')
  writeFileSync(
    join(root, 'src/program.ts'),
    "import './tag.mjs'\nimport './escape.mjs'\nimport './blank.mjs'\nimport './name.mjs'",
  )
  writeFileSync(join(root, 'src/tag.mjs'), 'process.stdout.write(String.raw`a…\\n`)')
  writeFileSync(join(root, 'src/escape.mjs'), "process.stdout.write(' \\…')")

  writeFileSync(join(root, 'src/blank.mjs'), "\ufeffprocess.stdout.write('…')\u2002")
  writeFileSync(join(root, 'src/name.mjs'), "const 𝒳 = '𝒳'; process.stdout.write(𝒳)")

  expect(await run(root)).toBe('a…\\n ……𝒳')
})

function givenProgram(text: string): string {
  const root = mkdtempSync(join(folder, 'root-'))
  for (const name of ['scripts', 'src']) mkdirSync(join(root, name))
  cpSync(SCRIPT, join(root, 'scripts/strip-types.mjs'))
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
  writeProgram(root, text)
  return root
}

/**
 * It tells where in its source it is, and whether the compiler was loaded to strip it: once for itself, once
 * for a thread.
 */
function writeProgram(root: string, text: string): void {
  const source = `import { isMainThread, Worker } from 'node:worker_threads'
const text: string = '${text}'
type Place = { readonly line: string }
const { stack = '' } = new Error() satisfies Error
const place: Place = { line: /program.ts:(\\d+:\\d+)/.exec(stack)?.[1] ?? '' }
const compiler: string = process.moduleLoadList.some((name: string) => name.includes('amaro')) ? ' compiler' : ''
process.stdout.write(\`\${isMainThread ? 'main' : ', thread'} \${text} \${place.line}\${compiler}\`)
if (isMainThread) new Worker(new URL(import.meta.url))
`
  writeFileSync(join(root, 'src/program.ts'), source)
}

function keptIn(root: string): string {
  return join(root, 'node_modules/.cache/gleaner/stripped', process.version)
}

function listKept(root: string): string[] {
  return readdirSync(keptIn(root)).map((name) => join(keptIn(root), name))
}

function age(file: string, days: number): void {
  const at = new Date(Date.now() - days * 24 * 3_600_000)
  utimesSync(file, at, at)
}

async function run(root: string): Promise<string> {
  const args = [
    '--disable-warning=ExperimentalWarning',
    '--import',
    './scripts/strip-types.mjs',
    'src/program.ts',
  ]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: root })
  return stdout + stderr
}
