import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAddressGuard, type Resolve } from '../../src/webhooks/index.ts'
import { send } from '../../src/webhooks/send.ts'
import { parseWebhookUrl } from '../../src/webhooks/webhook-url.ts'

const strict = createAddressGuard([])

/** Ways to write addresses that must not be reached, and addresses that cannot be used at all. */
const REFUSED = [
  'https://127.0.0.1/',
  'https://127.1/',
  'https://127.0.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.0.0.1/',
  'https://0x7f.1/',
  'https://017700000001/',
  'https://0177.0.0.1/',
  'https://127.255.255.254:8443/',
  'https://１２７.０.０.１/',
  'https://127。0。0。1/',
  'https://0/',
  'https://0.0.0.0/',
  'https://0.1.2.3/',
  'https://10.0.0.1/',
  'https://10.255.255.255/x',
  'https://012.0.0.1/',
  'https://167772161/',
  'https://100.64.0.1/',
  'https://100.127.255.255/',
  'https://169.254.169.254/latest/meta-data/',
  'https://169.254.170.2/v2/credentials',
  'https://0xa9fea9fe/',
  'https://2852039166/',
  'https://0251.0376.0251.0376/',
  'https://169.254.0.1/',
  'https://172.16.0.1/',
  'https://172.31.255.255/',
  'https://192.0.0.192/',
  'https://192.0.2.1/',
  'https://192.168.0.1/',
  'https://192.168.1/',
  'https://0xc0a80001/',
  'https://198.18.0.1/',
  'https://198.19.255.255/',
  'https://198.51.100.7/',
  'https://203.0.113.7/',
  'https://224.0.0.1/',
  'https://239.255.255.250/',
  'https://240.0.0.1/',
  'https://255.255.255.255/',
  'https://[::]/',
  'https://[::1]/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[::127.0.0.1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[::ffff:169.254.169.254]/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://[::ffff:0:127.0.0.1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[64:ff9b::169.254.169.254]/',
  'https://[64:ff9b:1::1]/',
  'https://[100::1]/',
  'https://[2001::1]/',
  'https://[2001:db8::1]/',
  'https://[2002:7f00:1::]/',
  'https://[2002:a9fe:a9fe::]/',
  'https://[fc00::1]/',
  'https://[fd00:ec2::254]/',
  'https://[fe80::1]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
  'https://[3fff::1]/',
  'https://user@hooks.example/',
  'https://user:word@hooks.example/',
  'https://1.1.1.1@127.0.0.1/',
  'https://127.0.0.1\\@hooks.example/',
  'http://hooks.example/',
  'http://1.1.1.1/',
  'http://127.0.0.1/',
  'ftp://hooks.example/',
  'file:///etc/passwd',
  'gopher://hooks.example/',
  'data:text/plain,x',
  'javascript:alert(1)',
  'unix:/run/docker.sock',
  '//hooks.example/',
  'hooks.example',
  '',
  'https://',
  'https://[fe80::1%25eth0]/',
  `https://hooks.example/${'x'.repeat(2_000)}`,
]

test.each(REFUSED)('%s is refused', (url) => {
  expect(() => parseWebhookUrl(url, strict)).toThrow(/parameter 'url' is invalid/)
})

test.each([
  'https://hooks.example/x?y=z',
  'https://hooks.example:8443/',
  'https://1.1.1.1/',
  'https://[2606:4700:4700::1111]/',
  'https://[::ffff:1.1.1.1]/',
  'https://172.15.255.255/',
  'https://172.32.0.1/',
  'https://100.128.0.1/',
  'https://localhost.example/',
])('%s is taken', (url) => {
  expect(parseWebhookUrl(url, strict).protocol).toBe('https:')
})

test('what the operator names may be reached, without TLS too, and nothing beside it', () => {
  const guard = createAddressGuard(['127.0.0.1', '10.1.2.0/24', 'fd00::/64'])
  for (const url of ['http://127.0.0.1:9/', 'https://10.1.2.255/', 'http://[fd00::7]/'])
    expect(parseWebhookUrl(url, guard).href).toBe(url)
  for (const url of [
    'http://127.0.0.2/',
    'https://10.1.3.0/',
    'https://[fd00:0:0:1::7]/',
    'http://localhost/',
  ])
    expect(() => parseWebhookUrl(url, guard)).toThrow()
})

