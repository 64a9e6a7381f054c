import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { attackFrom, startForeignSite } from './attacks.ts'
import { claimStarted, settled, startConsole } from './console-under-test.ts'

const PAGES = [
  '/',
  '/resources?text=type:server',
  '/collectors',
  '/collectors/new?plugin=plugin-host',
  '/secrets',
  '/secrets/new?plugin=plugin-postgresql',
  '/jobs',
  '/coverage',
  '/history',
  '/history/diff?from=2020-01-01T00:00:00.000Z',
  '/plugins',
  '/settings',
  '/jobs/job-0',
]

const started = await startConsole(['--host-resolver-rules=MAP evil.test 127.0.0.1'])
const isMissing = typeof started === 'string'
if (isMissing) console.warn(`SKIPPED: the console cannot be looked at here: ${started}`)
const tried = claimStarted(started)

afterAll(() => (isMissing ? undefined : tried.stop()))

test.skipIf(isMissing)('the first look says what there is, how complete that is, and what ran', async () => {
  const page = await tried.open('/')

  await page.getByText(/^\d+ resources of \d+ kinds$/).waitFor()
  await page.getByRole('link', { name: 'host/Machine/Server' }).waitFor()
  await page
    .locator('.summary')
    .getByText(/^All \d+ lists complete$/)
    .waitFor()
  const job = page.getByRole('listitem').filter({ hasText: /^This machine · .*success$/ })
  await job.waitFor()
  expect(await page.title()).toBe('Overview · Gleaner')
  tried.expectNoComplaints()
})

test.skipIf(isMissing)(
  'by keyboard alone, a search leads to a resource, and that to its history',
  async () => {
    const page = await tried.open('/')
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
    await page.getByText(/^1 list complete, oldest evidence/).waitFor()
    expect(page.url()).toContain('text=type')
    // The headings order the list; behind them is its first resource.
    await page.getByRole('region', { name: 'Resources' }).getByRole('button').last().focus()
    await press('Tab', 'Enter')
    await page.getByRole('region', { name: 'Document' }).getByText('architecture').waitFor()
    const history = page.getByRole('region', { name: 'History' })
    await history.getByText('created').waitFor()
    await history.getByRole('link', { name: /^job-/ }).focus()
    await press('Enter')
    await page.getByText(/^Everything was collected in .* created/).waitFor()
    tried.expectNoComplaints()
  },
)

test.skipIf(isMissing)(
  'a collector is made by what its plugin asks, run, and its job seen to end without looking again',
  async () => {
    const page = await tried.open('/collectors')

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
    await page.getByRole('heading', { name: /^Server alone · / }).waitFor()
    tried.expectNoComplaints()
  },
)

test.skipIf(isMissing)('collectors tell how they last ended, what they hold and when they run', async () => {
  const page = await tried.open('/collectors')

  const row = page.getByRole('row', { name: /^This machine/ })
  await row.filter({ hasText: /success.*no schedule.*\d+.*All \d+ lists complete/ }).waitFor()
  tried.expectNoComplaints()
})

test.skipIf(isMissing)(
  'an inventory whose resources are all gone is not called one that never was',
  async () => {
    const page = await tried.open('/plugins')
    await page.route('**/cloud-service/stat', (route) =>
      route.fulfill({ json: { results: [], total_count: 0 } }),
    )

    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByText('There are no active resources.').waitFor()
    tried.expectNoComplaints()
  },
)

test.skipIf(isMissing)(
  'what the server refuses to tell of collectors is unknown, and no `never`',
  async () => {
    const page = await tried.open('/')
    await page.route(/job\/list|list_schedules|coverage\/list/, (route) =>
      route.fulfill({ status: 403, json: { detail: { code: 'ERROR_PERMISSION_DENIED', message: 'no' } } }),
    )

    await page.getByRole('link', { name: 'Collectors', exact: true }).click()
    const row = page.getByRole('row', { name: /^This machine/ })
    await row.filter({ hasText: /(unknown.*){4}/ }).waitFor()
    expect(await row.getByText('never').count()).toBe(0)
    expect(await page.getByRole('alert').getByText('ERROR_PERMISSION_DENIED').count()).toBe(3)
    tried.expectNoComplaints(/403 \(Forbidden\)/)
  },
)

