import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CollectInput, collectFrom, type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyProblem } from '../../../test/support/verify-problem.ts'

const STATE = join(import.meta.dirname, 'state.json')
/** States of a real program; how they were made stands beside them. */
const REAL = join(import.meta.dirname, 'real')
const LINEAGE = '3f6c9f0e-9c1c-4c53-a2a5-1f5f0b1f2a10'
const BASIC = `Basic ${Buffer.from('ops:s3cret-pass').toString('base64')}`

const asked: (string | undefined)[] = []
const backend = createServer(async ({ headers, url }, answer) => {
  asked.push(`${url} ${headers.authorization ?? ''}`)
  if (url === '/moved') answer.writeHead(302, { location: '/state' }).end()
  else if (headers.authorization !== BASIC) answer.writeHead(401).end()
  else answer.end(await readFile(STATE))
})
let plugin: PluginProcess
let url = ''

beforeAll(async () => {
  await once(backend.listen(0, '127.0.0.1'), 'listening')
  const address = backend.address()
  url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
  plugin = await startPlugin(join(import.meta.dirname, '../src/plugin.ts'))
})
afterAll(async () => {
  await plugin.stop()
  backend.closeAllConnections()
  backend.close()
})

async function collected(input: CollectInput) {
  const { bytes, error, resources } = await collectFrom(plugin.port, input)
  const services = resources.filter(({ resourceType }) => resourceType === 'inventory.CloudService')
  return { bytes, error: error?.details, services: services.map(({ resource }) => resource) }
}

test('managed resources and outputs of a file are found, and data sources are not', async () => {
  const { error, services } = await collected({ options: { path: STATE } })
  expect(error).toBeUndefined()
  expect(services.map(({ name }) => name)).toEqual([
    'module.net["eu.1"].aws_subnet.private["a"]',
    'module.net["eu.1"].aws_subnet.private["b"]',
    'aws_db_instance.main[0]',
    'aws_db_instance.main[0] (deposed 00c0ffee)',
    'endpoint',
    'admin',
    'api_token',
  ])
  expect(services[0]).toMatchObject({ account: LINEAGE, instance_type: 'aws_subnet', tags: { team: 'net' } })
  expect(services[2]).toMatchObject({
    data: { is_tainted: true, provider: 'registry.terraform.io/hashicorp/aws', attributes: { id: 'db-1' } },
  })
})

test('a dependency points at every instance of the resource that it names', async () => {
  const { services } = await collected({ options: { path: STATE } })
  const relations: unknown = Object(services[2]?.data).relations
  expect(relations).toMatchObject(
    ['a', 'b'].map((key) => ({
      name: 'depends_on',
      resource_id: `${LINEAGE}:module.net["eu.1"].aws_subnet.private["${key}"]`,
    })),
  )
})

test('nothing sensitive leaves the plugin, whether marked, named or private', async () => {
  const { bytes, services } = await collected({ options: { path: STATE } })
  expect(bytes.toString('latin1')).not.toMatch(/4711|UFJJVkFURS00NzEx/)
  expect(services[2]).toMatchObject({
    data: {
      attributes: {
        note: '(sensitive)',
        password: '(sensitive)',
        manage_master_user_password: true,
        options: [{ engine: 'a', value: '(sensitive)' }],
        settings: '(sensitive)',
      },
    },
  })
})

test('a state that OpenTofu wrote is found as its configuration has it: moved, replaced, half made, in modules', async () => {
  const { bytes, error, services } = await collected({ options: { path: join(REAL, 'estate.tfstate') } })
  const named = (name: string) => Object(services.find((each) => each.name === name)?.data)
  const subnets = ['eu.1', 'us'].flatMap((net) =>
    ['a', 'b'].map((key) => `module.net["${net}"].terraform_data.subnet["${key}"]`),
  )
  expect(error).toBeUndefined()
  expect(services.map(({ name }) => name)).toEqual([
    'terraform_data.disk[0]',
    'terraform_data.disk[1]',
    'terraform_data.half',
    'terraform_data.login',
    'terraform_data.renamed',
    'terraform_data.server["db \\"1\\""]',
    'terraform_data.server["web"]',
    'terraform_data.swapped',
    expect.stringMatching(/^terraform_data\.swapped \(deposed [0-9a-f]{8}\)$/),
    ...subnets,
    'login',
    'subnets',
  ])
  expect(named('terraform_data.half')).toMatchObject({ is_tainted: true, is_deposed: false })
  const targets: readonly { resource_id: string }[] = named('terraform_data.disk[0]').relations
  expect(targets.map(({ resource_id: id }) => id.slice(id.indexOf(':') + 1))).toEqual([
    ...subnets,
    'terraform_data.server["db \\"1\\""]',
    'terraform_data.server["web"]',
  ])
  // Its input is marked in the state, and its output, which is the same, is not.
  const shown = { value: { note: '(sensitive)', user: 'shop' } }
  expect(named('terraform_data.login')).toMatchObject({ attributes: { input: shown, output: shown } })
  expect(bytes.toString('latin1')).not.toContain('needle')
})

