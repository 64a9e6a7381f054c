import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Authorize } from '../../src/access/index.ts'
import { type App, startApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { addressOf } from '../support/app.ts'
import { createTestDatabase } from '../support/database.ts'
import { silentLog } from '../support/silent-log.ts'
import { asRecord } from '../tenants/support.ts'

/**
 * Every method of every service that the server lists in its own description, so that new ones are tried without being
 * named here: as nobody, in a foreign and in a missing domain, and with ids of another domain.
 */
const ROOT = 'the-key-of-the-system-administrator-of-the-matrix'
const MISSING = 'domain-ffffffffffff'
/** Stands in everything that the foreign domain holds. */
const MARK = 'foreign-mark'
/** What answers everybody. */
const OPEN_PATHS = ['/core/v1/server-info/get-version']

type Method = { readonly path: string; readonly fields: readonly string[] }
type Answer = { readonly status: number; readonly text: string }

type Running = {
  readonly methods: readonly Method[]
  readonly own: { readonly domainId: string; readonly key: string; readonly viewer: string }
  readonly foreign: { readonly domainId: string; readonly ids: Readonly<Record<string, string>> }
  ask(key: string, path: string, body: object): Promise<Answer>
  stop(): Promise<void>
}

async function start(authorize?: Authorize): Promise<Running> {
  const { connection, drop } = await createTestDatabase()
  const dataDir = mkdtempSync(path.join(tmpdir(), 'gleaner-matrix-'))
  const app: App = await startApp({
    config: readConfig({
      args: ['--data-dir', dataDir, '--http-port', '0', '--grpc-port', '0', '--roles', 'api'],
      env: { DATABASE_URL: addressOf(connection), GLEANER_FIRST_API_KEY: ROOT },
      root: dataDir,
    }),
    log: silentLog,
    ...(authorize && { authorize }),
  })
  const base = `http://127.0.0.1:${app.ports?.httpPort}`
  const ask: Running['ask'] = async (key, at, body) => {
    const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) }
    const response = await fetch(base + at, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: response.status, text: await response.text() }
  }
  const must = async (at: string, body: object) => {
    const { status, text } = await ask(ROOT, at, body)
    if (status !== 200) throw new Error(`${at}: ${text}`)
    return asRecord(JSON.parse(text))
  }
  const givenDomain = async (name: string) =>
    String((await must('/gleaner/v1/domain/create', { name })).domain_id)
  const givenKey = async (domainId: string, role: string) =>
    String((await must('/gleaner/v1/api-key/create', { domain_id: domainId, name: 'key', role })).api_key)
  const [ownId, foreignId] = [await givenDomain('own'), await givenDomain(MARK)]
  return {
    methods: methodsOf(await (await fetch(`${base}/openapi.json`)).json()),
    own: { domainId: ownId, key: await givenKey(ownId, 'ADMIN'), viewer: await givenKey(ownId, 'VIEWER') },
    foreign: { domainId: foreignId, ids: await fill(must, foreignId) },
    ask,
    async stop() {
      await app.stop()
      await drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Something of each noun that can be made without a plugin; its ids by the field that names them. */
async function fill(
  must: (at: string, body: object) => Promise<Record<string, unknown>>,
  domainId: string,
): Promise<Record<string, string>> {
  const provider = 'aws'
  const made = [
    await must('/inventory/v1/region/create', {
      domain_id: domainId,
      name: MARK,
      region_code: MARK,
      provider,
    }),
    await must('/inventory/v1/cloud-service/create', {
      domain_id: domainId,
      name: MARK,
      provider,
      cloud_service_group: 'EC2',
      cloud_service_type: 'Instance',
      data: { mark: MARK },
    }),
    await must('/inventory/v1/cloud-service-type/create', {
      domain_id: domainId,
      name: MARK,
      provider,
      group: MARK,
    }),
    await must('/identity/v1/project/create', { domain_id: domainId, name: MARK }),
  ]
  const ids = made.flatMap((each) =>
    Object.entries(each).filter(
      ([name, value]) => name.endsWith('_id') && name !== 'domain_id' && value !== '',
    ),
  )
  return Object.fromEntries(ids.map(([name, value]) => [name, String(value)]))
}

function methodsOf(document: unknown): Method[] {
  const { paths, components } = asRecord(document)
  const schemas = asRecord(asRecord(components).schemas)
  return Object.entries(asRecord(paths)).flatMap(([at, item]) => {
    const { post } = asRecord(item)
    if (post === undefined) return []
    const reference = /#\/components\/schemas\/([^"]+)/.exec(
      JSON.stringify(asRecord(post).requestBody) ?? '',
    )?.[1]
    const properties = asRecord(reference === undefined ? {} : schemas[reference]).properties
    return [{ path: at, fields: Object.keys(asRecord(properties ?? {})) }]
  })
}

describe('with both walls', () => {
  let running: Running
  beforeAll(async () => {
    running = await start()
  })
  afterAll(() => running?.stop())

  test('without a key nothing but the open methods answers', async () => {
    const { methods, ask } = running
    expect(methods.length).toBeGreaterThan(60)
    for (const { path: at } of methods) {
      if (OPEN_PATHS.includes(at)) continue
      expect([at, (await ask('', at, {})).status]).toEqual([at, 401])
    }
  })

  test('a foreign domain and a missing one are refused in the same words, for every role', async () => {
    const { methods, own, foreign, ask } = running
    for (const { path: at, fields } of methods.filter((each) => each.fields.includes('domain_id'))) {
      for (const key of [own.key, own.viewer]) {
        const answers = await Promise.all(
          [foreign.domainId, MISSING, 'system'].map((domainId) => ask(key, at, { domain_id: domainId })),
        )
        expect([at, fields.length > 0, answers.map(({ status }) => status)]).toEqual([
          at,
          true,
          [403, 403, 403],
        ])
        expect(new Set(answers.map(({ text }) => text)).size, at).toBe(1)
      }
    }
  })
})

describe('with the first wall taken away', () => {
  let running: Running
  beforeAll(async () => {
    running = await start((_principal, access, domainId) => (access.domain === 'none' ? '' : domainId))
  })
  afterAll(() => running?.stop())

  test('row-level security alone gives no row of a foreign domain, and lets none be changed', async () => {
    const { methods, own, foreign, ask } = running
    for (const { path: at, fields } of methods) {
      const ids = Object.fromEntries(Object.entries(foreign.ids).filter(([name]) => fields.includes(name)))
      for (const body of [{ domain_id: foreign.domainId }, { domain_id: foreign.domainId, ...ids }, ids]) {
        expect((await ask(own.key, at, body)).text, at).not.toContain(MARK)
      }
    }
    const still = await ask(ROOT, '/inventory/v1/region/list', { domain_id: foreign.domainId })
    expect(still.text).toContain(foreign.ids.region_id)
  })
})
