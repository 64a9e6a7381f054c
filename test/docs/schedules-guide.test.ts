import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import type { Database } from '../../src/storage/index.ts'
import { gleaner } from '../cli/gleaner.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { examplesIn } from './examples.ts'

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/guide/schedules.md'), 'utf8')
const DOMAIN = 'domain-000000000001'
const COLLECTOR = 'collector-0123456789ab'
const OTHER = 'collector-0123456789ac'

let server: TestApp

beforeAll(async () => {
  server = await startTestApp({ args: ['--roles', 'api'], given: ({ db }) => givenShopAccount(db) })
})
afterAll(() => server.stop())

// In the order of the guide: what one example adds, a later one shows.
test.each(examplesIn(GUIDE))('line $line of the guide answers as it says', async (example) => {
  if (example.kind === 'command') {
    const { out, notices } = await gleaner(server.url, example.args)
    expect(timeless(out + notices)).toBe(timeless(example.shown))
    return
  }
  const response = await fetch(server.url + example.path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: example.body,
  })
  const answer = timeless(await response.text())
  expect(JSON.parse(answer)).toMatchObject(JSON.parse(timeless(example.shown)))
})

/** Ids are made anew and the present passes: neither says anything. Far years and times of day do. */
function timeless(text: string): string {
  return text
    .replaceAll(/sched-(?!0{11})[0-9a-f]{12}/g, 'sched-0123456789ab')
    .replaceAll(/20\d\d-\d\d-\d\dT(\d\d:30:00\.000Z)?([\d:.]{12}Z)?/g, 'THEN')
}

async function givenShopAccount(db: Database): Promise<void> {
  await ensureDomain(db, { domainId: DOMAIN, name: 'Shop', now: new Date() })
  await db.query(
    `insert into collector (domain_id, collector_id, name, state, priority, is_public, plugin_id, plugin_version,
                            upgrade_mode, plugin_metadata, created_at)
     select $1, id, name, 'ENABLED', 10, true, 'plugin-shop', '1.0.0', 'AUTO',
            '{"filter_format": [{"key": "region"}], "supported_schedules": ["hours", "interval", "cron"]}', now()
       from (values ($2, 'Shop account'), ($3, 'Archive account')) as c (id, name)`,
    [DOMAIN, COLLECTOR, OTHER],
  )
  await db.query(
    `insert into schedule (domain_id, schedule_id, collector_id, collect_mode, hours, counts_from, next_due_at, created_at)
     values ($1, 'sched-000000000001', $2, 'ALL', '{3}', now(), '2126-03-01T03:00Z', now())`,
    [DOMAIN, OTHER],
  )
}
