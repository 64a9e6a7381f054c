import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')
const GUIDE = readFileSync(join(ROOT, 'docs/guide/write-a-plugin.md'), 'utf8')

/** The commands of the guide, in their order; those that need a real API are told by its name. */
const commands = [...GUIDE.matchAll(/^```sh\n([\s\S]*?)^```/gm)]
  .map(([, lines = '']) => lines)
  .filter((lines) => !lines.includes('acme.example'))

test('the commands of the guide on writing plugins work, from a clone and a home without anything in it', {
  // They end with a check that judges by the clock as well.
  retry: 2,
}, async () => {
  const home = mkdtempSync(join(tmpdir(), 'gleaner-guide-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))

  const script = ['set -e', ...commands].join('\n')
  const { stderr, stdout } = await run('/bin/sh', ['-c', script], {
    cwd: ROOT,
    env: { ...process.env, HOME: home, NO_COLOR: '1' },
  })

  expect(commands).toHaveLength(6)
  expect(stdout).toContain('Made acme')
  expect(stdout).toMatch(/pass 3\b/)
  expect(stdout).toContain('3 resources, 0 problems')
  expect(stderr).toBe('')
  expect(stdout).toContain('does what a server expects of it')
  expect(stdout).toContain('Built ./dist')
})
