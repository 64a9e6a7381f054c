import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'

const SCRIPT = join(import.meta.dirname, '../../scripts/check-imports.ts')
const root = mkdtempSync(join(tmpdir(), 'gleaner-imports-'))
afterAll(() => rmSync(root, { recursive: true }))

mkdirSync(join(root, 'scripts'))
cpSync(SCRIPT, join(root, 'scripts/check-imports.ts'))

test('a feature may import what comes before it, through its face', async () => {
  givenFile(
    'src/jobs/run/run-task.ts',
    "import { ingest } from '../../inventory/index.ts'\nimport { newId } from '../../core/ids.ts'",
  )

  expect(await check()).toEqual({ code: 0, stderr: '' })
})

test('the console shares words with the command line', async () => {
  givenFile('console/src/format/x.ts', "import { duration } from '../../../src/core/words/time.ts'")

  expect(await check()).toEqual({ code: 0, stderr: '' })
})

test.each([
  [
    'against the direction',
    'src/inventory/x.ts',
    "import { Worker } from '../jobs/index.ts'",
    'inventory/ may import',
  ],
  [
    'past the face',
    'src/jobs/x.ts',
    "import { fold } from '../inventory/fold.ts'",
    'entered through index.ts',
  ],
  [
    'from core',
    'src/core/x.ts',
    "import type { Sql } from '../storage/index.ts'",
    'core/ may import nothing',
  ],
  [
    'from the SDK into src',
    'sdk/src/x.ts',
    "import { newId } from '../../src/core/ids.ts'",
    'packages and src/ meet',
  ],
  [
    'into the composition root',
    'src/server/x.ts',
    "import { startApp } from '../app.ts'",
    'composition root',
  ],
  [
    'from one feature of the console into another',
    'console/src/features/jobs/components/x.tsx',
    "import { Changes } from '../../history/components/changes.tsx'",
    'features do not import each other',
  ],
  [
    'from a part of the console into what uses it',
    'console/src/components/ui/x.tsx',
    "import { useJobs } from '../../features/jobs/api/use-jobs.ts'",
    'components/ may import format, api',
  ],
  [
    'from the console into src',
    'console/src/api/x.ts',
    "import { newId } from '../../../src/core/ids.ts'",
    'packages and src/ meet',
  ],
  [
    'from a page of the console into shared words',
    'console/src/app/x.ts',
    "import { duration } from '../../../src/core/words/time.ts'",
    'packages and src/ meet',
  ],
  ['from shared words', 'src/core/words/x.ts', "import { newId } from '../ids.ts'", 'it imports nothing'],
])('an import %s is told on', async (_, file, text, complaint) => {
  givenFile(file, text)

  const { code, stderr } = await check()
  rmSync(join(root, file))

  expect(code).toBe(1)
  expect(stderr).toContain(file)
  expect(stderr).toContain(complaint)
})

function givenFile(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), `${text}\n`)
}

async function check(): Promise<{ code: number; stderr: string }> {
  const run = promisify(execFile)(process.execPath, [join(root, 'scripts/check-imports.ts')])
  return run.then(
    ({ stderr }) => ({ code: 0, stderr }),
    (failed: { code: number; stderr: string }) => ({ code: failed.code, stderr: failed.stderr }),
  )
}
