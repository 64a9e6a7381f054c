import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { createPermits } from '../../sdk/src/calls/reach.ts'
import { SecretData } from '../../src/core/secret-data.ts'
import { createAddressGuard } from '../../src/webhooks/address-guard.ts'
import { failureOf, givenHost, never, recordOf } from './support.ts'

const METADATA = 'http://169.254.169.254/latest'

async function verify(
  name: string,
  input: { options?: object; secret?: object },
  reach: 'private' | 'public',
) {
  const { host } = givenHost([recordOf(name, { image: `builtin:${name}` })], { reach })
  const plugin = await host.connect({ pluginId: `plugin-${name}` }, never)
  const call = { options: { ...input.options }, secretData: new SecretData({ ...input.secret }) }
  return failureOf(plugin.verify(call, never))
}

test.each([
  ['http-json', { options: { url: METADATA } }],
  [
    'aws',
    {
      options: { endpoint: METADATA },
      secret: { aws_access_key_id: 'AKIAIOSFODNN7EXAMPLE', aws_secret_access_key: 'needle' },
    },
  ],
  [
    'azure',
    {
      options: { login_endpoint: METADATA },
      secret: { tenant_id: 't', client_id: 'c', client_secret: 'needle-needle' },
    },
  ],
  [
    'google-cloud',
    {
      secret: {
        type: 'authorized_user',
        project_id: 'shop',
        client_id: 'c',
        client_secret: 'needle-needle',
        refresh_token: 'needle-4711',
        token_uri: METADATA,
      },
    },
  ],
  ['terraform', { options: { url: METADATA } }],
  ['kubernetes', { secret: { server: METADATA, token: 'x' } }],
  ['docker', { options: { engine: 'tcp://169.254.169.254:80' } }],
  ['postgresql', { options: { host: '169.254.169.254' }, secret: { username: 'a', password: 'b' } }],
])('%s never calls a metadata service', async (name, input) => {
  expect((await verify(name, input, 'private')).message).toContain('169.254.169.254, which plugins')
})

test.each([
  ['http-json', { options: { url: 'http://localhost:1/' } }],
  ['terraform', { options: { path: '/etc/hostname' } }],
  ['kubernetes', { secret: { in_cluster: true } }],
  ['docker', {}],
  ['postgresql', { options: { host: '/tmp' }, secret: { username: 'a', password: 'b' } }],
])('%s reaches nothing of the worker on a server for strangers', async (name, input) => {
  expect((await verify(name, input, 'public')).code).toBe('ERROR_REACH')
})

test('what is not public is the same for plugins and for webhooks', () => {
  const [webhooks, plugins] = [createAddressGuard([]), createPermits({ level: 'public', allow: [] })]
  const random = () => Array.from({ length: 4 }, () => randomInt(256)).join('.')
  const edges = [
    '9.255.255.255',
    '10.0.0.0',
    '172.15.255.255',
    '172.31.255.255',
    '100.63.0.1',
    '8.8.8.8',
    '1.1.1.1',
  ]
  const v6 = [
    '::1',
    '2001:4860::8888',
    '2001:db8::1',
    'fc00::1',
    'ff02::1',
    '2002::1',
    '::ffff:8.8.8.8',
    '3fff::1',
  ]
  for (const address of [...edges, ...v6, ...Array.from({ length: 5_000 }, random)])
    if (address !== '168.63.129.16') expect(plugins(address), address).toBe(webhooks.permits(address))
})
