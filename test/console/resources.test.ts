import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { MARKUP } from './attacks.ts'
import { claimStarted, settled, startConsole } from './console-under-test.ts'

const started = await startConsole()
const isMissing = typeof started === 'string'
if (isMissing) console.warn(`SKIPPED: the console cannot be looked at here: ${started}`)
const tried = claimStarted(started)

afterAll(() => (isMissing ? undefined : tried.stop()))

test.skipIf(isMissing)(
  'the inventory of an instant is shown as it was, and of one that is to come it is refused',
  async () => {
    const now = new Date().toISOString()
    const page = await tried.open(`/resources?text=type:server&at=${now}`)

    await page.getByText('1–1 of 1 resource').waitFor()
    await page.getByText(/^As it was at .* history starts at/).waitFor()
    await page.getByRole('button', { name: /^Machine\/Server 1$/ }).waitFor()
    await page.getByRole('region', { name: 'Resources' }).locator('tbody a').click()
    await page.getByText(/^As it was at/).waitFor()
    await page.goBack()
    tried.expectNoComplaints()
    // Nothing is asked before the instant is complete and sent.
    await page.locator('summary', { hasText: 'As of' }).click()
    const before = page.url()
    await page.getByLabel('As of').fill('2999-01-01T00:00')
    expect(page.url()).toBe(before)
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page
      .getByRole('alert')
      .getByText(/ERROR_/)
      .waitFor()
    await page.locator('summary', { hasText: 'As of' }).click()
    await page.getByRole('button', { name: 'Back to now' }).click()
    await page.getByText(/^1 list complete, oldest evidence/).waitFor()
    tried.expectNoComplaints(/400 \(Bad Request\)/)
  },
)

test.skipIf(isMissing)('a text that cannot be read is pointed at', async () => {
  const page = await tried.open('/resources?text=regoin:eu-1')

  await page.getByRole('alert').getByText('did you mean region').waitFor()
  await page.getByRole('alert').getByText('ERROR_SEARCH_SYNTAX').waitFor()
  // The browser itself tells of every answer that is a refusal.
  tried.expectNoComplaints(/400 \(Bad Request\)/)
})

test.skipIf(isMissing)('a list is ordered by its headings, and taken along whole', async () => {
  const page = await tried.open('/resources?text=type:package')
  const names = () => page.getByRole('region', { name: 'Resources' }).locator('tbody a').allTextContents()

  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click()
  await page.locator('th[aria-sort=descending]').waitFor()
  await page.waitForURL(/by=-name/)
  const sort = { keys: [{ key: 'name', desc: true }, { key: 'cloud_service_id' }] }
  const falling = await tried.post<{ results: readonly { name: string }[]; total_count: number }>(
    '/gleaner/v1/search/resources',
    { text: 'type:package', sort, page: { limit: 50 }, only: ['name'] },
  )
  await expect.poll(names, { timeout: 30_000 }).toEqual(falling.results.map(({ name }) => name))

  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export as CSV' }).click()
  const file = await (await saving).path()
  const lines = readFileSync(file, 'utf8').trimEnd().split('\r\n')
  expect(lines[0]).toMatch(/^\uFEFFcloud_service_id,name,provider,/)
  expect(lines).toHaveLength(falling.total_count + 1)
  expect((await saving).suggestedFilename()).toBe('resources-all-complete-lists.csv')
  tried.expectNoComplaints()
})

test.skipIf(isMissing)('an answer to another question is not taken for one to this', async () => {
  const page = await tried.open('/resources?text=type:package')
  await page.getByText(/^1 list complete, oldest evidence/).waitFor()
  const { promise: isSeen, resolve: seen } = Promise.withResolvers<void>()
  await page.route('**/gleaner/v1/search/resources', async (route) => {
    await isSeen
    await route.continue()
  })

  await page.getByRole('searchbox').fill('type:server')
  await page.getByRole('searchbox').press('Enter')
  await page.getByText('Searching …').waitFor()
  await page.locator('[aria-busy=true] table').waitFor()
  expect(await page.getByText(/list complete/).count()).toBe(0)
  expect(await page.getByRole('button', { name: 'Export as CSV' }).isDisabled()).toBe(true)
  seen()
  await page.getByText('1–1 of 1 resource').waitFor()
  await page.getByText(/^1 list complete, oldest evidence/).waitFor()
  expect(await page.getByRole('button', { name: 'Export as CSV' }).isEnabled()).toBe(true)
  tried.expectNoComplaints()
})

