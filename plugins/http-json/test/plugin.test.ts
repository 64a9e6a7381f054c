import { join } from 'node:path'
import { type CollectInput, collectFrom, type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { verifyProblem } from '../../../test/support/verify-problem.ts'
import { type Api, KEY, startApi } from './api.ts'

let api: Api
let plugin: PluginProcess

beforeAll(async () => {
  api = await startApi()
  plugin = await startPlugin(join(import.meta.dirname, '../src/plugin.ts'))
})
beforeEach(() => api.reset())
afterAll(async () => {
  await plugin.stop()
  await api.stop()
})

async function collected({ options, secretData = { token: 't0ken-t0ken' } }: CollectInput) {
  const { error, resources } = await collectFrom(plugin.port, { options: options ?? {}, secretData })
  const services = resources.filter(({ resourceType }) => resourceType === 'inventory.CloudService')
  const failures = resources.filter(({ state }) => state === 5).map(({ message }) => message)
  return { error: error?.details, failures, services: services.map(({ resource }) => resource) }
}

const NAMES = Array.from({ length: 7 }, (_, index) => `server-${index}`)

test.each([
  ['none', '/all', {}],
  ['page', '/pages', { size_param: 'per_page', page_size: 3 }],
  ['page', '/pages', { size_param: 'per_page', page_size: 50 }],
  ['offset', '/offsets', { size_param: 'limit', page_size: 2 }],
  ['cursor', '/cursors', { cursor: '$.meta.next' }],
  ['next_url', '/nexts', {}],
  ['link', '/links', {}],
])('all items are found by %s paging', async (paging, path, more) => {
  const options = { url: `${api.url}${path}`, items: '$.servers', paging, ...more }
  const { error, failures, services } = await collected({ options })
  expect({ error, failures }).toEqual({ error: undefined, failures: [] })
  expect(services.map(({ name }) => name)).toEqual(NAMES)
})

test('id, name, type and region come from their paths, and what is omitted does not show', async () => {
  const { services } = await collected({
    options: {
      url: `${api.url}/all`,
      account: 'acme',
      items: '$.servers',
      name: '$.name',
      type: '$.flavor.name',
      region: '$.zone',
      omit: ['$.seen', '$.disks[?@.scratch == true]'],
    },
  })
  expect(services[0]).toMatchObject({
    account: 'acme',
    reference: { resource_id: 'acme:0' },
    instance_type: 'small',
    region_code: 'eu-1',
    data: { disks: [{ size: 1 }] },
  })
  expect(JSON.stringify(services)).not.toMatch(/seen|scratch/)
})

test.each([
  [{ token: 't0ken-t0ken' }, 'Bearer t0ken-t0ken'],
  [{ username: 'ops', password: 'pa:ss' }, `Basic ${Buffer.from('ops:pa:ss').toString('base64')}`],
  [{ header_name: 'X-Api-Key', header_value: 'k3y' }, 'k3y'],
])('the secret %j is sent', async (secretData, expected) => {
  await collected({ options: { url: `${api.url}/all`, items: '$.servers' }, secretData })
  expect(api.credentials()).toEqual([expected])
})

test('a key in the query opens the list page by page, and shows neither in what is found nor in what goes wrong', async () => {
  const options = { url: `${api.url}/keyed`, items: '$.servers', paging: 'next_url', key_param: 'api_key' }
  const { failures, services } = await collected({ options, secretData: { key: KEY } })
  expect(failures).toEqual([])
  expect(services.map(({ name }) => name)).toEqual(NAMES)
  expect(services[0]).toMatchObject({ data: { key: '(sensitive)', self: '/servers/0?api_key=(sensitive)' } })
  const wrong = 'wrong/with+signs=and "quotes"'
  const refused = await collected({ options, secretData: { key: wrong } })
  expect(refused.failures).toEqual([expect.stringContaining('GET 127.0.0.1')])
  for (const form of [wrong, encodeURIComponent(wrong), 'signs'])
    expect(JSON.stringify([refused, plugin.stderr()])).not.toContain(form)
})

test('refusals for the rate are waited for, and everything is found', async () => {
  const options = { url: `${api.url}/throttled`, items: '$.servers', paging: 'page' }
  const { failures, services } = await collected({ options })
  expect(failures).toEqual([])
  expect(services).toHaveLength(7)
})

test.each([
  ['/all', { items: '$.nothing' }, 'options.items finds nothing'],
  ['/all', { items: '$.servers[*]' }, 'no list'],
  ['/all', { items: '$.servers', id: '$.nothing' }, 'finds nothing in 7 items'],
  ['/all', { items: '$.servers', id: '$.zone' }, 'came again'],
  ['/all', { items: '$.servers', paging: 'page' }, 'came again 7 times'],
  ['/denied', { items: '$.servers' }, 'ERROR_ACCESS_DENIED'],
  [
    '/astray',
    { items: '$.servers', paging: 'next_url' },
    'options.cursor leads to, is at http://127.0.0.1:1, and',
  ],
  ['/all', { items: '$.servers', paging: 'next_url', cursor: '$.servers[0].name' }, 'ERROR_'],
  ['/stuck', { items: '$.servers', paging: 'cursor' }, 'the same token came twice'],
  ['/round', { items: '$.servers', paging: 'next_url' }, 'came again'],
  ['/round-links', { items: '$.servers', paging: 'link' }, 'the same link came twice'],
  ['/never-ends', { items: '$.servers', paging: 'cursor', max_pages: 20 }, 'goes on after 20 pages'],
  ['/pages', { items: '$.servers', paging: 'page', max_pages: 2 }, 'goes on after 2 pages'],
  ['/flood', {}, 'answered with more than 67108864 bytes'],
  ['/html', {}, 'no JSON (text/html)'],
  ['/moved', {}, 'answered 302'],
])('%s with %j is an error of the list, and no end of it', async (path, more, message) => {
  const { failures } = await collected({ options: { url: `${api.url}${path}`, ...more } })
  expect(failures).toEqual([expect.stringContaining(message)])
})

test.each([
  ['/all', { items: '$.nothing' }, 'options.items finds nothing'],
  ['/all', { items: '$.servers', id: '$.nothing' }, 'finds nothing in 7 items'],
  ['/denied', { items: '$.servers' }, 'ERROR_ACCESS_DENIED'],
  ['/breaks', { items: '$.servers', paging: 'page' }, undefined],
])(
  'verify looks at the first page of %s with %j, and says what is missing there',
  async (path, more, message) => {
    const input = { options: { url: `${api.url}${path}`, ...more }, secretData: { token: 't0ken-t0ken' } }
    const problem = await verifyProblem(plugin.port, input)
    if (message === undefined) expect(problem).toBeUndefined()
    else expect(problem).toContain(message)
  },
)

test('a page that fails leaves what was found, and is an error', async () => {
  const options = { url: `${api.url}/breaks`, items: '$.servers', paging: 'page' }
  const { failures, services } = await collected({ options })
  expect(services).toHaveLength(7)
  expect(failures).toEqual([expect.stringContaining('ERROR_ACCESS_DENIED')])
})

test.each([
  ['/all', {}, { key: KEY }, 'secret_data.key and options.key_param go together'],
  ['/all', { key_param: 'api_key' }, {}, 'secret_data.key and options.key_param go together'],
  ['/all?api_key=4711', {}, {}, "options.url must not hold the parameter 'api_key'"],
])(
  'half a key, or one in the address, is refused: %s with %j and %j',
  async (path, more, secretData, message) => {
    const options = { url: `${api.url}${path}`, items: '$.servers', ...more }
    const { error = '', failures } = await collected({ options, secretData })
    expect([error, ...failures].join()).toContain(message)
    expect([error, ...failures].join()).not.toContain('4711')
    expect(await verifyProblem(plugin.port, { options, secretData })).toContain(message)
  },
)

test('everything that is wrong with the options is said at once', async () => {
  const { error } = await collected({ options: { url: 'file:///etc/passwd', id: 'id', items: '$[' } })
  for (const name of ['url', 'id', 'items']) expect(error).toContain(`options.${name} `)
})
