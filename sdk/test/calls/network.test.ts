import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { createNetwork } from '../../src/calls/network.ts'
import { readReach } from '../../src/calls/reach.ts'

async function givenServer(answer: RequestListener): Promise<URL> {
  const server = createServer(answer)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return new URL(`http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`)
}

const HOME = { level: 'private', allow: [] } as const
const ABROAD = { level: 'public', allow: [] } as const

test.each([
  'http://169.254.169.254/latest/meta-data',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://[::ffff:169.254.169.254]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[fd00:ec2::254]/',
  'http://100.100.100.200/',
])('%s is called at no level', async (url) => {
  for (const reach of [HOME, ABROAD])
    await expect(createNetwork(reach).connect({})(new URL(url))).rejects.toMatchObject({
      code: 'ERROR_REACH',
      retryable: false,
    })
})

test('a name that means this machine is dialled at home and not abroad, and what the operator names is', async () => {
  const url = await givenServer((_, response) => response.end('there'))
  url.hostname = 'localhost'
  // The server listens on one of the addresses that the name may have.
  const read = async (reach: Parameters<typeof createNetwork>[0]) =>
    (await createNetwork(reach).connect({})(url)).text()
  expect(await read(HOME)).toBe('there')
  await expect(read(ABROAD)).rejects.toThrow(/localhost has the address \S+, which plugins .* must not reach/)
  expect(await read({ level: 'public', allow: ['127.0.0.0/8', '::1'] })).toBe('there')
})

test('a redirect leads nowhere that the address itself may not', async () => {
  const url = await givenServer((_, response) =>
    response.writeHead(302, { location: 'http://169.254.169.254/token' }).end(),
  )
  await expect(createNetwork(HOME).connect({})(url)).rejects.toThrow('169.254.169.254')
})

test('other clients get an address that was checked', async () => {
  expect(await createNetwork(HOME).addressOf('127.0.0.1')).toBe('127.0.0.1')
  await expect(createNetwork(ABROAD).addressOf('[::1]')).rejects.toThrow('GLEANER_PLUGIN_ALLOW')
  await expect(createNetwork(HOME).addressOf('nowhere.invalid')).rejects.toMatchObject({ code: 'ENOTFOUND' })
})

test('files and sockets of the worker are out of reach abroad', () => {
  createNetwork(HOME).assertLocal('options.path')
  expect(() => createNetwork(ABROAD).assertLocal('options.path')).toThrow(
    'options.path belongs to the machine',
  )
  expect(() => createNetwork(ABROAD).connect({ socketPath: '/run/x.sock' })).toThrow('the socket /run/x.sock')
})

test('what cannot be understood is the narrower', () => {
  expect(readReach({})).toEqual({ level: 'private', allow: [] })
  expect(readReach({ GLEANER_PLUGIN_REACH: 'Private', GLEANER_PLUGIN_ALLOW: '10.0.0.0/8,::1' })).toEqual({
    level: 'public',
    allow: ['10.0.0.0/8', '::1'],
  })
})