test.skipIf(isMissing)('two times are compared, and a value says since when it is what it is', async () => {
  const page = await tried.open('/history')

  await page.getByRole('link', { name: 'Compare two times' }).click()
  await page.getByLabel('From').fill('2020-01-01T00:00')
  await page.getByLabel('Search').fill('type:server')
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('button', { name: '1 created' }).waitFor()
  await page.getByRole('region', { name: 'Differences' }).locator('tbody a').first().click()
  await page.getByText('Show all values').click()
  const value = page.getByRole('row', { name: /architecture .* UTC .*This machine.*job-/ })
  await value.waitFor()
  tried.expectNoComplaints()
})

test.skipIf(isMissing)('a relation leads to the resource that it names, where there is one', async () => {
  const common = { provider: 'acme', cloud_service_group: 'Net', region_code: 'eu-1', account: '1' }
  const create = '/inventory/v1/cloud-service/create'
  await tried.post(create, {
    ...common,
    cloud_service_type: 'Subnet',
    name: 'inner',
    reference: { resource_id: 'subnet-1' },
    data: { size: 1 },
  })
  const relations = [
    { name: 'lies_in', resource_id: 'subnet-1', type: 'subnet' },
    { name: 'uses', resource_id: 'key-gone', type: 'key' },
  ]
  const { cloud_service_id: id } = await tried.post(create, {
    ...common,
    cloud_service_type: 'Host',
    name: 'web',
    reference: { resource_id: 'host-1' },
    data: { relations },
  })
  const page = await tried.open(`/resources/${id}`)

  const section = page.getByRole('region', { name: 'Relations' })
  await section.getByText('key key-gone').waitFor()
  await section.getByRole('link', { name: 'Subnet inner' }).click()
  await page.getByRole('heading', { name: 'inner' }).waitFor()
  tried.expectNoComplaints()
})

test.skipIf(isMissing)('what was collected is text, whatever stands in it', async () => {
  const ids: string[] = []
  const tags = Object.fromEntries(MARKUP.map((text, at) => [`${at} ${text}`, text]))
  for (const [at, text] of MARKUP.entries()) {
    const { cloud_service_id: id } = await tried.post('/inventory/v1/cloud-service/create', {
      provider: 'evil',
      cloud_service_group: at < 3 ? text : 'Net',
      cloud_service_type: at < 3 ? text : 'Host',
      name: text,
      region_code: text,
      account: text,
      instance_type: text,
      ip_addresses: [text],
      reference: { resource_id: `${at}`, external_link: text },
      // The first ones hold everything that the others are.
      ...(at < 3
        ? {
            data: { ...tags, list: MARKUP, relations: MARKUP.map((name) => ({ name, resource_id: name })) },
            tags,
          }
        : { data: { text } }),
    })
    ids.push(String(id))
  }
  await tried.post('/inventory/v1/region/create', { provider: 'evil', region_code: 'r', name: MARKUP[0] })
  const page = await tried.open('/')
  const heard: string[] = []
  page.on('dialog', (dialog) => {
    heard.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(tried.server.url)) heard.push(`request: ${request.url()}`)
  })

  const paths = [
    '/',
    '/resources?text=provider:evil',
    '/history',
    '/coverage',
    ...ids.slice(0, 3).map((id) => `/resources/${id}`),
  ]
  for (const path of paths) {
    await page.goto(`${tried.server.url}${path}`)
    await settled(page)
    for (const folded of await page.getByText('Show all values').all()) await folded.click()
    await settled(page)
    const links: string[] = await page.evaluate(
      "[...document.querySelectorAll('a')].map((link) => link.href)",
    )
    expect(links.filter((link) => !/^https?:/.test(link))).toEqual([])
  }

  await page.goto(`${tried.server.url}/resources?text=provider:evil`)
  await page
    .getByText(MARKUP.at(-3) ?? '', { exact: true })
    .first()
    .waitFor()
  expect(heard).toEqual([])
  tried.expectNoComplaints()
})
