import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { addressOf } from '../support/app.ts'
import { createEmptyDatabase } from '../support/database.ts'
import { withoutTimes } from './without-times.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGE = readFileSync(join(ROOT, 'docs/guide/outage.md'), 'utf8')
const run = promisify(execFile)

// A server whose machine is so busy that a limit of its own passes tells another story: then once more from
// the beginning.
test('the page about an outage is what its example prints now, but for times', { retry: 2 }, async () => {
  const database = await createEmptyDatabase()
  const { stdout } = await run(process.execPath, [join(ROOT, 'examples/outage/main.ts')], {
    env: { ...process.env, DATABASE_URL: addressOf(database.connection) },
  }).finally(database.drop)

  expect(withoutTimes(stdout)).toBe(withoutTimes(PAGE))
})
