import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { post } from '../e2e/server-process.ts'
import { startTestApp, type TestApp } from '../support/app.ts'

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/guide/events.md'), 'utf8')
const DOMAIN = 'domain-000000000001'
const ADDRESSES = [...GUIDE.matchAll(/^curl -N 'http:\/\/127\.0\.0\.1:8080(\S+)'$/gm)].map(
  ([, path = '']) => path,
)
/** The fields of the event that the guide shows. */
const SHOWN = [...(/^data: (.+)$/m.exec(GUIDE)?.[1] ?? '').matchAll(/"(\w+)":/g)].map(([, name = '']) => name)

type SentEvent = { readonly type: string; readonly cursor: string; readonly status: string }

let server: TestApp

beforeAll(async () => {
  server = await startTestApp({
    given: async ({ db }) => {
      await ensureDomain(db, { domainId: DOMAIN, name: 'Listened to', now: new Date() })
    },
  })
  await collectThisMachine()
})
afterAll(() => server.stop())

test('the guide has an address without and one with filters', () => {
  expect(ADDRESSES.map((path) => path.includes('types='))).toEqual([false, true])
  expect(SHOWN).toContain('cursor')
})

test('the first address tells what happened in the form that the guide shows', async () => {
  const blocks = await read(ADDRESSES[0] ?? '')
  const ended = blocks.find(({ event }) => event.type === 'job.ended')
  expect(ended?.event).toMatchObject({ status: 'SUCCESS' })
  expect(Object.keys(ended?.event ?? {})).toEqual(expect.arrayContaining(SHOWN))
  for (const { id, event } of blocks) expect(id).toBe(event.cursor)
  const types = new Set(blocks.map(({ event }) => event.type))
  for (const type of types)
    expect(GUIDE).toContain(type.startsWith('job') ? `\`${type}\`` : `.${type.split('.')[1]}`)
})

test('the second address tells only what its filters let through', async () => {
  const types = new Set((await read(ADDRESSES[1] ?? '')).map(({ event }) => event.type))
  expect(types).toContain('cloud_service.created')
  for (const type of types) expect(type).toMatch(/^(job\..*|cloud_service\.created)$/)
})

test('who comes back with the cursor of an event gets the next one', async () => {
  const path = ADDRESSES[0] ?? ''
  const [first, ...later] = await read(path)
  expect(await read(path, first?.event.cursor)).toEqual(later)
})

async function read(path: string, cursor = '0') {
  const response = await fetch(`${server.url}${path}&until_now=true&cursor=${cursor}`)
  const text = await response.text()
  const blocks = text.split('\n\n').filter((block) => block.includes('data: '))
  return blocks.map((block) => {
    const event: SentEvent = JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '')
    return { id: /^id: (.*)$/m.exec(block)?.[1], event }
  })
}

async function collectThisMachine(): Promise<void> {
  const port = Number(new URL(server.url).port)
  const { collector_id } = await post<{ collector_id: string }>(port, '/inventory/v1/collector/create', {
    domain_id: DOMAIN,
    name: 'This machine',
    plugin_info: { plugin_id: 'plugin-host' },
  })
  const request = { domain_id: DOMAIN, collector_id }
  const { job_id } = await post<{ job_id: string }>(port, '/inventory/v1/collector/collect', request)
  const look = { domain_id: DOMAIN, job_id }
  while (!(await post<{ finished: boolean }>(port, '/gleaner/v1/job-progress/get', look)).finished)
    await pause(50)
}
