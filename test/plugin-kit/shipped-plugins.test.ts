import { once } from 'node:events'
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SECRET } from '../../plugins/aws/test/support.ts'
import { CREDENTIAL, startAzure } from '../../plugins/azure/test/azure.ts'
import { PROD, RESOURCES } from '../../plugins/azure/test/estate.ts'
import { startEngine } from '../../plugins/docker/test/engine.ts'
import { ASSETS, PROJECTS } from '../../plugins/google-cloud/test/estate.ts'
import { startInventory } from '../../plugins/google-cloud/test/inventory.ts'
import { startCluster, TOKEN } from '../../plugins/kubernetes/test/cluster.ts'
import { OBJECTS } from '../../plugins/kubernetes/test/objects.ts'
import { checkPlugin, isConformant } from '../../src/plugin-kit/index.ts'
import { builtinPlugins } from '../../src/plugins/index.ts'
import { prepareMoto, startMoto } from '../support/moto.ts'
import { READER, startOwnPostgres } from '../support/own-postgres.ts'

const { signal } = new AbortController()
const STATE = join(import.meta.dirname, '../../plugins/terraform/test/state.json')

const api = createServer((_, answer) => answer.end('[{"id":1,"name":"one"},{"id":2,"name":"two"}]'))
let url = ''
let folder = ''

beforeAll(async () => {
  await once(api.listen(0, '127.0.0.1'), 'listening')
  const address = api.address()
  url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
  folder = mkdtempSync(join(tmpdir(), 'gleaner-state-'))
  // Plugins run as a user who is let into neither the clone nor the folder of the test.
  chmodSync(folder, 0o755)
  copyFileSync(STATE, join(folder, 'terraform.tfstate'))
  chmodSync(join(folder, 'terraform.tfstate'), 0o644)
})
afterAll(() => {
  api.closeAllConnections()
  api.close()
  rmSync(folder, { recursive: true })
})

const postgres = await startOwnPostgres()
afterAll(postgres.stop)

const cluster = await startCluster(OBJECTS)
afterAll(cluster.stop)

const azure = await startAzure([PROD], RESOURCES)
afterAll(azure.stop)

const google = await startInventory(PROJECTS, ASSETS)
afterAll(google.stop)

const engine = await startEngine()
afterAll(engine.stop)

const python = prepareMoto()
if ('missing' in python) console.warn(`SKIPPED: aws is not checked: ${python.missing}`)
const moto = 'missing' in python ? undefined : await startMoto(python.python)
afterAll(() => moto?.stop())

const INPUTS: Readonly<Record<string, () => Partial<Parameters<typeof checkPlugin>[0]>>> = {
  aws: () => ({
    options: { endpoint: moto?.url ?? '', services: ['ec2'], regions: ['eu-central-1'] },
    secretData: SECRET,
  }),
  azure: () => ({
    options: { management_endpoint: azure.url, login_endpoint: azure.url },
    secretData: CREDENTIAL,
  }),
  docker: () => ({ options: { engine: engine.address } }),
  'google-cloud': () => ({ options: { endpoint: google.url }, secretData: google.key }),
  'http-json': () => ({ options: { url }, secretData: { token: 'needle-4711-needle' } }),
  kubernetes: () => ({ secretData: { server: cluster.server, token: TOKEN } }),
  postgresql: () => ({
    options: postgres.options,
    secretData: READER,
    // The embedded server listens on a socket in a folder of its own.
    settings: { dropPrivileges: false },
  }),
  terraform: () => ({ options: { path: join(folder, 'terraform.tfstate') } }),
}

test.each(Object.entries(INPUTS).filter(([name]) => name !== 'aws' || moto !== undefined))(
  '%s is green',
  // It is judged by the clock as well, and the machine may be busy.
  { retry: 2 },
  async (name, input) => {
    const report = await checkPlugin({
      image: `builtin:${name}`,
      signal,
      memoryLoad: { messages: 0 },
      ...input(),
    })
    const bad = report.findings.filter(({ verdict }) => verdict === 'failed' || verdict === 'warning')
    expect(bad).toEqual([])
    expect(report.findings.length).toBeGreaterThan(9)
    expect(isConformant(report)).toBe(true)
  },
)

test('every plugin that comes with the server is checked', () => {
  const checkedElsewhere = ['builtin:host']
  const images = builtinPlugins().map(({ image }) => image)
  expect([...Object.keys(INPUTS).map((name) => `builtin:${name}`), ...checkedElsewhere].toSorted()).toEqual(
    images.toSorted(),
  )
})
