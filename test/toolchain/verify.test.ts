import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'

const SCRIPT = join(import.meta.dirname, '../../scripts/verify.mjs')

const PASSES = "test('passes', () => {})"
const FAILS = "test('fails', () => { throw new Error('never works') })"
/** What the second run finds where the first has been. */
const ONCE = `import { existsSync, writeFileSync } from 'node:fs'
const isFirst = !existsSync(import.meta.filename + '.ran')
writeFileSync(import.meta.filename + '.ran', '')
`
const FAILS_ONCE = `${ONCE} test('waits for too little', () => { if (isFirst) throw new Error('came too late') })`
const REJECTS_ONCE = `${ONCE} test('leaves something behind', async () => {
  if (isFirst) Promise.reject(new Error('nobody listened'))
  await new Promise((resolve) => setImmediate(resolve))
})`
const DIES_ONCE = `${ONCE} if (isFirst) process.kill(process.pid, 'SIGKILL')\n${PASSES}`

/** Runs the script on test files of these texts; the output is told run by run. */
async function verify(files: Readonly<Record<string, string>>, config: object = {}) {
  const root = mkdtempSync(join(tmpdir(), 'gleaner-verify-test-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(root, `${name}.test.mjs`), content)
  const args = [SCRIPT, `--root=${root}`, '--globals', '--no-color', '--no-cache']
  writeFileSync(join(root, 'vitest.config.mjs'), `export default { test: ${JSON.stringify(config)} }`)
  const { VITEST, ...env } = process.env
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  const [first = '', ...further] = output.split('run once more, alone.')
  return { code, errors, first, second: further.join('') }
}

test('files that fail once are forgiven, and told at the end', async () => {
  const { code, errors, second } = await verify({
    passes: PASSES,
    fails: FAILS_ONCE,
    rejects: REJECTS_ONCE,
    dies: DIES_ONCE,
  })

  expect(code, errors).toBe(0)
  expect(second).toContain('3 passed')
  const end = second.slice(second.indexOf('FAILED IN THE WHOLE RUN'))
  expect(end).toMatch(/fails\.test\.mjs > waits for too little\n +Error: came too late/)
  expect(end).toMatch(/rejects\.test\.mjs\n +Error: nobody listened/)
  expect(end).toMatch(/dies\.test\.mjs\n/)
  expect(end.trimEnd()).toMatch(/PASSED ONLY AT THE SECOND ATTEMPT: .*$/)
})

test('a file that fails again fails the run, whatever others do', async () => {
  const { code, errors, second } = await verify({ fails: FAILS, unsteady: FAILS_ONCE })

  expect(code, errors).toBe(1)
  expect(second).toMatch(/FAILED AGAIN, ALONE\n\n +fails\.test\.mjs > fails\n +Error: never works/)
  expect(second.trimEnd()).toMatch(/verify: failed twice\.$/)
})

test('more than three files that fail get no second chance', async () => {
  const { code, errors, first, second } = await verify({
    a: FAILS_ONCE,
    b: FAILS_ONCE,
    c: FAILS_ONCE,
    d: FAILS_ONCE,
  })

  expect(code, errors).toBe(1)
  expect(first.trimEnd()).toMatch(/verify: 4 files failed, too many for a second chance\.$/)
  expect(second).toBe('')
})

test('files that a dead process did not come to have failed', async () => {
  const shared = { isolate: false, maxWorkers: 1 }
  const few = await verify({ dies: DIES_ONCE, next: PASSES }, shared)
  expect(few.code, few.errors).toBe(0)
  expect(few.second).toContain('2 passed')
  expect(few.second).toMatch(/next\.test\.mjs\n +the file did not run/)

  const many = await verify({ dies: DIES_ONCE, a: PASSES, b: PASSES, c: PASSES }, shared)
  expect(many.code, many.errors).toBe(1)
  expect(many.first.trimEnd()).toMatch(/verify: 4 files failed, too many for a second chance\.$/)
})
