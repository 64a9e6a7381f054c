import type { Locator, Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { claimStarted, settled, startConsole } from './console-under-test.ts'

const started = await startConsole()
const isMissing = typeof started === 'string'
if (isMissing) console.warn(`SKIPPED: the console cannot be looked at here: ${started}`)
const tried = claimStarted(started)

afterAll(() => (isMissing ? undefined : tried.stop()))

const KEY = 'never-shown-again-0123456789'

test.skipIf(isMissing)(
  'the first account of a provider takes no command line: secret, service account and collector',
  async () => {
    const page = await tried.open('/collectors/new')
    await page.getByLabel('Plugin').selectOption('plugin-aws')
    await page.getByText('There is no secret for aws yet').waitFor()
    await page.getByRole('link', { name: 'New secret' }).click()

    await page.getByLabel('Name', { exact: false }).first().fill('Production')
    await page.getByLabel('Service account').selectOption('a new one …')
    await page.getByLabel('Account name').fill('Production account')
    await page.getByLabel('Account id').fill('111122223333')
    await page.getByLabel('aws_access_key_id').fill('AKIA0000000000000000')
    const secretKey = page.getByLabel('aws_secret_access_key')
    await expectMasked(secretKey)
    await secretKey.fill(KEY)
    await page.getByRole('button', { name: 'Store secret' }).click()

    // Back at the collector, with the secret chosen; all of the provider would do as well.
    const secrets = page.getByLabel('Secrets')
    await secrets.locator('option:checked', { hasText: 'Production' }).waitFor({ state: 'attached' })
    await secrets.locator('option', { hasText: 'all of provider aws' }).waitFor({ state: 'attached' })
    await page.getByLabel('Name').fill('AWS')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name: 'AWS' }).waitFor()
    await page.getByText(/^secret-[0-9a-f]{12}$/).waitFor()
    await expectNowhere(page, KEY)
    tried.expectNoComplaints()
  },
)

test.skipIf(isMissing)('no secret goes to a plugin that nobody chose it for', async () => {
  await tried.post('/secret/v1/secret/create', { name: 'Somebody’s', data: { token: '1' } })
  const page = await tried.open('/collectors/new?plugin=plugin-kubernetes&secret=secret-000000000000')

  await page
    .getByRole('alert')
    .getByText('secret-000000000000 is no secret that this plugin may use')
    .waitFor()
  const choice = page.getByLabel('Secrets')
  expect(await choice.inputValue()).toBe('')
  await page.getByLabel('Name').first().fill('Cluster')
  await page.getByRole('button', { name: 'Create' }).click()
  expect(await page.locator('select:invalid').count()).toBe(1)
  // Nor where the address names none, and not before it is known which there are.
  const { promise: isAsked, resolve: answer } = Promise.withResolvers<void>()
  await page.route('**/secret/v1/secret/list', async (route) => {
    await isAsked
    await route.continue()
  })
  await page.goto(`${tried.server.url}/collectors/new?plugin=plugin-kubernetes`)
  const create = page.getByRole('button', { name: 'Create' })
  await create.waitFor()
  expect(await create.isDisabled()).toBe(true)
  answer()
  await choice.locator('option', { hasText: 'Somebody’s' }).waitFor({ state: 'attached' })
  expect(await choice.inputValue()).toBe('')
  await expect.poll(() => create.isEnabled()).toBe(true)
  tried.expectNoComplaints()
})

test.skipIf(isMissing)(
  'what is wrong with a field is said with it, and the keyboard goes there',
  async () => {
    const page = await tried.open('/secrets/new?plugin=plugin-postgresql')

    await page.getByLabel('Name', { exact: false }).first().fill('Database')
    await page.getByLabel('username').fill('reader')
    await page.getByRole('button', { name: 'Store secret' }).click()
    await page.locator('[aria-invalid=true]:focus').waitFor()
    const password = page.getByLabel('password')
    const described = (await password.getAttribute('aria-describedby')) ?? ''
    expect(await page.locator(`#${described.split(' ')[0]}`).textContent()).toBe('This is required.')
    // An empty one is a password, too, where somebody says so.
    await page.getByLabel('Store it empty').check()
    await page.getByRole('button', { name: 'Store secret' }).click()
    await page.getByRole('heading', { name: 'Database' }).waitFor()
    tried.expectNoComplaints()
  },
)

