import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client, credentials, type ServiceError } from '@grpc/grpc-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, startApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { addressOf } from '../support/app.ts'
import { createTestDatabase } from '../support/database.ts'
import { silentLog } from '../support/silent-log.ts'
import { asRecord, metadataOf } from '../tenants/support.ts'

/** Every method that the server lists, over both transports, asked by every role: refused exactly where its right is missing. */
const ROOT = 'the-key-of-the-system-administrator-of-the-roles'

const RIGHTS: Readonly<Record<string, readonly string[]>> = {
  nobody: ['open'],
  VIEWER: ['open', 'read'],
  OPERATOR: ['open', 'read', 'run'],
  ADMIN: ['open', 'read', 'run', 'write'],
  system: ['open', 'read', 'run', 'write', 'system'],
}

type Method = { readonly at: string; readonly name: string; readonly permission: string }

const { connection, drop } = await createTestDatabase()
const dataDir = mkdtempSync(path.join(tmpdir(), 'gleaner-roles-'))
const keys = new Map([
  ['nobody', ''],
  ['system', ROOT],
])
let app: App
let base: string
let client: Client
let methods: readonly Method[]

beforeAll(async () => {
  app = await startApp({
    config: readConfig({
      args: ['--data-dir', dataDir, '--http-port', '0', '--grpc-port', '0', '--roles', 'api'],
      env: { DATABASE_URL: addressOf(connection), GLEANER_FIRST_API_KEY: ROOT },
      root: dataDir,
    }),
    log: silentLog,
  })
  base = `http://127.0.0.1:${app.ports?.httpPort}`
  client = new Client(`127.0.0.1:${app.ports?.grpcPort}`, credentials.createInsecure())
  methods = methodsOf(await (await fetch(`${base}/openapi.json`)).json())
  const domain = asRecord(JSON.parse((await post(ROOT, '/gleaner/v1/domain/create', { name: 'Shop' })).text))
  for (const role of ['VIEWER', 'OPERATOR', 'ADMIN']) {
    const body = { domain_id: domain.domain_id, name: role, role }
    const { text } = await post(ROOT, '/gleaner/v1/api-key/create', body)
    keys.set(role, String(asRecord(JSON.parse(text)).api_key))
  }
})
afterAll(async () => {
  client.close()
  await app.stop()
  await drop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function post(key: string, at: string, body: object): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) }
  const answer = await fetch(base + at, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: answer.status, text: await answer.text() }
}

/** The gRPC status of a request without any field. */
function callEmpty(key: string, name: string): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const asIs = (bytes: Buffer) => bytes
  const [, service, method] = /^(.*)\.(\w+)$/.exec(name) ?? []
  const done = (error: ServiceError | null) => resolve(error?.code ?? 0)
  const metadata = metadataOf('authorization', key === '' ? 'none' : `Bearer ${key}`)
  client.makeUnaryRequest(`/${service}/${method}`, asIs, asIs, Buffer.alloc(0), metadata, done)
  return promise
}

function methodsOf(document: unknown): Method[] {
  return Object.entries(asRecord(asRecord(document).paths)).flatMap(([at, item]) => {
    const { post: operation } = asRecord(item)
    if (operation === undefined) return []
    const { operationId, 'x-permission': permission } = asRecord(operation)
    return [{ at, name: String(operationId), permission: String(permission) }]
  })
}

const REFUSALS = { rest: { none: 401, role: 403 }, grpc: { none: 16, role: 7 } }

test.each(Object.keys(RIGHTS))(
  '%s is refused exactly what its right does not cover',
  async (role) => {
    expect(methods.length).toBeGreaterThan(60)
    const key = keys.get(role) ?? ''
    const wrong: string[] = []
    for (const { at, name, permission } of methods) {
      const isAllowed = RIGHTS[role]?.includes(permission) ?? false
      const { status } = await post(key, at, {})
      const code = await callEmpty(key, name)
      const kind = role === 'nobody' ? 'none' : 'role'
      if ((status !== REFUSALS.rest[kind]) !== isAllowed)
        wrong.push(`REST ${name} (${permission}): ${status}`)
      if ((code !== REFUSALS.grpc[kind]) !== isAllowed) wrong.push(`gRPC ${name} (${permission}): ${code}`)
    }
    expect(wrong).toEqual([])
  },
  120_000,
)