test('the same state comes from an address, with the credential of the secret', async () => {
  const secretData = { username: 'ops', password: 's3cret-pass' }
  const [file, remote] = [
    await collected({ options: { path: STATE } }),
    await collected({ options: { url: `${url}/state` }, secretData }),
  ]
  expect(remote.error).toBeUndefined()
  expect(remote.bytes.equals(file.bytes)).toBe(true)
})

test('a redirect is not followed, because the credential would go with it', async () => {
  asked.length = 0
  const secretData = { username: 'ops', password: 's3cret-pass' }
  const { error } = await collected({ options: { url: `${url}/moved` }, secretData })
  expect(error).toContain('/moved answered 302')
  expect(new Set(asked)).toEqual(new Set([`/moved ${BASIC}`]))
})

test.each([
  [{}, {}, 'either path or url'],
  [{ path: STATE, url: 'https://acme.example' }, {}, 'either path or url'],
  [{ path: '/nowhere/terraform.tfstate' }, {}, 'options.path cannot be read (ENOENT)'],
  [{ url: 'file:///etc/passwd' }, {}, 'options.url must be an address'],
  [{ url: 'https://acme.example' }, { username: 'ops' }, 'username and secret_data.password go together'],
])('%j is refused, by verify too, saying what is missing', async (options, secretData, message) => {
  expect((await collected({ options, secretData })).error).toContain(message)
  expect(await verifyProblem(plugin.port, { options, secretData })).toContain(message)
})

test('nothing of what a real provider calls sensitive is in what is sent', async () => {
  const path = join(REAL, 'random.tfstate')
  const { bytes, error, services } = await collected({ options: { path } })
  const sent = bytes.toString('utf8')
  const { outputs, resources } = JSON.parse(await readFile(path, 'utf8'))
  const [seal, database] = ['random_bytes', 'random_password'].map(
    (wanted) => resources.find(({ type }: { type: string }) => type === wanted).instances[0].attributes,
  )
  const secrets = [seal.hex, seal.base64, database.result, database.bcrypt_hash, outputs.password.value]
  expect(error).toBeUndefined()
  expect(services.map(({ name }) => name)).toContain('random_pet.name["b"]')
  expect(secrets.filter((secret) => secret.length < 16 || sent.includes(secret))).toEqual([])
  expect(sent).toContain('(sensitive)')
})

test('a state that OpenTofu encrypted is refused with what to do', async () => {
  const input = { options: { path: join(REAL, 'encrypted.tfstate') } }
  const message = 'is encrypted by OpenTofu; what `tofu state pull` prints is the same state in the clear'
  expect((await collected(input)).error).toContain(message)
  expect(await verifyProblem(plugin.port, input)).toContain(message)
})

test.each([
  ['{"version":3,"lineage":"l","resources":[]}', 'is of version 3; 4 can be read'],
  ['{"version":4,"lineage":"l"}', 'has no list of resources'],
  ['{"password":"hunter22"', 'is no JSON'],
])('a file with %s fails, and none of it is quoted', async (text, message) => {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-state-'))
  await writeFile(join(folder, 'state'), text)
  const { error, services } = await collected({ options: { path: join(folder, 'state') } })
  await rm(folder, { recursive: true })
  expect(error).toContain(message)
  expect(error).not.toContain('hunter22')
  expect(services).toEqual([])
})
