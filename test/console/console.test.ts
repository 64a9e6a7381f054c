import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { claimStarted, settled, startConsole } from './console-under-test.ts'

/** Every time out is the suite's: a busy machine must not make a test fail. */
const PATIENCE_MS = 500_000
const PAGES = [
  '/',
  '/resources?text=type:server',
  '/collectors',
  '/collectors/new?plugin=plugin-host',
  '/jobs',
  '/coverage',
  '/history',
  '/plugins',
  '/jobs/job-0',
]

const started = await startConsole(['--host-resolver-rules=MAP evil.test 127.0.0.1'])
const isMissing = typeof started === 'string'
if (isMissing) console.warn(`SKIPPED: the console cannot be looked at here: ${started}`)
const tried = claimStarted(started)

afterAll(() => (isMissing ? undefined : tried.stop()))

async function open(path: string, options?: Parameters<typeof tried.open>[1]): Promise<Page> {
  const page = await tried.open(path, options)
  onTestFinished(() => page.close())
  page.setDefaultTimeout(PATIENCE_MS)
  return page
}

/** Pages are never sent what they may not run, and break nowhere. */
function expectNoComplaints(but = /^$/) {
  expect(tried.complaints().filter((complaint) => !but.test(complaint))).toEqual([])
}

test.skipIf(isMissing)('the first look says what there is, how complete that is, and what ran', async () => {
  const page = await open('/')

  await page.getByText(/^\d+ resources of \d+ kinds$/).waitFor()
  await page.getByRole('link', { name: 'host/Machine/Server' }).waitFor()
  await page.locator('.summary').getByText('Complete', { exact: true }).waitFor()
  await page.getByRole('row', { name: /This machine success 1 of 1/ }).waitFor()
  expect(await page.title()).toBe('Overview · Gleaner')
  expectNoComplaints()
})

test.skipIf(isMissing)(
  'by keyboard alone, a search leads to a resource, and that to its history',
  async () => {
    const page = await open('/')
    await settled(page)

    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    await press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content')
    await press('Tab', 'Tab', 'Tab', 'Enter')
    await page.getByRole('searchbox').waitFor()
    // The way goes on from the heading of the new page.
    await press('Tab')
    await page.keyboard.type('type:server')
    await press('Enter')
    await page.getByText('1–1 of 1 resource').waitFor()
    await page.getByText(/^Complete: 1 of 1 cell known/).waitFor()
    expect(page.url()).toContain('text=type')
    await page.getByRole('region', { name: 'Resources' }).focus()
    await press('Tab', 'Enter')
    await page.getByRole('region', { name: 'Document' }).getByText('architecture').waitFor()
    const history = page.getByRole('region', { name: 'History' })
    await history.getByText('created').waitFor()
    await history.getByRole('link', { name: /^job-/ }).focus()
    await press('Enter')
    await page.getByText(/^Everything was collected in .* created/).waitFor()
    expectNoComplaints()
  },
)

test.skipIf(isMissing)(
  'the inventory of an instant is shown as it was, and of one that is to come it is refused',
  async () => {
    const now = new Date().toISOString()
    const page = await open(`/resources?text=type:server&at=${now}`)

    await page.getByText('1–1 of 1 resource').waitFor()
    await page.getByText(/^As it was .*the history began/).waitFor()
    await page.getByRole('button', { name: /^Machine\/Server host 1$/ }).waitFor()
    expectNoComplaints()
    await page.getByLabel('As of').fill('2999-01-01T00:00')
    await page
      .getByRole('alert')
      .getByText(/ERROR_/)
      .waitFor()
    await page.getByRole('button', { name: 'Back to now' }).click()
    await page.getByText(/^Complete: 1 of 1 cell known/).waitFor()
    expectNoComplaints(/400 \(Bad Request\)/)
  },
)

test.skipIf(isMissing)('a text that cannot be read is pointed at', async () => {
  const page = await open('/resources?text=regoin:eu-1')

  await page.getByRole('alert').getByText('did you mean region').waitFor()
  await page.getByRole('alert').getByText('ERROR_SEARCH_SYNTAX').waitFor()
  // The browser itself tells of every answer that is a refusal.
  expectNoComplaints(/400 \(Bad Request\)/)
})