/** A name server on this machine: answers each question for IPv4 with the next addresses of its list. */
const answers = new Map<string, string[][]>()
const asked: string[] = []
const nameServer = createSocket('udp4', (query, from) => {
  const { name, type } = readQuestion(query)
  if (type === 1) asked.push(name)
  const queue = answers.get(name) ?? []
  const addresses = type === 1 ? ((queue.length > 1 ? queue.shift() : queue[0]) ?? []) : []
  nameServer.send(answer(query, addresses), from.port, from.address)
})

function readQuestion(query: Buffer): { name: string; type: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1) }
}

function answer(query: Buffer, addresses: readonly string[]): Buffer {
  const head = Buffer.from(query)
  head.writeUInt16BE(0x8180, 2)
  head.writeUInt16BE(addresses.length, 6)
  head.writeUInt32BE(0, 8)
  const records = addresses.map((address) =>
    Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
  )
  return Buffer.concat([head, ...records])
}

const received: string[] = []
const receiver = createServer((request, response) => {
  received.push(`${request.headers.host}${request.url}`)
  if (request.url === '/redirect') response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
  else if (request.url === '/flood') {
    response.writeHead(200)
    const pour = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      if (!response.destroyed) response.once('drain', pour)
    }
    pour()
  } else if (request.url !== '/silent') response.end('thanks')
})

let port = 0
let resolve: Resolve

beforeAll(async () => {
  await new Promise<void>((bound) => nameServer.bind(0, '127.0.0.1', bound))
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening))
  const address = receiver.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
  const resolver = new Resolver()
  resolver.setServers([`127.0.0.1:${nameServer.address().port}`])
  resolve = async (name) => (await resolver.resolve4(name)).map((each) => ({ address: each, family: 4 }))
})
afterAll(() => {
  nameServer.close()
  receiver.closeAllConnections()
  receiver.close()
})

function sendTo(name: string, path = '/', timeoutMs = 20_000) {
  const guard = createAddressGuard(['127.0.0.1'])
  const url = new URL(`http://${name}:${port}${path}`)
  return send({ guard, resolve, timeoutMs }, { url, body: '{}', headers: {} })
}

test('the address that was checked is the one that is dialled, whatever the name means a moment later', async () => {
  answers.set('rebinding.test', [['127.0.0.1'], ['10.0.0.1']])
  const before = received.length
  expect(await sendTo('rebinding.test')).toMatchObject({ status: 200, error: '' })
  expect(received.slice(before)).toEqual([`rebinding.test:${port}/`])
  expect(asked.filter((name) => name === 'rebinding.test').length).toBe(1)
  expect(await sendTo('rebinding.test')).toMatchObject({
    status: 0,
    error: expect.stringContaining('10.0.0.1 is this machine'),
  })
})

test('one denied address among good ones is enough to send nothing', async () => {
  answers.set('mixed.test', [['127.0.0.1', '169.254.169.254']])
  const before = received.length
  expect(await sendTo('mixed.test')).toMatchObject({
    status: 0,
    error: expect.stringContaining('169.254.169.254'),
  })
  expect(received.length).toBe(before)
})

test('redirects are not followed', async () => {
  answers.set('good.test', [['127.0.0.1']])
  expect(await sendTo('good.test', '/redirect')).toMatchObject({
    status: 302,
    error: 'answered 302; redirects are not followed',
  })
})

test('an answer without end is cut, and one that does not come is waited for only so long', async () => {
  answers.set('good.test', [['127.0.0.1']])
  expect(await sendTo('good.test', '/flood')).toMatchObject({ status: 200 })
  expect(await sendTo('good.test', '/silent', 50)).toMatchObject({
    status: 0,
    error: 'no answer within 0.05 s',
  })
})

test('a name without an address is told', async () => {
  expect(await sendTo('nobody.test')).toMatchObject({
    status: 0,
    error: expect.stringMatching(/ENODATA|ENOTFOUND/),
  })
})