test.skipIf(isMissing)('values are replaced without being shown, and leave the form', async () => {
  const { secret_id: id } = await tried.post('/secret/v1/secret/create', { name: 'Old', data: { a: '1' } })
  const page = await tried.open(`/secrets/${id}`)
  await settled(page)

  await page.getByLabel('Plugin').selectOption('plugin-postgresql')
  await page.getByLabel('username').fill('reader')
  await page.getByLabel('password').fill(KEY)
  await page.getByRole('button', { name: 'Replace values' }).click()
  await page.getByText(/^Replaced\./).waitFor()
  expect(await page.getByLabel('password').inputValue()).toBe('')
  expect(await page.getByLabel('username').inputValue()).toBe('')
  await expectNowhere(page, KEY)
  tried.expectNoComplaints()
})

test.skipIf(isMissing)('values that the server refuses are not kept either', async () => {
  const page = await tried.open('/secrets/new')
  await expectMasked(page.getByLabel('Values'))
  const deep = `${'{"a":'.repeat(20)}"${KEY}"${'}'.repeat(20)}`

  await page.getByLabel('Name').fill('Too deep')
  await page.getByLabel('Values').fill(deep)
  await page.getByRole('button', { name: 'Store secret' }).click()
  await page.getByRole('alert').getByText('ERROR_').waitFor()
  await page.getByText('The values were not kept; enter them again.').waitFor()
  expect(await page.getByLabel('Values').inputValue()).toBe('')
  expect(await page.getByLabel('Name').inputValue()).toBe('Too deep')
  await expectNowhere(page, KEY)
  tried.expectNoComplaints(/400 \(Bad Request\)/)
})

test.skipIf(isMissing)('a secret and a service account are deleted once nothing needs them', async () => {
  const { secret_id: id } = await tried.post('/secret/v1/secret/create', { name: 'Spare', data: { a: '1' } })
  const page = await tried.open(`/secrets/${id}`)

  await page.getByRole('button', { name: 'Delete …' }).click()
  await page.getByRole('dialog').getByText('deleted for good').waitFor()
  await page.getByRole('button', { name: 'Delete secret' }).click()
  await page.getByRole('heading', { name: 'Secrets' }).waitFor()
  await settled(page)
  await page.getByRole('link', { name: 'Spare' }).waitFor({ state: 'detached' })

  await page.getByLabel('Account name').fill('Spare account')
  await page.getByLabel('Provider').fill('acme')
  await page.getByLabel('Account id').fill('7')
  await page.getByRole('button', { name: 'Add a service account' }).click()
  const row = page.getByRole('row', { name: /Spare account acme 7/ })
  await row.getByRole('button', { name: 'Delete …' }).click()
  await page.getByRole('button', { name: 'Delete service account' }).click()
  await row.waitFor({ state: 'detached' })
  tried.expectNoComplaints()
})

test.skipIf(isMissing)('a plan that is shown goes away when the options are changed', async () => {
  const { results } = await tried.post<{ results: readonly { collector_id: string }[] }>(
    '/inventory/v1/collector/list',
    { name: 'This machine' },
  )
  const page = await tried.open(`/collectors/${results[0]?.collector_id}`)

  await page.getByRole('button', { name: 'Predict' }).click()
  const plan = page.getByRole('region', { name: 'Plan' }).getByText(/prediction|permission/)
  await plan.first().waitFor()
  await page.getByRole('button', { name: 'Change options' }).click()
  await page.getByRole('group', { name: 'sources' }).getByLabel('server').check()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Predict' }).waitFor()
  expect(await plan.count()).toBe(0)
  tried.expectNoComplaints()
})

