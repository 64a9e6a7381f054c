import { Client, credentials } from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Authorize } from '../../src/access/index.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { asRecord } from '../tenants/support.ts'
import { askGrpc, askRest, type Described, describedMethods, type Verdict } from './ask.ts'
import { recordStatements } from './statements.ts'

/**
 * Every method that the server describes, streams as well, over both transports: as nobody, in a foreign and
 * in a missing domain. Ids of another domain are the matter of foreign-ids.test.ts.
 */
const ROOT = 'the-key-of-the-system-administrator-of-the-matrix'
const MISSING = 'domain-ffffffffffff'
/** What answers everybody. */
const OPEN_PATHS = ['/core/v1/server-info/get-version']

type Running = {
  readonly app: TestApp
  readonly methods: readonly Described[]
  readonly own: { readonly domainId: string; readonly admin: string; readonly viewer: string }
  readonly foreignId: string
  must(at: string, body: object): Promise<Record<string, unknown>>
  /** Over REST and over gRPC. */
  ask(key: string, method: Described, domainId: string): Promise<readonly [Verdict, Verdict]>
  stop(): Promise<void>
}

async function start(authorize?: Authorize): Promise<Running> {
  const app = await startTestApp({
    args: ['--roles', 'api'],
    env: { GLEANER_FIRST_API_KEY: ROOT },
    ...(authorize && { authorize }),
  })
  const client = new Client(app.grpcAddress, credentials.createInsecure())
  const must: Running['must'] = async (at, body) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${ROOT}` }
    const answer = await fetch(app.url + at, { method: 'POST', headers, body: JSON.stringify(body) })
    if (answer.status !== 200) throw new Error(`${at}: ${await answer.text()}`)
    return asRecord(await answer.json())
  }
  const givenDomain = async (name: string) =>
    String((await must('/gleaner/v1/domain/create', { name })).domain_id)
  const givenKey = async (domain_id: string, role: string) =>
    String((await must('/gleaner/v1/api-key/create', { domain_id, name: 'key', role })).api_key)
  const domainId = await givenDomain('own')
  return {
    app,
    methods: await describedMethods(app.url),
    own: { domainId, admin: await givenKey(domainId, 'ADMIN'), viewer: await givenKey(domainId, 'VIEWER') },
    foreignId: await givenDomain('foreign'),
    must,
    ask: async (key, method, domain_id) => [
      await askRest(app.url, key, method, { domain_id }),
      await askGrpc(client, key, method, { domain_id }),
    ],
    async stop() {
      client.close()
      await app.stop()
    },
  }
}

describe('with both walls', () => {
  let running: Running
  beforeAll(async () => {
    running = await start()
  })
  afterAll(() => running?.stop())

  test('without a key nothing but the open methods answers', async () => {
    const { methods, app } = running
    expect(methods.length).toBeGreaterThan(60)
    for (const method of methods) {
      if (OPEN_PATHS.includes(method.at)) continue
      expect([method.at, (await askRest(app.url, '', method, {})).status]).toEqual([method.at, 401])
    }
  })

  test('a foreign domain and a missing one are refused in the same words, for every role, without asking the database', async () => {
    const { methods, own, foreignId, ask } = running
    const statements = recordStatements()
    for (const method of methods.filter(({ fields }) => fields.includes('domain_id'))) {
      for (const key of [own.admin, own.viewer]) {
        const answers = [
          await ask(key, method, foreignId),
          await ask(key, method, MISSING),
          await ask(key, method, 'system'),
        ]
        expect([method.name, ...answers.flat().map(({ status }) => status)]).toEqual([
          method.name,
          ...[403, 7, 403, 7, 403, 7],
        ])
        expect(new Set(answers.map(([rest]) => rest.text)).size, method.name).toBe(1)
        expect(new Set(answers.map(([, grpc]) => grpc.text)).size, method.name).toBe(1)
      }
    }
    expect(statements.take()).toEqual([])
    statements.stop()
  })
})

describe('with the first wall taken away', () => {
  let running: Running
  beforeAll(async () => {
    running = await start((_principal, access, domainId) => (access.domain === 'none' ? '' : domainId))
  })
  afterAll(() => running?.stop())

  test('no list and no stream tells a key of what a foreign domain holds', async () => {
    const { methods, own, foreignId, must, app } = running
    const name = 'told-to-nobody-else'
    await must('/inventory/v1/region/create', {
      domain_id: foreignId,
      name,
      region_code: name,
      provider: 'aws',
    })
    await must('/identity/v1/project/create', { domain_id: foreignId, name })
    await must('/gleaner/v1/domain/update', { domain_id: foreignId, name })
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${own.admin}` }
    for (const { at, isStream } of methods) {
      const answer = isStream
        ? await fetch(`${app.url}${at}?domain_id=${foreignId}&cursor=0&until_now=true`, { headers })
        : await fetch(app.url + at, {
            method: 'POST',
            headers,
            body: JSON.stringify({ domain_id: foreignId }),
          })
      expect(await answer.text(), at).not.toContain(isStream ? 'region-' : name)
    }
    const still = await must('/inventory/v1/region/list', { domain_id: foreignId })
    expect(JSON.stringify(still)).toContain(name)
  })
})