test.skipIf(isMissing)(
  'on a phone the content comes first, and nothing is wider than the screen',
  async () => {
    const page = await tried.open('/', { viewport: { width: 390, height: 844 } })

    for (const path of PAGES) {
      await page.goto(`${tried.server.url}${path}`)
      await settled(page)
      const widest = await page.evaluate('document.documentElement.scrollWidth')
      expect({ path, widest }).toEqual({ path, widest: 390 })
    }
    await page.goto(`${tried.server.url}/resources?text=type:package`)
    await settled(page)
    const at = async (what: string) => (await page.locator(what).first().boundingBox())?.y ?? 0
    expect(await at('h1')).toBeLessThan(await at('.sidebar-foot'))
    // Kinds are folded away, and each cell of a card says what it is.
    expect(await page.getByRole('button', { name: 'All kinds' }).isVisible()).toBe(false)
    const label = await page.evaluate(
      "getComputedStyle(document.querySelector('td[data-heading=Region]'), '::before').content",
    )
    expect(label).toBe('"Region"')
    await page.getByLabel('Sort by').selectOption('Name ↓')
    await page.waitForURL(/by=-name/)
    tried.expectNoComplaints(/40[04] \(/)
  },
)

test.skipIf(isMissing)(
  'every page can be used by those who do not see it, and read in light and in dark',
  async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    // What looks is a script of its own, which the policy of the pages would refuse.
    const page = await tried.open('/', { bypassCSP: true })
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
    tried.expectNoComplaints(/40[04] \(/)
  },
)

test.skipIf(isMissing)('a name that was rebound to this machine opens no page', async () => {
  const { port } = new URL(tried.server.url)
  const page = await tried.open('/')
  expect((await page.goto(`http://evil.test:${port}/`))?.status()).toBe(421)
  tried.complaints()
})

test.skipIf(isMissing)(
  'pages of other sites and other ports write nothing and read nothing, in whatever way they try',
  async () => {
    const { port } = new URL(tried.server.url)
    const foreign = await startForeignSite()
    const body = { domain_id: 'domain-000000000001', provider: 'evil', region_code: 'evil', name: 'evil' }
    const write = { path: '/inventory/v1/region/create', body: JSON.stringify(body) }
    const read = ['/openapi.json', '/metrics', '/gleaner/v1/events?domain_id=domain-000000000001', '/']
    for (const [from, to] of [
      ['evil.test', '127.0.0.1'],
      ['127.0.0.1', '127.0.0.1'],
      ['localhost', 'localhost'],
      ['evil.test', 'evil.test'],
    ]) {
      const own = `http://${from}:${foreign}`
      const target = `http://${to}:${port}`
      const page = await tried.open('/')
      await page.goto(own)
      const changing: number[] = []
      page.on('response', (response) => {
        const isOurs = response.url().startsWith(target)
        if (isOurs && !['GET', 'OPTIONS'].includes(response.request().method()))
          changing.push(response.status())
      })
      const came: { ways: number; read: string } = await page.evaluate(attackFrom(own, target, write, read))
      expect({ from, to, read: came.read, changed: changing.filter((status) => status < 400) }).toEqual({
        from,
        to,
        read: '',
        changed: [],
      })
      expect(came.ways).toBeGreaterThanOrEqual(40)
      expect(changing.length).toBeGreaterThan(0)
    }
    const found = await tried.post('/inventory/v1/region/list', { provider: 'evil' })
    expect(found).toMatchObject({ total_count: 0 })
    // What was tried is there to be seen where the page comes from the server itself.
    const page = await tried.open('/')
    await page.evaluate(
      `fetch('${write.path}', { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(write.body)} })`,
    )
    expect(await tried.post('/inventory/v1/region/list', { provider: 'evil' })).toMatchObject({
      total_count: 1,
    })
    tried.complaints()
  },
)

test.skipIf(isMissing)(
  'once there is a key, the console asks for one, and a wrong one does not open it',
  async () => {
    const key = await givenFirstKey()
    const page = await tried.open('/jobs')

    await page.getByLabel('API key').fill('gleaner-nobody-has-this-one')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('ERROR_AUTHENTICATE_FAILURE').waitFor()
    await page.getByLabel('API key').fill(key)
    await page.keyboard.press('Enter')
    await page
      .getByRole('row', { name: /This machine · .* success/ })
      .first()
      .waitFor()
    await page.reload()
    await page
      .getByRole('row', { name: /This machine · .* success/ })
      .first()
      .waitFor()
    expect(page.url()).toBe(`${tried.server.url}/jobs`)

    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByLabel('Key name').fill('ci')
    await page.getByRole('button', { name: 'Add a key' }).click()
    await page.getByText('It is shown only once').waitFor()
    await page.getByRole('row', { name: /^ci viewer enabled/ }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('API key').waitFor()
    tried.expectNoComplaints(/401 \(Unauthorized\)/)
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