test.skipIf(isMissing)(
  'projects and webhooks are made and deleted, and a signing key is shown once',
  async () => {
    const page = await tried.open('/settings')
    await page.getByText('This server is open').waitFor()

    await page.getByLabel('Project name').fill('Shop')
    await page.getByRole('button', { name: 'Add a project' }).click()
    const project = page.getByRole('row', { name: /^Shop project-/ })
    await project.getByRole('button', { name: 'Delete …' }).click()
    await page.getByRole('button', { name: 'Delete project' }).click()
    await project.waitFor({ state: 'detached' })

    await page.getByLabel('Webhook name').fill('Chat')
    await page.getByLabel('Address').fill('https://hooks.example.org/gleaner')
    await page.getByLabel('Events').fill('job.ended')
    // The key is there before the list is, and stays until somebody has it.
    const { promise: isCopied, resolve: copied } = Promise.withResolvers<void>()
    await page.route('**/gleaner/v1/webhook/list', async (route) => {
      await isCopied
      await route.continue()
    })
    const add = page.getByRole('button', { name: 'Add a webhook' })
    await add.click()
    const once = page.getByRole('status').filter({ hasText: 'Copy this key now' })
    const key = (await once.locator('.code').textContent()) ?? ''
    expect(key.length).toBeGreaterThan(20)
    expect(await add.isDisabled()).toBe(true)
    copied()
    await once.getByRole('button', { name: 'Done' }).click()
    expect(await add.isEnabled()).toBe(true)
    await expectNowhere(page, key)
    const webhook = page.getByRole('row', { name: /^Chat https:.* job\.ended enabled 0/ })
    await webhook.getByRole('button', { name: 'Delete …' }).click()
    await page.getByRole('dialog').getByText('Nothing is sent there any more').waitFor()
    await page.getByRole('button', { name: 'Delete webhook' }).click()
    await webhook.waitFor({ state: 'detached' })
    tried.expectNoComplaints()
  },
)

/** Shown as dots, and no field of which a browser offers to keep the text. */
async function expectMasked(field: Locator): Promise<void> {
  const id = JSON.stringify(await field.getAttribute('id'))
  const look = await field.page().evaluate(`(() => {
    const field = document.getElementById(${id})
    return [field.type, field.autocomplete, getComputedStyle(field).getPropertyValue('-webkit-text-security')]
  })()`)
  expect(look).toEqual([expect.stringMatching(/^text/), 'off', 'disc'])
}

/** Where React keeps what it shows: the caches of questions and of calls hang there. */
const CACHES = `(() => {
  const root = document.getElementById('root')
  const waiting = [root[Object.keys(root).find((name) => name.startsWith('__reactContainer'))]]
  for (let fiber = waiting.pop(); fiber; fiber = waiting.pop()) {
    const client = fiber.memoizedProps?.client
    if (client?.getQueryCache)
      return JSON.stringify([client.getQueryCache(), client.getMutationCache()].map((cache) =>
        cache.getAll().map(({ state, queryKey }) => [queryKey, state])))
    waiting.push(...[fiber.sibling, fiber.child].filter(Boolean))
  }
  return ''
})()`

/** Not in the page, its fields or its address, nor in what it keeps or what outlives it. */
async function expectNowhere(page: Page, text: string): Promise<void> {
  const caches = await page.evaluate(CACHES)
  expect(caches).toContain('"status":"success"')
  expect(caches).not.toContain(text)
  const held = await page.evaluate(`[
    document.documentElement.outerHTML,
    ...[...document.querySelectorAll('input,textarea')].map(({ value }) => value),
    location.href, JSON.stringify(localStorage), JSON.stringify(sessionStorage),
  ].join(' ')`)
  expect(held).not.toContain(text)
}
