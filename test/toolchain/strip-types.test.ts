import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'

const SCRIPT = join(import.meta.dirname, '../../scripts/strip-types.mjs')
const folder = mkdtempSync(join(tmpdir(), 'gleaner-types-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('types are stripped once, and again when a source has changed', async () => {
  const root = givenProgram('one')

  expect(await run(root)).toBe('main one 4:24 compiler, thread one 4:24')
  expect(await run(root)).toBe('main one 4:24, thread one 4:24')

  writeProgram(root, 'two')
  expect(await run(root)).toBe('main two 4:24 compiler, thread two 4:24')
})

test('what was kept and is damaged is made anew', async () => {
  const root = givenProgram('one')
  await run(root)
  const kept = join(root, 'node_modules/.cache/gleaner/stripped', process.version)
  for (const length of [0, 100]) {
    for (const file of readdirSync(kept)) truncateSync(join(kept, file), length)
    expect(await run(root)).toBe('main one 4:24 compiler, thread one 4:24')
  }
})

test('a program runs where nothing can be written', async () => {
  const root = givenProgram('one')
  writeFileSync(join(root, 'node_modules'), 'is no folder')

  expect(await run(root)).toBe('main one 4:24 compiler, thread one 4:24 compiler')
})

test('what cannot be stripped is told with its place', async () => {
  const root = givenProgram('one')
  writeFileSync(join(root, 'program.ts'), '\nenum Odd { a }')

  await expect(run(root)).rejects.toThrow(/program\.ts:2\n[\s\S]*ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX/)
})

function givenProgram(text: string): string {
  const root = mkdtempSync(join(folder, 'root-'))
  mkdirSync(join(root, 'scripts'))
  cpSync(SCRIPT, join(root, 'scripts/strip-types.mjs'))
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
  writeProgram(root, text)
  return root
}

/** It tells where in its source it is, and whether the compiler was loaded to strip it: once for itself, once for a thread. */
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
  writeFileSync(join(root, 'program.ts'), source)
}

async function run(root: string): Promise<string> {
  const args = [
    '--disable-warning=ExperimentalWarning',
    '--import',
    './scripts/strip-types.mjs',
    'program.ts',
  ]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: root })
  return stdout + stderr
}
