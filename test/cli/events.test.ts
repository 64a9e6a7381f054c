import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { createEventFeed } from '../../src/events/index.ts'
import { findFreePort } from '../../src/plugins/process/find-free-port.ts'
import { createEventService } from '../../src/server/handlers/event.ts'
import { createNotifications } from '../../src/storage/index.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { createTestDatabase } from '../support/database.ts'
import { silentLog } from '../support/silent-log.ts'
import { gleaner } from './gleaner.ts'

const DOMAIN = 'domain-000000000001'
const { db, connection, drop } = await createTestDatabase()
const notifications = createNotifications({ connection, log: silentLog })
const feed = createEventFeed({ db, notifications, log: silentLog })
let api: TestApi

beforeAll(async () => {
  await ensureDomain(db, { domainId: DOMAIN, name: 'Test', now: new Date() })
  // It comes back at the same port, which nobody else must take meanwhile.
  api = await startApi([createEventService({ feed })], { httpPort: await findFreePort() }, db)
})
afterAll(async () => {
  await api.stop()
  feed.close()
  await notifications.close()
  await drop()
})

async function tell(type: string, jobId: string, ids: readonly string[] = []): Promise<void> {
  await db.query(
    'insert into event (domain_id, type, job_id, resource_ids, kind) values ($1, $2, $3, $4, $5)',
    [DOMAIN, type, jobId, [...ids], ids.length > 0 ? 'aws/EC2/Instance' : ''],
  )
}

const url = () => `http://127.0.0.1:${api.httpPort}`

test('what happened is listed oldest first, and ends', async () => {
  await tell('job.created', 'job-1')
  await tell('cloud_service.created', 'job-1', ['cloud-svc-1', 'cloud-svc-2'])
  await tell('job.ended', 'job-1')

  const all = await gleaner(url(), ['events'])
  expect([all.code, all.notices]).toEqual([0, ''])
  expect(all.out.split('\n').map((line) => line.replace(/^\S+ +/, ''))).toEqual([
    'job.created                  job-1',
    'cloud_service.created        cloud-svc-1  aws/EC2/Instance',
    'cloud_service.created        cloud-svc-2  aws/EC2/Instance',
    'job.ended                    job-1',
    '',
  ])
  const some = await gleaner(url(), ['events', '--type', 'job.ended', '--json'])
  expect(JSON.parse(some.out)).toMatchObject({ type: 'job.ended', cursor: '3.0' })
  const later = await gleaner(url(), ['events', '--since', '2.1', '--kind', 'aws'])
  expect(later.out).toContain('cloud-svc-2')
  expect(later.out).not.toContain('cloud-svc-1')
})

test('what the server refuses is told', async () => {
  const { code, notices } = await gleaner(url(), ['events', '--type', 'weather'])
  expect(code).toBe(1)
  expect(notices).toMatch(/ERROR_INVALID_PARAMETER.*'weather' is none of/)
})

test('following survives a restart of the server, and loses nothing', async () => {
  const stop = new AbortController()
  const seen = Promise.withResolvers<void>()
  const awayTold = Promise.withResolvers<void>()
  let out = ''
  const following = gleaner(url(), ['events', '--follow', '--since', '3.0', '--type', 'job'], {
    signal: stop.signal,
    patienceMs: 60_000,
    onNotice: () => awayTold.resolve(),
    onOut(text) {
      out += text
      if (out.includes('job-b')) seen.resolve()
    },
  })
  await tell('job.ended', 'job-a')
  const { httpPort } = api
  await api.stop()
  await awayTold.promise
  await tell('job.ended', 'job-b')
  api = await startApi([createEventService({ feed })], { httpPort }, db)
  await seen.promise
  stop.abort(new Error('interrupted'))
  expect((await following).code).toBe(130)
  expect(out.match(/job-./g)).toEqual(['job-a', 'job-b'])
})
