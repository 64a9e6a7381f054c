import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')
const GUIDE = readFileSync(join(ROOT, 'docs/guide/write-a-plugin.md'), 'utf8')

/** The commands of the guide, in their order; those that need a real API are told by its name. */
const commands = [...GUIDE.matchAll(/^```sh\n([\s\S]*?)^```/gm)]
  .map(([, lines = '']) => lines)
  .filter((lines) => !lines.includes('acme.example'))

test('the commands of the guide on writing plugins work, from an empty folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-guide-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const bin = join(folder, '.bin')
  await run('mkdir', [bin])
  writeFileSync(
    join(bin, 'gleaner'),
    `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'src/cli/main.ts')}' "$@"\n`,
  )
  chmodSync(join(bin, 'gleaner'), 0o755)
  const path = [bin, join(process.execPath, '..'), process.env.PATH].join(delimiter)

  const script = ['set -e', ...commands].join('\n')
  const { stderr, stdout } = await run('/bin/sh', ['-c', script], {
    cwd: folder,
    env: { ...process.env, PATH: path, NO_COLOR: '1' },
  })

  expect(commands).toHaveLength(4)
  expect(stdout).toContain('Made acme')
  expect(stdout).toMatch(/pass 2\b/)
  expect(stdout).toContain('as expected: nothing answers there')
  expect(stderr).toContain('failed:')
  expect(stdout).toContain('does what a server expects of it')
}, 120_000)