test.skipIf(isMissing)(
  'a collector is made by what its plugin asks, run, and its job seen to end without looking again',
  async () => {
    const page = await open('/collectors')

    await page.getByRole('link', { name: 'New collector' }).click()
    await page.getByLabel('Plugin').selectOption('plugin-host')
    await page.getByLabel('Name').fill('Server alone')
    await page.getByRole('group', { name: 'sources' }).getByLabel('server').check()
    await page.getByLabel('source_timeout_seconds').fill('0')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('alert').getByText('The least is 1.').waitFor()
    await page.getByLabel('source_timeout_seconds').fill('60')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name: 'Server alone' }).waitFor()
    await page.getByRole('region', { name: 'Options' }).getByText('server').waitFor()

    await page.getByLabel('When').fill('03:30')
    await page.getByRole('button', { name: 'Add a schedule' }).click()
    await page.getByText('at 03:30').waitFor()

    await page.getByRole('button', { name: 'Run Server alone' }).click()
    await page.getByRole('progressbar').waitFor()
    await page.getByText(/^Everything was collected in .* 1 resource seen/).waitFor()
    expectNoComplaints()
  },
)

test.skipIf(isMissing)(
  'every page can be used by those who do not see it, and read in light and in dark',
  async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    // What looks is a script of its own, which the policy of the pages would refuse.
    const page = await open('/', { bypassCSP: true })
    for (const path of PAGES) {
      await page.goto(`${tried.server.url}${path}`)
      await settled(page)
      await page.evaluate(axe)
      expect({ path, found: await look(page, '{}') }).toEqual({ path, found: [] })
    }
    await page.emulateMedia({ colorScheme: 'dark' })
    for (const path of ['/', '/jobs/job-0', '/resources?text=type:server']) {
      await page.goto(`${tried.server.url}${path}`)
      await settled(page)
      await page.evaluate(axe)
      expect({ path, found: await look(page, "{ runOnly: ['color-contrast'] }") }).toEqual({
        path,
        found: [],
      })
    }
    expectNoComplaints(/40[04] \(/)
  },
)

test.skipIf(isMissing)('pages of other sites reach nothing, by whatever name', async () => {
  const { port } = new URL(tried.server.url)
  const page = await open('/')
  const rebound = await page.goto(`http://evil.test:${port}/`)
  expect(rebound?.status()).toBe(421)

  const statuses: number[] = []
  page.on('response', (response) => statuses.push(response.status()))
  const read = await page.evaluate(`(async () => {
    const tried = []
    const to = (path) => 'http://127.0.0.1:${port}' + path
    const body = JSON.stringify({ domain_id: 'domain-000000000001' })
    for (const type of ['text/plain', 'application/json'])
      for (const mode of ['no-cors', 'cors'])
        tried.push(fetch(to('/inventory/v1/collector/list'), { method: 'POST', mode, body, headers: { 'content-type': type } })
          .then((answer) => answer.text(), () => ''))
    tried.push(fetch(to('/gleaner/v1/events?domain_id=domain-000000000001'), { mode: 'cors' }).then((answer) => answer.text(), () => ''))
    return (await Promise.all(tried)).join('')
  })()`)
  expect(read).toBe('')
  expect(statuses.filter((status) => status < 400)).toEqual([])
  tried.complaints()
})

test.skipIf(isMissing)(
  'once there is a key, the console asks for one, and a wrong one does not open it',
  async () => {
    const key = await givenFirstKey()
    const page = await open('/jobs')

    await page.getByLabel('API key').fill('gleaner-nobody-has-this-one')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('ERROR_AUTHENTICATE_FAILURE').waitFor()
    await page.getByLabel('API key').fill(key)
    await page.keyboard.press('Enter')
    await page
      .getByRole('row', { name: /This machine success/ })
      .first()
      .waitFor()
    await page.reload()
    await page
      .getByRole('row', { name: /This machine success/ })
      .first()
      .waitFor()
    expect(page.url()).toBe(`${tried.server.url}/jobs`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('API key').waitFor()
    expectNoComplaints(/401 \(Unauthorized\)/)
  },
)

/** Closes the server: the last of the tests. */
async function givenFirstKey(): Promise<string> {
  const response = await fetch(`${tried.server.url}/gleaner/v1/api-key/create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'root' }),
  })
  const { api_key: key }: { api_key?: string } = JSON.parse(await response.text())
  return key ?? ''
}

/** What axe finds fault with. */
async function look(page: Page, options: string): Promise<readonly string[]> {
  const found: unknown = await page.evaluate(
    `axe.run(document, ${options}).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ' ' + html)))`,
  )
  return Array.isArray(found) ? found.map(String) : [String(found)]
}
