import { Client, credentials } from '@grpc/grpc-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../support/app.ts'
import { asRecord } from '../tenants/support.ts'
import { askGrpc, askRest, type Described, describedMethods } from './ask.ts'

/**
 * Every method that the server lists, streams as well, over both transports, asked by every role: refused
 * exactly where its right is missing.
 */
const ROOT = 'the-key-of-the-system-administrator-of-the-roles'

const RIGHTS: Readonly<Record<string, readonly string[]>> = {
  nobody: ['open'],
  VIEWER: ['open', 'read'],
  OPERATOR: ['open', 'read', 'run'],
  ADMIN: ['open', 'read', 'run', 'write'],
  system: ['open', 'read', 'run', 'write', 'system'],
}

const keys = new Map([
  ['nobody', ''],
  ['system', ROOT],
])
let app: TestApp
let client: Client
let methods: readonly Described[]

beforeAll(async () => {
  app = await startTestApp({ args: ['--roles', 'api'], env: { GLEANER_FIRST_API_KEY: ROOT } })
  client = new Client(app.grpcAddress, credentials.createInsecure())
  methods = await describedMethods(app.url)
  const { domain_id } = await must('/gleaner/v1/domain/create', { name: 'Shop' })
  for (const role of ['VIEWER', 'OPERATOR', 'ADMIN']) {
    const { api_key } = await must('/gleaner/v1/api-key/create', { domain_id, name: role, role })
    keys.set(role, String(api_key))
  }
})
afterAll(async () => {
  client.close()
  await app.stop()
})

async function must(at: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${ROOT}` }
  const answer = await fetch(app.url + at, { method: 'POST', headers, body: JSON.stringify(body) })
  return asRecord(await answer.json())
}

const REFUSALS = { rest: { none: 401, role: 403 }, grpc: { none: 16, role: 7 } }

test.each(Object.keys(RIGHTS))('%s is refused exactly what its right does not cover', async (role) => {
  expect(methods.length).toBeGreaterThan(60)
  expect(methods.filter(({ isStream }) => isStream)).not.toEqual([])
  const key = keys.get(role) ?? ''
  const wrong: string[] = []
  for (const method of methods) {
    const { name, permission } = method
    const isAllowed = RIGHTS[role]?.includes(permission) ?? false
    const { status } = await askRest(app.url, key, method, {})
    const { status: code } = await askGrpc(client, key, method, {})
    const kind = role === 'nobody' ? 'none' : 'role'
    if ((status !== REFUSALS.rest[kind]) !== isAllowed) wrong.push(`REST ${name} (${permission}): ${status}`)
    if ((code !== REFUSALS.grpc[kind]) !== isAllowed) wrong.push(`gRPC ${name} (${permission}): ${code}`)
  }
  expect(wrong).toEqual([])
})
