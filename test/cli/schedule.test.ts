import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { gleaner as runAt } from './gleaner.ts'

const DOMAIN = 'domain-000000000001'
let server: TestApp

beforeAll(async () => {
  server = await startTestApp({
    given: async ({ db }) =>
      void (await ensureDomain(db, { domainId: DOMAIN, name: 'Test', now: new Date() })),
  })
  const body = {
    domain_id: DOMAIN,
    name: 'This machine',
    plugin_info: { plugin_id: 'plugin-host', options: { sources: ['server'] } },
  }
  const answer = await fetch(`${server.url}/inventory/v1/collector/create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(answer.status).toBe(200)
})
afterAll(() => server.stop())

const gleaner = (...args: readonly string[]) =>
  runAt(server.url, ['schedules', ...args], { patienceMs: 30_000 })

test('a schedule is added, listed, and told when it runs next', async () => {
  const added = await gleaner(
    'add',
    'This machine',
    '--hours',
    '3,15',
    '--minutes',
    '30',
    '--time-zone',
    'Asia/Kolkata',
    '--name',
    'Twice a day',
  )
  expect(added).toMatchObject({ code: 0, out: expect.stringMatching(/^sched-[0-9a-f]{12}\n$/) })
  const id = added.out.trim()
  const list = await gleaner('list', 'This machine')
  expect(list.out).toMatch(
    new RegExp(`${id} +This machine +Twice a day +hours 3, 15; minutes 30 +Asia/Kolkata +ALL +- +20.*Z`),
  )
  expect(list.out).toContain('1 schedule.')
  const next = await gleaner('next', 'This machine', '-n', '4')
  expect(next.out.match(/T(22:00|10:00):00\.000Z/g)).toHaveLength(4)
  const { [id]: runs } = JSON.parse((await gleaner('next', 'This machine', '--json')).out)
  expect(runs.next_runs).toHaveLength(5)
})

test('schedules of all collectors are listed, and one is deleted', async () => {
  const id = (await gleaner('add', 'This machine', '--every', '600')).out.trim()
  expect((await gleaner()).out).toMatch(new RegExp(`${id} +This machine +.*every 600 s`))
  const { results, total_count } = JSON.parse((await gleaner('--json')).out)
  expect(results).toHaveLength(total_count)
  expect(results).toContainEqual(expect.objectContaining({ schedule_id: id }))
  expect(await gleaner('delete', 'This machine', id)).toMatchObject({ code: 0, out: `Deleted ${id}.\n` })
  expect((await gleaner()).out).not.toContain(id)
  expect(await gleaner('delete', 'This machine', id)).toMatchObject({ code: 1 })
})

test('a schedule whose zone the server does not know is not left behind', async () => {
  const before = JSON.parse((await gleaner('list', 'This machine', '--json')).out).total_count
  const refused = await gleaner('add', 'This machine', '--hours', '3', '--time-zone', 'Mars/Olympus')
  expect(refused).toMatchObject({ code: 1, out: '', notices: expect.stringContaining('Mars/Olympus') })
  expect(JSON.parse((await gleaner('list', 'This machine', '--json')).out).total_count).toBe(before)
})

const added = async (...args: readonly string[]) => (await gleaner('add', 'This machine', ...args)).out.trim()
const update = (...args: readonly string[]) => gleaner('update', 'This machine', ...args)
const listed = async () => (await gleaner('list', 'This machine')).out

test('a schedule is changed, and keeps what was not named', async () => {
  const id = await added('--hours', '3', '--time-zone', 'Asia/Kolkata', '--name', 'Nightly')
  const changed = { code: 0, out: `Changed ${id}.\n`, notices: '' }
  expect(await update(id, '--hours', '4', '--mode', 'create')).toEqual(changed)
  expect(await listed()).toMatch(new RegExp(`${id} +This machine +Nightly +hours 4 +Asia/Kolkata +CREATE`))
  expect(await update(id, '--time-zone', 'Europe/Berlin')).toEqual(changed)
  expect(await update(id, '--hours', '5', '--time-zone', 'Europe/Paris')).toEqual(changed)
  expect(await listed()).toMatch(new RegExp(`${id} .*hours 5 +Europe/Paris`))
})

test('a plan or a time zone that cannot be used changes no other than what is said', async () => {
  const id = await added('--hours', '4', '--time-zone', 'Europe/Berlin')
  // The new plan is refused: the zone stays as well.
  expect(await update(id, '--time-zone', 'Asia/Tokyo', '--hours', '99')).toMatchObject({ code: 1 })
  expect(await listed()).toMatch(new RegExp(`${id} .*hours 4 +Europe/Berlin`))
  // Only the zone is refused: the new plan stays, and that is said.
  expect(await update(id, '--hours', '5', '--time-zone', 'Mars/Olympus')).toMatchObject({
    code: 1,
    notices: expect.stringContaining(`Changed ${id}, but not its time zone.`),
  })
  expect(await listed()).toMatch(new RegExp(`${id} .*hours 5 +Europe/Berlin`))
})

test('a schedule of seconds gets no time zone, until it gets times', async () => {
  const id = await added('--every', '600')
  const zone = ['--time-zone', 'Asia/Tokyo']
  expect(await update(id, '--name', 'Often', ...zone)).toMatchObject({
    code: 2,
    notices: expect.stringContaining('counts seconds'),
  })
  expect(await listed()).toMatch(new RegExp(`${id} +This machine +every 600 s +UTC`))
  expect(await update(id, '--hours', '4', ...zone)).toMatchObject({ code: 0 })
  expect(await listed()).toMatch(new RegExp(`${id} .*hours 4 +Asia/Tokyo`))
})

test.each([
  [['--every', '0'], 2],
  [['--hours', 'three'], 2],
  [['--every', '60', '--time-zone', 'Europe/Berlin'], 2],
  [['--hours', '24'], 1],
  [[], 1],
])('add %j ends with %i', async (args, code) => {
  expect((await gleaner('add', 'This machine', ...args)).code).toBe(code)
})

test('an interval of a second collects by itself, in a server with all roles', async () => {
  await gleaner('add', 'This machine', '--every', '1')
  const jobs = async () =>
    JSON.parse((await runAt(server.url, ['jobs', '--json'], { patienceMs: 30_000 })).out)
  await expect.poll(async () => (await jobs()).total_count).toBeGreaterThan(1)
  await expect.poll(async () => JSON.stringify(await jobs())).toContain('"SUCCESS"')
})
