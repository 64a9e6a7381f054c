import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { addressOf } from '../support/app.ts'
import { createEmptyDatabase } from '../support/database.ts'
import { prepareMoto } from '../support/moto.ts'
import { withoutTimes } from './without-times.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Everything below the heading of the example is what it printed. */
const PAGE = readFileSync(join(ROOT, 'docs/plugins/aws.md'), 'utf8')
const run = promisify(execFile)

const python = prepareMoto()
if ('missing' in python) console.warn(`SKIPPED: moto cannot be run here: ${python.missing}`)

test.skipIf('missing' in python)(
  'what the page of AWS shows is what its example prints now, but for times',
  // As for the page about an outage.
  { retry: 2 },
  async () => {
    const database = await createEmptyDatabase()
    const { stdout } = await run(process.execPath, [join(ROOT, 'examples/aws-moto/main.ts')], {
      env: { ...process.env, DATABASE_URL: addressOf(database.connection) },
    }).finally(database.drop)
    const [, below = ''] = PAGE.split('## An example\n\n')
    const [shown = ''] = below.split('\n\n<!--')
    expect(withoutTimes(stdout.trim().replaceAll(/^## /gm, '### '))).toBe(withoutTimes(shown))
  },
)
