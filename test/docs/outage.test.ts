import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { addressOf } from '../support/app.ts'
import { createEmptyDatabase } from '../support/database.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGE = readFileSync(join(ROOT, 'docs/guide/outage.md'), 'utf8')
const run = promisify(execFile)

const database = await createEmptyDatabase()
afterAll(database.drop)

test('the page about an outage is what its example prints now, but for times', async () => {
  const { stdout } = await run(process.execPath, [join(ROOT, 'examples/outage/main.ts')], {
    env: { ...process.env, DATABASE_URL: addressOf(database.connection) },
  })

  expect(withoutTimes(stdout)).toBe(withoutTimes(PAGE))
}, 300_000)

/** Ids and ports the example replaces itself. How wide a column is depends on the times in it. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/just now|\d+ (?:s|min|h) ago/g, 'AGO')
    .replaceAll(/\d+ min \d\d s|\d+(?:\.\d)? (?:ms|s)\b/g, 'TIME')
    .replaceAll(/ {2,}/g, '  ')
}
